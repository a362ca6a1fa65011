import { sql } from 'kysely';

import { CUSTOM_FIELD_UPDATE } from '../../domain/findings.ts';
import type { Db } from '../database.ts';
import type { Choice, ChosenLine } from './chosen-lines.ts';

/**
 * The collected lines that a decision is about: those it names, if Billing says other things of all of them now, or
 * those of a filter that names that finding. Undefined: it is about lines that are held.
 */
export async function chosenUpdates(
  trx: Db,
  { org, lines, filter = {} }: Choice,
): Promise<ChosenLine[] | undefined> {
  const { hold, type, subscription, entity } = filter;
  if (
    lines === undefined ? hold !== CUSTOM_FIELD_UPDATE : (hold ?? CUSTOM_FIELD_UPDATE) !== CUSTOM_FIELD_UPDATE
  ) {
    return undefined;
  }
  const terms = [
    ...(lines === undefined ? [] : [sql`f.line = any(${[...lines]}::text[])`]),
    ...(entity === undefined ? [] : [sql`f.entity = ${entity}`]),
    ...(type === undefined ? [] : [sql`l.type = ${type}`]),
    ...(subscription === undefined ? [] : [sql`l.subscription_name = ${subscription}`]),
  ];
  const { rows } = await sql<{ entity: string; id: string; type: string }>`
    select f.entity, f.line as id, l.type
    from staging.finding as f join staging.line as l on l.entity = f.entity and l.id = f.line
    where ${sql.join([sql`f.org = ${org} and f.finding = ${CUSTOM_FIELD_UPDATE} and f.resolved_at is null`, ...terms], sql` and `)}
    order by f.line collate "C", f.entity`.execute(trx);
  const unnamed = (lines ?? []).some((line) => rows.filter(({ id }) => id === line).length !== 1);
  if (rows.length === 0 || unnamed) return undefined;
  return rows.map((row) => ({
    entity: row.entity,
    id: row.id,
    status: 'collected',
    held: [{ type: row.type, limitation: CUSTOM_FIELD_UPDATE, kind: 'limitation', overridable: false }],
  }));
}
