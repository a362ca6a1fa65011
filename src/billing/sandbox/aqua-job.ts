import { randomBytes } from 'node:crypto';

import { type SubmittedJob, type Target, targetOf } from './aqua-request.ts';
import { type ExportPlan } from './export-plan.ts';
import { type Faults } from './faults.ts';
import { type Scope, type Tenant } from './tenant.ts';
import { type Workshop } from './workshop.ts';

/** As Zuora's examples have them; the SDK knows no `cancelled`, but its own example of a DELETE has it. */
type State = 'submitted' | 'executing' | 'completed' | 'aborted' | 'cancelled';

export interface Batch {
  readonly id: string;
  readonly plan: ExportPlan;
  /** Whether it tells all rows; what is said at submission may change until the job's turn. */
  full: boolean;
  /** One, or those of the segments in order. */
  fileIds: readonly string[];
  recordCount: number;
}

export interface Job {
  readonly id: string;
  readonly submitted: SubmittedJob;
  /** Null: stateless. */
  readonly target: Target | null;
  readonly scope: Scope;
  readonly batches: readonly Batch[];
  /** When it began to read; while it waits, when it was submitted. */
  started: Date;
  state: State;
  message: string;
}

export interface JobContext extends Workshop {
  readonly tenant: Tenant;
  readonly faults: Faults;
  /** Rows of a file of a full load in stateful mode. */
  readonly segmentRows: number;
}

export function newJob(
  submitted: SubmittedJob,
  plans: readonly ExportPlan[],
  scope: Scope,
  now: () => number,
): Job {
  const batches = plans.map((plan) => ({ id: newId(), plan, full: true, fileIds: [], recordCount: 0 }));
  const target = targetOf(submitted);
  const started = new Date(now());
  return { id: newId(), submitted, target, scope, batches, started, state: 'submitted', message: '' };
}

/** 32 hex digits, as ids of Zuora have. */
export function newId(): string {
  return randomBytes(16).toString('hex');
}
