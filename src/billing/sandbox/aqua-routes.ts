import { type AcceptOptions, acceptJob } from './aqua-accept.ts';
import { jobReply, refusedJob } from './aqua-body.ts';
import { type Job, type JobContext } from './aqua-job.ts';
import { AquaRefusal } from './aqua-request.ts';
import { runJob } from './aqua-run.ts';
import { createSessions } from './aqua-sessions.ts';
import { type Changes } from './changes.ts';
import { CATEGORY, type Reply, aquaError, v1Error } from './replies.ts';
import { resultReply } from './result-file.ts';
import { type Scope } from './tenant.ts';
import { startWork } from './workshop.ts';

/** AQuA's calls, each for one entity: jobs and files of another one are not there. */
export interface Aqua {
  submit(body: unknown, scope: Scope): Reply;
  status(id: string, scope: Scope): Reply;
  /** The last completed job of a partner and project. */
  last(partner: string, project: string, scope: Scope): Reply;
  cancel(id: string, scope: Scope): Reply;
  /** `call` is `METHOD path`, for faults. */
  file(id: string, call: string, scope: Scope): Promise<Reply>;
  /** Ends all jobs; those that write still do until they notice. */
  stop(): void;
}

/** AQuA (wire.md 2.2): jobs of both modes, their states and their files. */
export function createAqua(options: AcceptOptions, changes: Changes): Aqua {
  const jobs = new Map<string, Job>();
  const sessions = createSessions(changes);
  const found = (id: string, { entity }: Scope): Job | undefined => {
    const job = jobs.get(id);
    return job?.scope.entity === entity ? job : undefined;
  };

  return {
    submit(body, scope) {
      try {
        const open = [...jobs.values()].filter(isOpen);
        const job = acceptJob(body, scope, options, sessions, open);
        jobs.set(job.id, job);
        const run = (): Promise<void> => runJob(job, changes, sessions, options);
        const { target } = job;
        startWork(options, () => (target === null ? run() : sessions.queue(scope, target, run)));
        changes.countJob();
        return jobReply(job);
      } catch (error) {
        if (error instanceof AquaRefusal) return refusedJob(error);
        throw error;
      }
    },
    status(id, scope) {
      const job = found(id, scope);
      return job === undefined ? aquaError('90002', 'Invalid Job Id.') : jobReply(job);
    },
    last(partner, project, scope) {
      const job = sessions.last(scope, { partner, project });
      return job === undefined ? aquaError('90002', 'Invalid Job Id.') : jobReply(job);
    },
    cancel(id, scope) {
      const job = found(id, scope);
      if (job === undefined || !isOpen(job))
        return aquaError('90003', 'Invalid Job Id for job cancellation.');
      job.state = 'cancelled';
      return jobReply(job);
    },
    file: (id, call, scope) => fileReply(options, id, call, scope),
    stop() {
      for (const job of jobs.values()) if (isOpen(job)) job.state = 'cancelled';
    },
  };
}

function isOpen({ state }: Job): boolean {
  return state === 'submitted' || state === 'executing';
}

async function fileReply(
  { files, faults }: JobContext,
  id: string,
  call: string,
  { entity }: Scope,
): Promise<Reply> {
  const file = files.get(id);
  if (file === undefined || file.entity !== entity || faults.strikes('gone', file.object, call)) {
    return v1Error(404, CATEGORY.notFound, 'The file was not found: results are kept for 72 hours.');
  }
  return resultReply(file, faults.strikes('truncate', file.object, call));
}
