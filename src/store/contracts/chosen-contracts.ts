import { sql } from 'kysely';

import { RevsyncError } from '../../domain/errors.ts';
import { refusedOn } from '../../domain/requests/mass-action.ts';
import { MASS_ACTION } from '../../domain/requests/refusals.ts';
import type { Db } from '../database.ts';
import { hasLinesOf } from './of-subscription.ts';

/** Which contracts of an organisation a mass action is taken on. */
export interface Choice {
  readonly org: string;
  readonly ids: readonly string[];
  /** And those with lines of this subscription. */
  readonly subscription?: string | undefined;
}

/**
 * The ids of the contracts, each once, in order.
 *
 * @throws RevsyncError `MASS_ACTION_REFUSED` for ids of lines or obligations, `CONTRACT_UNKNOWN`
 */
export async function chosenContracts(
  db: Db,
  { org, ids, subscription }: Choice,
  action: string,
): Promise<string[]> {
  for (const id of ids) refuseOther(id, action);
  const { rows } = await sql<{ id: string }>`
    select r.id from revenue.contract as r
    where r.org = ${org} and (r.id = any(${ids}::text[]) or ${hasLinesOf('r', subscription ?? null)})
    order by r.id collate "C"`.execute(db);
  const found = rows.map(({ id }) => id);
  const missing = ids.filter((id) => !found.includes(id));
  if (missing.length === 0 && found.length > 0) return found;
  const what =
    missing.length === 0
      ? `no contract with lines of subscription "${subscription ?? ''}"`
      : `no contract ${missing.map((id) => `"${id}"`).join(', ')}`;
  throw new RevsyncError(`There is ${what} in organisation "${org}".`, {
    code: 'CONTRACT_UNKNOWN',
    fate: 'fix-input',
    remedy: 'See `revsync contract list`; ids are spelled RC- and twelve hex digits.',
  });
}

/** The known limitation "Mass actions": they are taken on contracts, not on what is in them. */
function refuseOther(id: string, action: string): void {
  const level = id.startsWith('POB-') ? 'obligation' : /^(?:SO|INV|CM|CM-C|CM-RO):/.test(id) ? 'line' : null;
  if (level === null) return;
  const { message, remedy } = refusedOn(level, action);
  throw new RevsyncError(message, {
    code: 'MASS_ACTION_REFUSED',
    fate: 'fix-input',
    remedy: remedy ?? '',
    context: { limitation: MASS_ACTION.limitation },
  });
}
