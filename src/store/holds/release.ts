import { RevsyncError } from '../../domain/errors.ts';
import { refusalOf, type ReleasedAs } from '../../domain/releases.ts';
import type { Db } from '../database.ts';
import { type Choice, chosenLines, type ChosenLine } from './chosen-lines.ts';
import { chosenUpdates } from './chosen-updates.ts';
import { type Decided, decidedBefore, recordDecision } from './record-decision.ts';
import { recordUpdateDecision } from './record-update-decision.ts';
import { requestOf } from './request-of.ts';

export interface Release extends Choice {
  readonly as: ReleasedAs;
  readonly reason: string;
  readonly by: string;
  readonly request: string;
}

/**
 * Releases stopped and waiting lines, and collected ones of which Billing says other things now, all of them or none. A release counts for what a line says now; one that is
 * formed anew with other content stops again.
 *
 * @throws RevsyncError `RELEASE_REFUSED`, with what would be possible; those of `chosenLines`
 */
export async function releaseHold(db: Db, release: Release): Promise<Decided> {
  const decision = { ...release, request: requestOf(release) };
  return db.transaction().execute(async (trx) => {
    const before = await decidedBefore(trx, decision);
    if (before !== undefined) return before;
    const updates = await chosenUpdates(trx, release);
    const lines = updates ?? (await chosenLines(trx, release));
    requireAllowed(lines, release.as);
    return updates === undefined
      ? recordDecision(trx, lines, decision)
      : recordUpdateDecision(trx, lines, decision);
  });
}

/** Says why, for the first line that does not allow it and how many there are. */
export function requireAllowed(lines: readonly ChosenLine[], as: ReleasedAs | null): void {
  const refused = lines.flatMap(({ id, status, held }) => {
    const [why] = reasonsAgainst(status, held, as);
    return why === undefined ? [] : [{ id, why }];
  });
  const [first] = refused;
  if (first === undefined) return;
  const what = as === null ? 'rejected' : `released as ${as}`;
  const others = refused.length === 1 ? '' : ` So it is with ${refused.length} of ${lines.length} lines.`;
  throw new RevsyncError(`${first.id} cannot be ${what}: ${first.why}.${others}`, {
    code: as === null ? 'REJECT_REFUSED' : 'RELEASE_REFUSED',
    fate: 'fix-input',
    remedy: 'Nothing was changed. Choose other lines or another way, for example by --hold and --type.',
    context: { line: first.id },
  });
}

function reasonsAgainst(status: string, held: ChosenLine['held'], as: ReleasedAs | null): string[] {
  if (status === 'rejected' && as === null) return ['it is rejected already'];
  if (held.length === 0) return [`it is ${status}, and nothing holds it`];
  // What is stopped may be rejected whatever else it lacks.
  if (as === null && held.some(({ kind }) => kind === 'limitation')) return [];
  return held.flatMap((each) => refusalOf(each, as) ?? []);
}
