import { type RawBuilder, sql } from 'kysely';

import type { LineType } from '../../../schema/database.ts';
import { STAGING_FIELDS } from '../../domain/mapping/staging-fields.ts';
import type { Db } from '../database.ts';
import { collectedLines, type Scope } from './dry-tables.ts';

/** Counts are exact text. */
export interface LineChanges {
  readonly added: string;
  readonly removed: string;
  /** Lines that stay, with another value in a field or held by something else. */
  readonly changed: string;
  /** Lines that stay as they are, the collected ones among them. */
  readonly unchanged: string;
  readonly collected: string;
  /** Ids of some. */
  readonly addedSample: readonly string[];
  readonly removedSample: readonly string[];
  /** Lines that go and come back as lines of another type, and so with another id: `added` and `removed` have them. */
  readonly retyped: readonly {
    readonly before: LineType;
    readonly after: LineType;
    readonly lines: string;
  }[];
}

const row = (alias: string): RawBuilder<unknown> =>
  sql`row(${sql.join([
    sql.id(alias, 'withheld'),
    ...STAGING_FIELDS.map(({ column }) => sql.id(alias, column)),
  ])})`;

/** Positions in `STAGING_FIELDS` of the fields in which the lines `b` and `a` differ. */
export const FIELDS = sql`array_remove(array[${sql.join(
  STAGING_FIELDS.map(
    ({ column }, at) =>
      sql`case when ${sql.id('b', column)} is distinct from ${sql.id('a', column)} then ${sql.lit(at)} end`,
  ),
)}]::smallint[], null)`;

/**
 * `difference`: the lines that only one side has (`was` before, `is` after), and those of both that differ in a field or
 * in what holds them.
 */
export async function takeDifferences(
  trx: Db,
  before: RawBuilder<unknown>,
  after: RawBuilder<unknown>,
): Promise<void> {
  await sql`drop table if exists pg_temp.difference`.execute(trx);
  await sql`
    create temporary table difference on commit drop as
    select coalesce(a.id, b.id) as id, b.id is not null as was, a.id is not null as "is",
      coalesce(a.source_id, b.source_id) as source_id, b.type as type_before, a.type as type_after,
      b.withheld as held_before, a.withheld as held_after,
      case when a.id is not null and b.id is not null then ${FIELDS} else '{}' end as fields,
      array[b.so_line_id, a.so_line_id] as so_lines
    from ${before} as b full join ${after} as a on a.id = b.id
    where a.id is null or b.id is null or ${row('a')} is distinct from ${row('b')}`.execute(trx);
  await sql`analyze pg_temp.difference`.execute(trx);
}

/** Counts `difference` up, and what is in none. */
export async function lineChanges(
  trx: Db,
  scope: Scope,
  before: RawBuilder<unknown>,
  samples: number,
): Promise<LineChanges> {
  const { rows } = await sql<Omit<LineChanges, 'retyped'>>`
    with counted as (
      select count(*) filter (where not was) as added, count(*) filter (where not "is") as removed,
        count(*) filter (where was and "is") as changed
      from difference
    ), collected as (select count(*) as lines from ${collectedLines(scope)} as l)
    select added, removed, changed, collected.lines as collected,
      (select count(*) from ${before} as l) - removed - changed + collected.lines as unchanged,
      ${sample(sql`not was`, samples)} as "addedSample", ${sample(sql`not "is"`, samples)} as "removedSample"
    from counted, collected`.execute(trx);
  const [counts] = rows;
  return { ...(counts ?? NONE), retyped: await retyped(trx) };
}

const NONE = {
  added: '0',
  removed: '0',
  changed: '0',
  unchanged: '0',
  collected: '0',
  addedSample: [],
  removedSample: [],
};

const sample = (which: RawBuilder<unknown>, samples: number): RawBuilder<unknown> =>
  sql`array(select id from difference where ${which} order by id collate "C" limit ${samples})`;

/** A driver has one line besides its booking, so the lines are paired by it. */
async function retyped(trx: Db): Promise<LineChanges['retyped']> {
  const { rows } = await sql<LineChanges['retyped'][number]>`
    select gone.type_before as before, come.type_after as after, count(*) as lines
    from difference as gone join difference as come on come.source_id = gone.source_id and not come.was
    where not gone."is" and gone.type_before <> come.type_after and 'SO' not in (gone.type_before, come.type_after)
    group by 1, 2 order by 1, 2`.execute(trx);
  return rows;
}
