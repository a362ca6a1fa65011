import { sql } from 'kysely';

import type { Db } from '../database.ts';

/**
 * Keeps as a decision, for each entity, that it does without a home currency because Currency Conversion stays off: a deviation from
 * what the integration asks for. Decided once; who says it again adds nothing.
 */
export async function recordConversionOff(
  db: Db,
  entities: readonly string[],
  { by, reason }: { readonly by: string; readonly reason: string },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext('control.entity'))`.execute(trx);
    await sql`
      insert into control.decision (org, kind, subject, before, after, reason, decided_by)
      select e.org, 'currency-conversion-off', e.entity, '{"homeCurrency": null}', '{"functionalCurrency": "of the invoice"}',
        ${reason}, ${by}
      from control.entity as e
      where e.entity = any(${[...entities]}::text[]) and e.home_currency is null
        and not exists (
          select from control.decision as d
          where d.kind = 'currency-conversion-off' and d.subject = e.entity and d.org = e.org
        )
      order by e.entity`.execute(trx);
  });
}
