import { reasonOf } from '../../domain/errors.ts';
import { writeFiles } from './aqua-files.ts';
import { type Job, type JobContext } from './aqua-job.ts';
import { type Sessions } from './aqua-sessions.ts';
import { type Changes } from './changes.ts';
import { utcText } from './instants.ts';
import { pause } from './workshop.ts';

/** Runs a job to its end; never throws. All its queries see the tenant as it was when this was called. */
export async function runJob(
  job: Job,
  changes: Changes,
  sessions: Sessions,
  context: JobContext,
): Promise<void> {
  if (job.state !== 'submitted') return;
  const begun = performance.now();
  const snapshotOf = changes.freeze();
  job.started = new Date(context.now());
  const begin = { at: utcText(job.started.getTime()), revision: snapshotOf().revision };
  const windows = job.target === null ? null : sessions.windows(job, job.target, begin);
  for (const [index, batch] of job.batches.entries()) batch.full = (windows?.[index]?.since ?? null) === null;

  await pause(context.jobDelay / 2, context);
  if (job.state !== 'submitted') return;
  job.state = 'executing';
  try {
    const failing = context.faults.take('job-failed', subjectsOf(job));
    if (failing === undefined) await writeFiles(job, windows, snapshotOf, () => isRunning(job), context);
    await pause(context.jobDelay - (performance.now() - begun), context);
    await stuck(job, context);
    if (!isRunning(job)) return;
    if (failing !== undefined) throw new Error(failing.message);
    job.state = 'completed';
    if (job.target !== null) sessions.complete(job, job.target, begin);
  } catch (error) {
    if (isRunning(job)) Object.assign(job, { state: 'aborted', message: reasonOf(error) });
  }
}

/** What faults of jobs are matched against. */
function subjectsOf({ submitted, batches }: Job): string[] {
  return [submitted.name ?? '', ...batches.map(({ plan }) => plan.object.name)];
}

/** As long as a fault says so. */
async function stuck(job: Job, context: JobContext): Promise<void> {
  const isStuck = (): boolean => context.faults.standing('job-stuck', subjectsOf(job)).length > 0;
  while (isRunning(job) && !context.stopping.aborted && isStuck()) await pause(20, context);
}

function isRunning({ state }: Job): boolean {
  return state === 'executing';
}
