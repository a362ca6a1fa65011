import { sql } from 'kysely';

import { SEEDED_TEMPLATES } from '../domain/mapping/seeded/seeded-templates.ts';
import type { TransactionTemplate } from '../domain/mapping/transaction-template.ts';
import type { Db } from './database.ts';

/** A template as a run uses it: the frozen body and its version. */
export interface DefaultTemplate {
  readonly name: string;
  readonly version: number;
  readonly body: TransactionTemplate;
}

/**
 * Makes the pre-configured templates the defaults where a type has none. Their body follows the code: a
 * changed body becomes the next version, so that a line's version still says how it was formed.
 */
export async function ensureSeededTemplates(db: Db): Promise<void> {
  for (const template of SEEDED_TEMPLATES) {
    const body = JSON.stringify(template);
    await sql`
      with newest as (
        select max(version) as version from staging.transaction_template where name = ${template.name}
      ), same as (
        select from staging.transaction_template as t, newest
        where t.name = ${template.name} and t.version = newest.version and t.body = ${body}::jsonb
      ), retired as (
        update staging.transaction_template set status = 'frozen'
        where name = ${template.name} and status = 'default' and not exists (select from same)
      )
      insert into staging.transaction_template (name, version, type, status, body, created_by)
      select ${template.name}, coalesce(newest.version, 0) + 1, ${template.type}, 'frozen', ${body}::jsonb, 'revsync'
      from newest where not exists (select from same)
      on conflict do nothing`.execute(db);
    await sql`
      update staging.transaction_template as t set status = 'default'
      where t.name = ${template.name} and t.status = 'frozen'
        and t.version = (select max(version) from staging.transaction_template where name = ${template.name})
        and not exists (
          select from staging.transaction_template as d
          where d.type = t.type and d.entity is null and d.status = 'default'
        )`.execute(db);
  }
}

/** The defaults an entity uses, bookings first: its own, else the seeded one of the type. */
export async function defaultTemplates(db: Db, entity: string): Promise<DefaultTemplate[]> {
  const { rows } = await sql<DefaultTemplate>`
    select distinct on (type) name, version, body from staging.transaction_template
    where status = 'default' and (entity = ${entity} or entity is null)
    order by type, entity nulls last`.execute(db);
  const order = ['SO', 'INV', 'IIA', 'CM', 'DM'];
  return rows.toSorted((a, b) => order.indexOf(a.body.type) - order.indexOf(b.body.type));
}
