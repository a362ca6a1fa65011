import type { Db } from '../database.ts';
import { type Choice, chosenLines } from './chosen-lines.ts';
import { chosenUpdates } from './chosen-updates.ts';
import { type Decided, decidedBefore, recordDecision } from './record-decision.ts';
import { recordUpdateDecision } from './record-update-decision.ts';
import { requireAllowed } from './release.ts';
import { requestOf } from './request-of.ts';

export interface Rejection extends Choice {
  readonly reason: string;
  readonly by: string;
  readonly request: string;
}

/**
 * Rejects stopped lines and billings that wait for their booking, all of them or none: they are never collected, unless
 * they are formed anew with other content, or a person releases them after all.
 *
 * @throws RevsyncError `REJECT_REFUSED`; those of `chosenLines`
 */
export async function rejectHold(db: Db, rejection: Rejection): Promise<Decided> {
  const rejected = { ...rejection, as: 'rejected' } as const;
  const decision = { ...rejected, request: requestOf(rejected) };
  return db.transaction().execute(async (trx) => {
    const before = await decidedBefore(trx, decision);
    if (before !== undefined) return before;
    const updates = await chosenUpdates(trx, rejection);
    const lines = updates ?? (await chosenLines(trx, rejection));
    requireAllowed(lines, null);
    return updates === undefined
      ? recordDecision(trx, lines, decision)
      : recordUpdateDecision(trx, lines, decision);
  });
}
