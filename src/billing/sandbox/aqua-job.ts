import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { reasonOf } from '../../domain/errors.ts';
import { type SubmittedJob } from './aqua-request.ts';
import { type Snapshot } from './changes.ts';
import { eachRow } from './each-row.ts';
import { type ExportFile, openExportFile } from './export-file.ts';
import { type ExportPlan } from './export-plan.ts';
import { type Faults } from './faults.ts';
import { type Row, type Scope, type Tenant } from './tenant.ts';
import { type CompiledCondition, type RowTest } from './zoql-filter.ts';

type State = 'submitted' | 'executing' | 'completed' | 'aborted' | 'cancelled';

interface Batch {
  readonly id: string;
  readonly fileId: string;
  readonly plan: ExportPlan;
  recordCount: number;
}

export interface Job {
  readonly id: string;
  readonly submitted: SubmittedJob;
  readonly started: Date;
  readonly scope: Scope;
  readonly batches: readonly Batch[];
  state: State;
  message: string;
}

/** A result file, until the sandbox stops. */
export interface ResultFile {
  readonly path: string;
  readonly object: string;
  readonly gzip: boolean;
}

export interface JobContext {
  readonly tenant: Tenant;
  readonly faults: Faults;
  readonly folder: string;
  /** Milliseconds that a job takes at least. */
  readonly jobDelay: number;
  readonly files: Map<string, ResultFile>;
  /** Aborted when the sandbox stops. */
  readonly stopping: AbortSignal;
}

export function newJob(submitted: SubmittedJob, plans: readonly ExportPlan[], scope: Scope): Job {
  const batches = plans.map((plan) => ({ id: newId(), fileId: newId(), plan, recordCount: 0 }));
  return { id: newId(), submitted, started: new Date(), scope, batches, state: 'submitted', message: '' };
}

/** Runs a job to its end; never throws. All queries see the tenant as it was at submission. */
export async function runJob(job: Job, snapshotOf: () => Snapshot, context: JobContext): Promise<void> {
  const begun = performance.now();
  await pause(context.jobDelay / 2, context);
  if (job.state !== 'submitted') return;
  job.state = 'executing';
  try {
    await writeFiles(job, snapshotOf, context);
    await pause(context.jobDelay - (performance.now() - begun), context);
    if (running(job)) job.state = 'completed';
  } catch (error) {
    if (running(job)) Object.assign(job, { state: 'aborted', message: reasonOf(error) });
  }
}

/** Ends early, and quietly, when the sandbox stops. */
async function pause(milliseconds: number, { stopping }: JobContext): Promise<void> {
  await sleep(Math.max(0, milliseconds), undefined, { signal: stopping }).catch(() => {});
}

function running({ state }: Job): boolean {
  return state === 'executing';
}

async function writeFiles(job: Job, snapshotOf: () => Snapshot, context: JobContext): Promise<void> {
  const { tenant, faults, folder, files } = context;
  const goOn = (): boolean => running(job);
  const pass = async (
    objects: readonly string[],
    visit: (object: string, row: Row) => void,
  ): Promise<void> => {
    const snapshot = snapshotOf();
    await eachRow(
      tenant.scan(objects, job.scope),
      ([object, row]) => visit(object, snapshot.change(object, row)),
      goOn,
    );
    for (const [object, row] of snapshot.added(objects, job.scope)) visit(object, row);
  };

  const writers = new Map<string, ExportFile[]>();
  const closing: (() => void)[] = [];
  for (const batch of job.batches) {
    const { plan, fileId } = batch;
    const { name } = plan.object;
    const path = join(folder, `${fileId}.csv`);
    const { dateTimeUtc, nullReplacement, format } = job.submitted;
    const file = openExportFile({
      path,
      plan,
      dateTimeUtc,
      nullReplacement,
      test: await testOf(plan, pass),
      duplicate: faults.strikes('duplicate', name),
      shuffle: faults.strikes('shuffle', name),
    });
    writers.set(name, [...(writers.get(name) ?? []), file]);
    files.set(fileId, { path, object: name, gzip: format === 'gzip' });
    closing.push(() => {
      batch.recordCount = file.close() + (faults.strikes('record-count', name) ? 1 : 0);
    });
  }
  try {
    await pass([...writers.keys()], (object, row) => {
      for (const file of writers.get(object) ?? []) file.offer(row);
    });
  } finally {
    for (const close of closing) close();
  }
}

type Pass = (objects: readonly string[], visit: (object: string, row: Row) => void) => Promise<void>;

/** The conditions of a plan as one test. Conditions on related objects are answered by a look at those first. */
async function testOf({ anyOf }: ExportPlan, pass: Pass): Promise<RowTest> {
  if (anyOf.length === 0) return () => true;
  const groups: RowTest[][] = [];
  for (const group of anyOf) {
    const tests: RowTest[] = [];
    for (const condition of group) tests.push(await ownTest(condition, pass));
    groups.push(tests);
  }
  return (row) => groups.some((group) => group.every((test) => test(row)));
}

async function ownTest(condition: CompiledCondition, pass: Pass): Promise<RowTest> {
  if ('own' in condition) return condition.own;
  const { object, key, test } = condition.joined;
  const ids = new Set<string>();
  await pass([object], (_, row) => {
    if (row['Deleted'] !== 'true' && test(row)) ids.add(row['Id'] ?? '');
  });
  return (row) => ids.has(row[key] ?? '');
}

function newId(): string {
  return randomBytes(16).toString('hex');
}

/** The job as `POST` and `GET` answer it. */
export function jobBody({ id, submitted, started, batches, state, message }: Job): unknown {
  const { name, version, format, partner, project } = submitted;
  return {
    id,
    name,
    status: state,
    version,
    format: format.toUpperCase(),
    encrypted: 'none',
    partner: partner ?? '',
    project: project ?? '',
    sourceData: 'LIVE',
    startTime: started.toISOString().slice(0, 19).replace('T', ' '),
    ...(message === '' ? {} : { message }),
    batches: batches.map((batch, index) => {
      const query = submitted.queries[index];
      const completed = state === 'completed';
      return {
        batchId: batch.id,
        batchType: query?.type ?? 'zoqlexport',
        name: query?.name ?? '',
        query: query?.query ?? '',
        apiVersion: String(query?.apiVersion ?? ''),
        ...(query?.deleted ? { deleted: query.deleted } : {}),
        status: state === 'submitted' ? 'pending' : state,
        full: true,
        recordCount: completed ? batch.recordCount : 0,
        ...(completed ? { fileId: batch.fileId } : {}),
        message,
      };
    }),
  };
}
