import { sql } from 'kysely';

import { HOME_CURRENCY_CHANGED, HOME_CURRENCY_GONE_TEXT, HOME_CURRENCY_TEXT } from '../../domain/findings.ts';
import type { Db } from '../database.ts';

/** The home currency that an entity has for good, and the one that Billing tells now. */
export interface HomeCurrencyTold {
  readonly entity: string;
  readonly taken: string;
  /** Null: another one first, and none any more. */
  readonly told: string | null;
}

/**
 * Compares the home currencies that Billing tells with those that were taken: opens a finding for each entity where
 * they differ, resolves it where they are the same again. Where Billing tells none, no finding is opened, and one that is
 * open says so.
 */
export async function compareHomeCurrencies(
  db: Db,
  told: readonly { readonly entity: string; readonly homeCurrency: string | null }[],
): Promise<void> {
  if (told.length === 0) return;
  const all = JSON.stringify(told.map(({ entity, homeCurrency }) => ({ entity, told: homeCurrency })));
  const list = sql`(select * from jsonb_to_recordset(${all}::jsonb) as t (entity text, told text)) as t`;
  const { message, remedy } = HOME_CURRENCY_TEXT;
  const gone = HOME_CURRENCY_GONE_TEXT;
  const source = sql`'entity ' || e.entity`;
  const filled = (text: string) =>
    sql`replace(replace(replace(${text}, '{source}', ${source}), '{taken}', e.home_currency), '{told}', coalesce(t.told, ''))`;
  await sql`
    with resolved as (
      update staging.finding as f set resolved_at = now()
      from control.entity as e join ${list} on t.entity = e.entity
      where f.entity = e.entity and f.finding = ${HOME_CURRENCY_CHANGED} and f.resolved_at is null
        and e.home_currency = t.told
    ), untold as (
      update staging.finding as f
      set detail = jsonb_build_object('taken', e.home_currency, 'told', null),
        message = ${filled(gone.message)}, remedy = ${filled(gone.remedy)}
      from control.entity as e join ${list} on t.entity = e.entity
      where f.entity = e.entity and f.finding = ${HOME_CURRENCY_CHANGED} and f.resolved_at is null
        and t.told is null and f.detail ->> 'told' is not null
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

/** What all open findings say, in key order. */
export async function changedHomeCurrencies(db: Db): Promise<HomeCurrencyTold[]> {
  const { rows } = await sql<HomeCurrencyTold>`
    select entity, detail ->> 'taken' as taken, detail ->> 'told' as told from staging.finding
    where finding = ${HOME_CURRENCY_CHANGED} and resolved_at is null order by entity`.execute(db);
  return rows;
}
