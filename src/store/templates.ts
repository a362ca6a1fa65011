import { sql } from 'kysely';

import { SEEDED_TEMPLATES } from '../domain/mapping/seeded/seeded-templates.ts';
import {
  type BriefTemplate,
  completeTemplate,
  TEMPLATE_TYPES,
  type TemplateType,
  type TransactionTemplate,
} from '../domain/mapping/transaction-template.ts';
import type { Db } from './database.ts';
import { alone } from './templates/alone.ts';

/** A template as a run uses it: the frozen body and its version. */
export interface DefaultTemplate {
  readonly name: string;
  readonly version: number;
  readonly body: TransactionTemplate;
}

/**
 * Makes the pre-configured templates the defaults where a type has none. Their body follows the code: a
 * changed body becomes the next version, so that a line's version still says how it was formed. Versions that
 * people made under the same name are left alone.
 */
export async function ensureSeededTemplates(db: Db): Promise<void> {
  if (await seeded(db)) return;
  await db.transaction().execute(async (trx) => {
    await alone(trx);
    for (const template of SEEDED_TEMPLATES) await seed(trx, template);
  });
}

/** Nearly always all is there, and nothing has to wait for anybody. */
async function seeded(db: Db): Promise<boolean> {
  const { rows } = await sql<{ name: string }>`
    select t.name from (values ${sql.join(
      SEEDED_TEMPLATES.map((template) => sql`(${template.name}, ${JSON.stringify(template)}::jsonb)`),
    )}) as t (name, body)
    join lateral (
      select s.type, s.body from staging.transaction_template as s
      where s.name = t.name and s.seeded order by s.version desc limit 1
    ) as newest on newest.body = t.body
    where exists (
      select from staging.transaction_template as d
      where d.type = newest.type and d.entity is null and d.status = 'default'
    )`.execute(db);
  return rows.length === SEEDED_TEMPLATES.length;
}

async function seed(trx: Db, { name, type, ...rest }: TransactionTemplate): Promise<void> {
  const body = JSON.stringify({ name, type, ...rest });
  await sql`
    with versions as (
      select coalesce(max(version), 0) as newest, max(version) filter (where seeded) as seeded
      from staging.transaction_template where name = ${name}
    ), outdated as (
      select newest from versions where not exists (
        select from staging.transaction_template as t
        where t.name = ${name} and t.version = versions.seeded and t.body = ${body}::jsonb
      )
    ), retired as (
      update staging.transaction_template set status = 'frozen', changed_at = now(), changed_by = 'revsync'
      where name = ${name} and seeded and status = 'default' and exists (select from outdated)
    )
    insert into staging.transaction_template (name, version, type, status, seeded, body, created_by, changed_by)
    select ${name}, newest + 1, ${type}, 'frozen', true, ${body}::jsonb, 'revsync', 'revsync' from outdated`.execute(
    trx,
  );
  await sql`
    update staging.transaction_template as t set status = 'default', changed_at = now(), changed_by = 'revsync'
    where t.name = ${name} and t.status = 'frozen'
      and t.version = (select max(version) from staging.transaction_template where name = ${name} and seeded)
      and not exists (
        select from staging.transaction_template as d
        where d.type = t.type and d.entity is null and d.status = 'default'
      )`.execute(trx);
}

/** The defaults an entity uses, bookings first: its own, else the one for all, of each type. */
export async function defaultTemplates(db: Db, entity: string): Promise<DefaultTemplate[]> {
  const { rows } = await sql<Omit<DefaultTemplate, 'body'> & { body: BriefTemplate }>`
    select distinct on (type) name, version, body from staging.transaction_template
    where status = 'default' and (entity = ${entity} or entity is null)
    order by type, entity nulls last`.execute(db);
  return rows
    .map((row) => ({ ...row, body: completeTemplate(row.body) }))
    .toSorted((a, b) => TEMPLATE_TYPES.indexOf(a.body.type) - TEMPLATE_TYPES.indexOf(b.body.type));
}

/**
 * The types whose lines an entity has to form and that have no default template: bookings and invoices always,
 * then memos with Invoice Settlement and adjustments without it (domain.md 3); neither before that is known.
 */
export function missingTypes(
  defaults: readonly { readonly body: Pick<TransactionTemplate, 'type'> }[],
  invoiceSettlement: boolean | null,
): TemplateType[] {
  const found = new Set(defaults.map(({ body }) => body.type));
  const isOn: Readonly<Record<TemplateType, boolean>> = {
    SO: true,
    INV: true,
    IIA: invoiceSettlement === false,
    CM: invoiceSettlement === true,
    DM: invoiceSettlement === true,
  };
  return TEMPLATE_TYPES.filter((type) => isOn[type] && !found.has(type));
}
