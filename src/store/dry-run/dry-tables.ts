import { type RawBuilder, sql } from 'kysely';

import type { BillingObject } from '../../domain/catalogue/define-object.ts';
import type { Db } from '../database.ts';
import { UNCOLLECTED } from '../lines/uncollected.ts';
import { type LineTables, TEMPORARY } from '../transform/line-tables.ts';

/** The lines of one driver: what a dry run looks at. */
export interface Scope {
  readonly entity: string;
  readonly driver: BillingObject;
}

/**
 * Makes the temporary tables in which lines are formed, with the lines that are there. Of collected ones only what
 * tells that they exist: forming never changes those.
 */
export async function copyLines(trx: Db, { entity, driver }: Scope): Promise<void> {
  const ofDriver = sql`l.entity = ${entity} and l.source_object = ${driver.name}`;
  await sql`create temporary table line (like staging.line) on commit drop`.execute(trx);
  await sql`
    insert into pg_temp.line
    select l.* from staging.line as l join staging.line_state as s on s.entity = l.entity and s.id = l.id
    where ${ofDriver}`.execute(trx);
  const key = sql`entity, org, id, type, form, source_object, source_id, template, template_version, run, sources`;
  await sql`
    insert into pg_temp.line (${key})
    select ${key} from staging.line as l
    where ${ofDriver} and not exists (
      select from staging.line_state as s where s.entity = l.entity and s.id = l.id
    )`.execute(trx);
  await sql`
    create temporary table line_state on commit drop as
    select s.entity, s.org, s.id, s.status from pg_temp.line as l
    join staging.line_state as s on s.entity = l.entity and s.id = l.id`.execute(trx);
  await sql`
    create temporary table hold (
      entity text, org text, line text, limitation text, kind text, message text, remedy text,
      unique (entity, line, limitation)
    ) on commit drop`.execute(trx);
  for (const table of ['line', 'line_state']) {
    await sql`create unique index on ${sql.table(`pg_temp.${table}`)} (entity, id)`.execute(trx);
  }
  await sql`create index on pg_temp.line (source_id)`.execute(trx);
  // Of the columns that tell lines apart; a look at all of them takes longer than what follows.
  await sql`analyze pg_temp.line (entity, id, source_object, source_id, template, template_version)`.execute(
    trx,
  );
  await sql`analyze pg_temp.line_state`.execute(trx);
}

/** Where `setAside` keeps what was formed first. */
export const SET_ASIDE: LineTables = {
  line: sql.table('pg_temp.line_before'),
  state: sql.table('pg_temp.line_state_before'),
  hold: TEMPORARY.hold,
};

/** Keeps lines and states under other names, so that all can be formed once more from where it started. */
export async function setAside(trx: Db): Promise<void> {
  await sql`alter table ${TEMPORARY.line} rename to line_before`.execute(trx);
  await sql`alter table ${TEMPORARY.state} rename to line_state_before`.execute(trx);
  await sql`
    drop table if exists pg_temp.hold, pg_temp.renewal, pg_temp.rate_setting, pg_temp.rate_day, pg_temp.rate_last, pg_temp.touched, pg_temp.superseded, pg_temp.reformed,
      pg_temp.replacement, pg_temp.behind, pg_temp.later_form, pg_temp.recollected, pg_temp.again`.execute(
    trx,
  );
}

/** Lines that are ready, held, waiting or stopped: what forming may change. */
export const uncollectedLines = (
  { entity, driver }: Scope,
  { line, state }: LineTables,
): RawBuilder<unknown> =>
  sql`(
    select l.* from ${line} as l join ${state} as s on s.entity = l.entity and s.id = l.id
    where l.entity = ${entity} and l.source_object = ${driver.name} and s.status in ${UNCOLLECTED}
  )`;

export const collectedLines = ({ entity, driver }: Scope): RawBuilder<unknown> =>
  sql`(
    select l.* from revenue.line as r join staging.line as l on l.entity = r.entity and l.id = r.line
    where r.entity = ${entity} and l.source_object = ${driver.name}
  )`;
