import { canBeRejected, choicesFor, type HeldFor, REJECTED } from '../releases.ts';
import type { LineFacts } from './line-facts.ts';

/** A way in which a line that does not go on can be let go on, or be settled for good. */
export interface WayOn {
  /** Whether nobody has to say so in revsync. */
  readonly by: 'itself' | 'a person';
  readonly text: string;
  /** What a person runs; null where it goes on by itself. */
  readonly command: string | null;
}

/** What releases a line: what has to come or change for each hold, and what a person may decide instead. */
export function waysOn(line: LineFacts): WayOn[] {
  const held = line.status === 'rejected' ? [REJECTION(line)] : line.holds;
  if (held.length === 0) return [];
  const own = line.holds.map(({ remedy }): WayOn => ({ by: 'itself', text: remedy, command: null }));
  const behind = line.others
    .filter(() => line.holds.some(({ limitation }) => limitation === 'waits-for-booking'))
    .flatMap(({ id, holds }) =>
      holds.map(({ limitation, remedy }): WayOn => ({
        by: 'itself',
        text: `${id} is held by ${limitation}: ${remedy}`,
        command: null,
      })),
    );
  return [...own, ...behind, ...decisions(line, held)];
}

const REJECTION = ({ type }: LineFacts): HeldFor => ({
  type,
  limitation: REJECTED,
  kind: 'validation',
  overridable: false,
});

/** Only what every hold of the line allows. */
function decisions({ id, status }: LineFacts, held: readonly HeldFor[]): WayOn[] {
  const [first, ...rest] = held.map(choicesFor);
  const choices = (first ?? []).filter((as) => rest.every((others) => others.includes(as)));
  const releases = choices.map((as): WayOn => ({
    by: 'a person',
    text: `Release it as ${as}.`,
    command: `revsync hold release --line ${id} --as ${as} --reason "..."`,
  }));
  const rejectable = status !== 'rejected' && held.every(canBeRejected);
  if (!rejectable) return releases;
  const reject = `revsync hold reject --line ${id} --reason "..."`;
  return [...releases, { by: 'a person', text: 'Reject it: it is never collected then.', command: reject }];
}
