import { type RawBuilder, sql } from 'kysely';

import type { BillingObject } from '../../domain/catalogue/define-object.ts';
import { DELETED_IN_BILLING, FINDING_TEXTS } from '../../domain/findings.ts';
import type { Db } from '../database.ts';
import { prestagingTable } from '../prestaging-table.ts';
import type { CompiledTemplate } from '../transform/compile.ts';
import { deletedRows } from './deleted-rows.ts';
import { linesOnDeletedRows } from './lines-on-deleted-rows.ts';

interface Recording {
  readonly run: string;
  readonly entity: string;
}

/**
 * Records what deletions in Billing mean for the lines of one driver: a finding for every line whose driver
 * is deleted (it is collected, or superseded by the deletion), and for every deleted row that a line needs.
 * What is no longer so is resolved; what is so again is opened again. Reads the tables of the transform:
 * `touched`, `superseded`, `reformed`. One statement; repeating it changes nothing.
 */
export async function recordDeletions(
  trx: Db,
  { run, entity }: Recording,
  plan: CompiledTemplate,
): Promise<void> {
  const deleted = await deletedRows(trx, entity, sourcesOf(plan));
  if (deleted.all.size === 0 && !(await hasOpen(trx, entity))) return;
  await sql`
    with wanted as materialized (${linesOnDeletedRows(entity, plan, deleted)}),
    resolved as (
      update staging.finding as f set resolved_at = now()
      from staging.finding as o left join staging.line as l on l.entity = o.entity and l.id = o.line
      where f.id = o.id and o.entity = ${entity} and o.finding = ${DELETED_IN_BILLING} and o.resolved_at is null
        and ${isOver(plan)}
    )
    insert into staging.finding (entity, org, finding, object, source_id, line, amount, currency, detail, message,
      remedy, run)
    select ${entity}, w.org, ${DELETED_IN_BILLING}, w.object, w.source_id, w.line, w.amount, w.currency,
      jsonb_build_object('case', w.way, 'contract', w.contract),
      replace(replace(t.message, '{source}', w.object || ' ' || w.source_id), '{line}', w.line), t.remedy, ${run}
    from wanted as w join (values ${texts()}) as t (id, message, remedy) on t.id = ${`${DELETED_IN_BILLING}:`} || w.way
    on conflict (entity, finding, object, source_id, line) do update
      set org = excluded.org, amount = excluded.amount, currency = excluded.currency, detail = excluded.detail,
        message = excluded.message, remedy = excluded.remedy, resolved_at = null,
        run = case when finding.resolved_at is null then finding.run else excluded.run end,
        since = case when finding.resolved_at is null then finding.since else excluded.since end
      where finding.resolved_at is not null
        or (finding.org, finding.amount, finding.currency, finding.detail, finding.message, finding.remedy)
          is distinct from (excluded.org, excluded.amount, excluded.currency, excluded.detail, excluded.message,
            excluded.remedy)`.execute(trx);
}

const sourcesOf = ({ driver, needed }: CompiledTemplate): BillingObject[] => [
  ...new Set([driver, ...needed.map(({ object }) => object)]),
];

async function hasOpen(trx: Db, entity: string): Promise<boolean> {
  const open = await trx
    .selectFrom('staging.finding')
    .select('id')
    .where('entity', '=', entity)
    .where('finding', '=', DELETED_IN_BILLING)
    .where('resolved_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return open !== undefined;
}

/**
 * Whether finding `o` about line `l` is over: its row is back, its line is gone or formed from other rows. The
 * findings of other drivers' lines are for their own transforms.
 */
function isOver(plan: CompiledTemplate): RawBuilder<boolean> {
  const deleted = sourcesOf(plan).map(
    (object) => sql`(o.object = ${object.name} and exists (
      select from ${prestagingTable(object)} as p where p.entity = o.entity and p.id = o.source_id and p.deleted))`,
  );
  return sql<boolean>`case when l.id is null then o.line in (select id from reformed)
    when l.source_object <> ${plan.driver.name} then false
    when not (${sql.join(deleted, sql` or `)}) then true
    else l.source_id in (select id from touched) and not exists (
      select from wanted as w where w.object = o.object and w.source_id = o.source_id and w.line = o.line
    ) end`;
}

const texts = (): RawBuilder<unknown> =>
  sql.join(
    Object.entries(FINDING_TEXTS).map(([id, { message, remedy }]) => sql`(${id}, ${message}, ${remedy})`),
  );
