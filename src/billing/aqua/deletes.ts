import { RevsyncError } from '../../domain/errors.ts';
import type { Session } from '../rest/session.ts';
import { giveUpJob, submitExportJob } from './job.ts';
import { zoqlName } from './zoql-name.ts';

const OBJECTS_AT_ONCE = 50;
const JOBS_AT_ONCE = 3;
const COLUMN = 'RevsyncDeleted';
const STATELESS_HAS_NONE = '90012';

/** Whether an export of all the objects in question may have deleted columns. */
type Verdict = 'all' | 'not-all' | 'never';

/**
 * Which of the objects a stateless export may carry a deleted column for (wire.md 2.2, facts 5 and 6). Billing
 * judges that when a job is submitted, so jobs are: one for all, and where it is refused (90017) one for each
 * object. Each is cancelled at once; none is left behind by a failure. Throws what submitting a job throws
 * for other reasons.
 */
export async function deletesOf(session: Session, objects: readonly string[]): Promise<ReadonlySet<string>> {
  const names = [...new Set(objects)];
  const supported = new Set<string>();
  for (let at = 0; at < names.length; at += OBJECTS_AT_ONCE) {
    const some = names.slice(at, at + OBJECTS_AT_ONCE);
    const verdict = await probe(session, some);
    const verdicts =
      verdict === 'not-all' && some.length > 1
        ? await eachAlone(session, some)
        : new Map(some.map((name) => [name, verdict]));
    for (const [name, found] of verdicts) {
      if (found === 'never') return new Set();
      if (found === 'all') supported.add(name);
    }
  }
  return supported;
}

/** A few at a time. After a failure none is begun; those under way are waited for, so that they are cancelled too. */
async function eachAlone(session: Session, names: readonly string[]): Promise<Map<string, Verdict>> {
  const verdicts = new Map<string, Verdict>();
  const waiting = [...names];
  const work = async (): Promise<void> => {
    try {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
        verdicts.set(name, await probe(session, [name]));
      }
    } catch (error) {
      waiting.length = 0;
      throw error;
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: JOBS_AT_ONCE }, work));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return verdicts;
}

async function probe(session: Session, names: readonly string[]): Promise<Verdict> {
  // Valid for every object, whatever fields it has, and at most a row should it run before it is cancelled.
  const queries = names.map((name) => ({
    name,
    query: `select * from ${zoqlName(name)} limit 1`,
    deletedColumn: COLUMN,
  }));
  try {
    const jobId = await submitExportJob(session, { name: 'revsync-deleted-columns', queries, format: 'csv' });
    await giveUpJob(session, jobId);
    return 'all';
  } catch (error) {
    if (!(error instanceof RevsyncError) || error.code !== 'BILLING_DELETES_UNSUPPORTED') throw error;
    return error.context['zuoraCode'] === STATELESS_HAS_NONE ? 'never' : 'not-all';
  }
}
