import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { reasonOf } from '../../../domain/errors.ts';
import { type Changes } from '../changes.ts';
import { passesOf } from '../export-pass.ts';
import { type Faults } from '../faults.ts';
import { type Scope, type Tenant } from '../tenant.ts';
import { type Workshop, pause } from '../workshop.ts';
import { type JobRequest } from './job-request.ts';
import { parseStatement } from './parse-statement.ts';
import { openQueryResult } from './query-result.ts';
import { runQuery } from './run-query.ts';
import { type Table } from './tables.ts';

export type QueryStatus = 'submitted' | 'accepted' | 'in_progress' | 'completed' | 'failed' | 'cancelled';

export interface QueryJob {
  readonly id: string;
  readonly scope: Scope;
  readonly request: JobRequest;
  /** The name of its file, which nobody can guess. */
  readonly fileName: string;
  readonly path: string;
  status: QueryStatus;
  updatedOn: number;
  outputRows: number;
  /** Milliseconds. */
  processingTime: number;
  /** The objects that the result comes from, for faults. */
  objects: readonly string[];
  errorMessage: string;
}

export interface QueryJobContext {
  readonly tenant: Tenant;
  readonly tables: ReadonlyMap<string, Table>;
  readonly changes: Changes;
  readonly faults: Faults;
  readonly workshop: Workshop;
}

export function newQueryJob(request: JobRequest, scope: Scope, { folder, now }: Workshop): QueryJob {
  const fileName = `${randomBytes(24).toString('hex')}.${request.outputFormat.toLowerCase()}`;
  return {
    // With hyphens, unlike everything else: the SDK insists on 36 characters.
    id: randomUUID(),
    scope,
    request,
    fileName,
    path: join(folder, fileName),
    status: 'submitted',
    updatedOn: now(),
    outputRows: 0,
    processingTime: 0,
    objects: [],
    errorMessage: '',
  };
}

/** Runs a job to its end; never throws. It sees the tenant as it is when this is called. */
export async function runQueryJob(job: QueryJob, context: QueryJobContext): Promise<void> {
  const { workshop, changes } = context;
  const begun = performance.now();
  const snapshotOf = changes.freeze();
  enter(job, 'accepted', workshop);
  await pause(workshop.jobDelay / 3, workshop);
  if (job.status !== 'accepted') return;
  enter(job, 'in_progress', workshop);
  try {
    const outcome = await resultOf(job, snapshotOf, context);
    await pause(workshop.jobDelay - (performance.now() - begun), workshop);
    if (!isRunning(job) || workshop.stopping.aborted) return;
    const [object = ''] = outcome.objects;
    job.objects = outcome.objects;
    job.outputRows = outcome.rows + (context.faults.strikes('record-count', object) ? 1 : 0);
    enter(job, 'completed', workshop);
  } catch (error) {
    if (!isRunning(job)) return;
    job.errorMessage = reasonOf(error);
    enter(job, 'failed', workshop);
  } finally {
    job.processingTime = Math.round(performance.now() - begun);
  }
}

export function cancelJob(job: QueryJob, workshop: Workshop): void {
  enter(job, 'cancelled', workshop);
}

/** Whether the job has not come to an end of any kind. */
export function isOpen({ status }: QueryJob): boolean {
  return status === 'submitted' || status === 'accepted' || status === 'in_progress';
}

async function resultOf(
  job: QueryJob,
  snapshotOf: ReturnType<Changes['freeze']>,
  { tenant, tables, workshop }: QueryJobContext,
): ReturnType<typeof runQuery> {
  const { query, outputFormat: format, columnSeparator: separator, readDeleted } = job.request;
  const pass = passesOf(tenant, job.scope, snapshotOf, () => isRunning(job) && !workshop.stopping.aborted);
  const place = { path: job.path, format, separator, most: workshop.dataQueryRows };
  return runQuery(parseStatement(query), {
    tables,
    readDeleted,
    scan: (object, visit, goOn) => pass([object], (_, row) => visit(row), goOn),
    open: (shape) => openQueryResult(place, shape),
  });
}

function isRunning({ status }: QueryJob): boolean {
  return status === 'in_progress';
}

function enter(job: QueryJob, status: QueryStatus, { now }: Workshop): void {
  job.status = status;
  job.updatedOn = now();
}
