import { createHash } from 'node:crypto';

import type { Deviation, DeviatingSetting } from '../../domain/enablement/deviations.ts';
import type { Db } from '../database.ts';
import { alone } from './setting-changes.ts';

/** Who accepts, why, and for what: the same said again is the same decision. */
export interface Acceptance {
  readonly by: string;
  readonly reason: string;
  /** What asked for it, as `enablement/7`. */
  readonly request: string;
}

/**
 * Keeps that deviations were accepted, for the audit: a decision each in every organisation that has it, so that its people
 * read what was accepted of theirs and of nobody else's. Repeating it keeps nothing twice.
 */
export async function acceptDeviations(
  db: Db,
  deviations: readonly Deviation[],
  acceptance: Acceptance,
): Promise<void> {
  const rows = deviations.flatMap((each) => decisionsOn(each, acceptance));
  if (rows.length === 0) return;
  await alone(db, async (trx) => {
    const there = await trx
      .selectFrom('control.decision')
      .select('request')
      .where(
        'request',
        'in',
        rows.map(({ request }) => request),
      )
      .execute();
    const kept = new Set(there.map(({ request }) => request));
    const due = rows.filter(({ request }) => !kept.has(request));
    if (due.length > 0) await trx.insertInto('control.decision').values(due).execute();
  });
}

function decisionsOn({ id, settings, consequence }: Deviation, { by, reason, request }: Acceptance) {
  return [...new Set(settings.map(({ org }) => org))].map((org) => {
    const own = settings.filter((each) => each.org === org).map(withoutOrg);
    const said = JSON.stringify([id, org, own, by, reason]);
    const hash = createHash('sha256').update(said).digest('hex').slice(0, 32);
    return {
      org,
      kind: 'accept-deviation',
      subject: id,
      before: JSON.stringify({ settings: own }),
      after: JSON.stringify({ accepted: true, consequence }),
      reason,
      decided_by: by,
      request: `${request}:${hash}`,
    };
  });
}

const withoutOrg = ({ entity, rule, value, required }: DeviatingSetting) => ({
  entity,
  rule,
  value,
  required,
});
