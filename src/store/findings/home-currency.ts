import { sql } from 'kysely';

import { HOME_CURRENCY_CHANGED, HOME_CURRENCY_TEXT } from '../../domain/findings.ts';
import type { Db } from '../database.ts';

/** The home currency that an entity has for good, and the one that Billing tells now. */
export interface HomeCurrencyTold {
  readonly entity: string;
  readonly taken: string;
  readonly told: string;
}

/**
 * Compares the home currencies that Billing tells with those that were taken: opens a finding for each entity where
 * they differ, resolves it where they are the same again. What Billing does not tell leaves a finding as it is.
 */
export async function compareHomeCurrencies(
  db: Db,
  told: readonly { readonly entity: string; readonly homeCurrency: string | null }[],
): Promise<void> {
  const known = told.flatMap(({ entity, homeCurrency }) =>
    homeCurrency === null ? [] : [{ entity, told: homeCurrency }],
  );
  if (known.length === 0) return;
  const list = sql`(select * from jsonb_to_recordset(${JSON.stringify(known)}::jsonb) as t (entity text, told text)) as t`;
  const { message, remedy } = HOME_CURRENCY_TEXT;
  const source = sql`'entity ' || e.entity`;
  const filled = (text: string) =>
    sql`replace(replace(replace(${text}, '{source}', ${source}), '{taken}', e.home_currency), '{told}', t.told)`;
  await sql`
    with resolved as (
      update staging.finding as f set resolved_at = now()
      from control.entity as e join ${list} on t.entity = e.entity
      where f.entity = e.entity and f.finding = ${HOME_CURRENCY_CHANGED} and f.resolved_at is null
        and e.home_currency is not distinct from t.told
    )
    insert into staging.finding (entity, org, finding, object, source_id, detail, message, remedy)
    select e.entity, e.org, ${HOME_CURRENCY_CHANGED}, 'Entity', coalesce(e.billing_id, e.entity),
      jsonb_build_object('taken', e.home_currency, 'told', t.told), ${filled(message)}, ${filled(remedy)}
    from control.entity as e join ${list} on t.entity = e.entity
    where e.home_currency <> t.told
    order by e.entity for key share of e
    on conflict (entity, finding, object, source_id, line) do update
      set org = excluded.org, detail = excluded.detail, message = excluded.message, remedy = excluded.remedy,
        since = case when finding.resolved_at is null then finding.since else excluded.since end, resolved_at = null
      where finding.resolved_at is not null or finding.detail <> excluded.detail or finding.org <> excluded.org`.execute(
    db,
  );
}

/** What an entity's open finding says; undefined where its home currency is as it was. */
export async function changedHomeCurrency(db: Db, entity: string): Promise<HomeCurrencyTold | undefined> {
  const { rows } = await sql<HomeCurrencyTold>`
    select entity, detail ->> 'taken' as taken, detail ->> 'told' as told from staging.finding
    where entity = ${entity} and finding = ${HOME_CURRENCY_CHANGED} and resolved_at is null`.execute(db);
  return rows[0];
}
