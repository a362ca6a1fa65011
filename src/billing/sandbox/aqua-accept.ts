import { type Job, type JobContext, newJob } from './aqua-job.ts';
import { planJob } from './aqua-plan.ts';
import { AquaRefusal, type SubmittedJob, readSubmission, targetOf } from './aqua-request.ts';
import { type Sessions, incrementalTimeOf } from './aqua-sessions.ts';
import { type Scope } from './tenant.ts';

export interface AcceptOptions extends JobContext {
  /** The partner ids that Zuora Support granted. */
  readonly partners: readonly string[];
}

/** Of each mode (wire.md 2.2, 90028). */
const OPEN_JOBS = 50;

/** The job that a body asks for. Throws `AquaRefusal`. `open` are the jobs that are not over. */
export function acceptJob(
  body: unknown,
  scope: Scope,
  options: AcceptOptions,
  sessions: Sessions,
  open: readonly Job[],
): Job {
  const submitted = withLastQueries(readSubmission(body), scope, sessions);
  const target = targetOf(submitted);
  countQueries(submitted);
  if (target !== null && !options.partners.includes(target.partner)) {
    throw new AquaRefusal('90019', 'Partner ID is not recognized.');
  }
  incrementalTimeOf(submitted);
  const plans = planJob(options.tenant, submitted, options.faults);
  const isStateless = target === null;
  if (open.filter((job) => (job.target === null) === isStateless).length >= OPEN_JOBS) {
    throw new AquaRefusal(
      '90028',
      'The total number of concurrent jobs has exceeded the limit allowed by the system.',
    );
  }
  return newJob(submitted, plans, scope, options.now);
}

/** Stateful jobs may leave out the queries that the last completed one had, or want them too. */
function withLastQueries(submitted: SubmittedJob, scope: Scope, sessions: Sessions): SubmittedJob {
  const target = targetOf(submitted);
  const { queries, useLastCompletedJobQueries } = submitted;
  if (target === null || (queries.length > 0 && !useLastCompletedJobQueries)) return submitted;
  const names = new Set(queries.map(({ name }) => name));
  const earlier = sessions.lastQueries(scope, target).filter(({ name }) => !names.has(name));
  return { ...submitted, queries: [...earlier, ...queries] };
}

function countQueries({ queries }: SubmittedJob): void {
  if (queries.length === 0) {
    throw new AquaRefusal('90016', 'There are no queries included in the AQuA version 1.0 request.');
  }
  if (queries.length > 50) {
    throw new AquaRefusal(
      '90004',
      'Invalid number of queries allowed. A maximum of 50 queries are supported in an AQuA request.',
    );
  }
}
