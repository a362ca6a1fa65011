import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable, pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';

import { type Job, type JobContext, jobBody, newJob, runJob } from './aqua-job.ts';
import { AquaRefusal, readJob } from './aqua-request.ts';
import { type Changes } from './changes.ts';
import { CATEGORY, type Reply, aquaError, json, v1Error } from './replies.ts';
import { type Scope } from './tenant.ts';

export interface Aqua {
  submit(body: unknown, scope: Scope): Reply;
  status(id: string): Reply;
  cancel(id: string): Reply;
  /** `call` is `METHOD path`, for faults. */
  file(id: string, call: string): Promise<Reply>;
  /** Ends all jobs and waits until none writes any more. */
  stop(): Promise<void>;
}

const OPEN_JOBS = 50;

/** AQuA, stateless (wire.md 2.2): jobs, their states and their files. */
export function createAqua(context: JobContext, changes: Changes): Aqua {
  const jobs = new Map<string, Job>();
  const runs = new Set<Promise<void>>();
  const isOpen = ({ state }: Job): boolean => state === 'submitted' || state === 'executing';

  return {
    submit(body, scope) {
      try {
        const { job: submitted, plans } = readJob(context.tenant, body);
        if ([...jobs.values()].filter(isOpen).length >= OPEN_JOBS) {
          throw new AquaRefusal(
            '90028',
            `There are already ${OPEN_JOBS} jobs in submitted or executing state.`,
          );
        }
        const job = newJob(submitted, plans, scope);
        jobs.set(job.id, job);
        const run = runJob(job, changes.freeze(), context).finally(() => runs.delete(run));
        runs.add(run);
        return json(jobBody(job));
      } catch (error) {
        if (error instanceof AquaRefusal) return aquaError(error.code, error.message);
        throw error;
      }
    },
    status(id) {
      const job = jobs.get(id);
      return job === undefined ? aquaError('90002', 'Invalid Job Id.') : json(jobBody(job));
    },
    cancel(id) {
      const job = jobs.get(id);
      if (job === undefined || !isOpen(job))
        return aquaError('90003', 'Invalid Job Id for job cancellation.');
      job.state = 'cancelled';
      return json(jobBody(job));
    },
    file: (id, call) => fileReply(context, id, call),
    async stop() {
      for (const job of jobs.values()) if (isOpen(job)) job.state = 'cancelled';
      await Promise.all(runs);
    },
  };
}

async function fileReply({ files, faults }: JobContext, id: string, call: string): Promise<Reply> {
  const file = files.get(id);
  if (file === undefined || faults.strikes('gone', file.object, call)) {
    return v1Error(404, CATEGORY.notFound, 'The file was not found: results are kept for 72 hours.');
  }
  const { size } = await stat(file.path);
  const cut = faults.strikes('truncate', file.object, call);
  const content = createReadStream(file.path, cut ? { end: Math.max(0, Math.floor(size / 2) - 1) } : {});
  if (!file.gzip) {
    const headers = { 'content-type': 'text/csv;charset=utf-8' };
    return {
      status: 200,
      headers: cut ? headers : { ...headers, 'content-length': String(size) },
      body: content,
    };
  }
  // Errors of the pipe end the packed stream, and with it the answer.
  const packed = pipeline(content, createGzip({ level: 1 }), () => {});
  return { status: 200, headers: { 'content-type': 'application/gzip' }, body: Readable.from(packed) };
}
