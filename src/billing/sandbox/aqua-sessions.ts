import { type Job } from './aqua-job.ts';
import { AquaRefusal, type SubmittedJob, type SubmittedQuery, type Target } from './aqua-request.ts';
import { type Changes } from './changes.ts';
import { canonicalInstant, utcText } from './instants.ts';
import { type Mark, type StatefulWindow } from './stateful-window.ts';
import { type Scope } from './tenant.ts';

/** What AQuA remembers between the calls of one tenant, entity, partner and project (wire.md 2.2, facts 2 to 5). */
export interface Sessions {
  /**
   * Runs jobs of one target one after the other, in the order in which they came: that is what Zuora's
   * page on the modes says it does with calls of the same partner and project.
   */
  queue(scope: Scope, target: Target, run: () => Promise<void>): Promise<void>;
  /** The queries of the last completed job, for jobs that name none or want them too. */
  lastQueries(scope: Scope, target: Target): readonly SubmittedQuery[];
  /** What each query of the job is to tell, as far as is known now. */
  windows(job: Job, target: Target, begin: Mark): readonly StatefulWindow[];
  /** The job is completed: the next one goes on from its begin, less its offset. */
  complete(job: Job, target: Target, begin: Mark): void;
  last(scope: Scope, target: Target): Job | undefined;
}

interface Session {
  readonly job: Job;
  readonly mark: Mark;
  readonly queries: ReadonlySet<string>;
}

export function createSessions(changes: Changes): Sessions {
  const sessions = new Map<string, Session>();
  const running = new Map<string, Promise<void>>();

  return {
    async queue(scope, target, run) {
      const key = keyOf(scope, target);
      const earlier = running.get(key);
      const ended = earlier === undefined ? run() : earlier.then(run);
      running.set(key, ended);
      await ended;
      if (running.get(key) === ended) running.delete(key);
    },
    lastQueries: (scope, target) => sessions.get(keyOf(scope, target))?.job.submitted.queries ?? [],
    windows({ scope, submitted }, target, begin) {
      const session = sessions.get(keyOf(scope, target));
      const until = untilOf(submitted, begin, changes);
      const since = sinceOf(submitted, changes) ?? session?.mark ?? null;
      return submitted.queries.map((query) => ({
        since: session?.queries.has(fingerprint(query)) === true ? since : null,
        until,
      }));
    },
    complete(job, target, begin) {
      const mark = untilOf(job.submitted, begin, changes) ?? begin;
      const queries = new Set(job.submitted.queries.map(fingerprint));
      sessions.set(keyOf(job.scope, target), { job, mark, queries });
    },
    last: (scope, target) => sessions.get(keyOf(scope, target))?.job,
  };
}

function keyOf({ entity }: Scope, { partner, project }: Target): string {
  return JSON.stringify([entity ?? '', partner, project]);
}

/** A query is another one when its text, or the name or form of its deleted column, is another (fact 3). */
function fingerprint({ query, deleted }: SubmittedQuery): string {
  return JSON.stringify([query.trim(), deleted?.column ?? '', deleted?.format.toLowerCase() ?? '']);
}

/** `incrementalTime`, in Pacific time (fact 4). Throws `AquaRefusal`. */
export function incrementalTimeOf({ incrementalTime }: SubmittedJob): string | null {
  if (!incrementalTime) return null;
  const written = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(incrementalTime);
  const at = written ? canonicalInstant(incrementalTime) : null;
  if (at === null) throw new AquaRefusal('90015', 'The incremental timestamp is invalid.');
  return at;
}

function sinceOf(submitted: SubmittedJob, changes: Changes): Mark | null {
  const at = incrementalTimeOf(submitted);
  return at === null ? null : { at, revision: changes.revisionBefore(millisecondsOf(at)) };
}

function untilOf({ offset }: SubmittedJob, { at, revision }: Mark, changes: Changes): Mark | null {
  if (offset === 0) return null;
  const until = millisecondsOf(at) - offset * 1000;
  return { at: utcText(until), revision: Math.min(revision, changes.revisionBefore(until)) };
}

function millisecondsOf(canonical: string): number {
  return Date.parse(`${canonical.slice(0, 19)}Z`);
}
