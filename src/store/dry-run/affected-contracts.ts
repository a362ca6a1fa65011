import { type RawBuilder, sql } from 'kysely';

import type { GroupingTemplate } from '../../domain/grouping/grouping-template.ts';
import { placeSoLines } from '../collect/grouping/placing.ts';
import type { Db } from '../database.ts';
import { defaultSetup } from '../setups/default-setup.ts';

/** Revenue contracts that lines of `difference` belong to or would be collected into. */
export interface AffectedContracts {
  /** Exact text. */
  readonly count: string;
  readonly sample: readonly string[];
}

interface Sides {
  readonly org: string;
  /** The lines as the one template forms them, and as the other does. */
  readonly before: RawBuilder<unknown>;
  readonly after: RawBuilder<unknown>;
  readonly samples: number;
}

/**
 * By the SO line that a line belongs to; a booking of an unknown one by where the grouping template that is the
 * organisation's default would place it.
 */
export async function affectedContracts(
  trx: Db,
  { org, before, after, samples }: Sides,
): Promise<AffectedContracts> {
  await sql`
    create temporary table affected on commit drop as
    select distinct o.contract from (select distinct unnest(so_lines) as so_line_id from difference) as d
    join revenue.booking as o on o.org = ${org} and o.so_line_id = d.so_line_id`.execute(trx);
  const template = await defaultSetup<GroupingTemplate>(trx, 'grouping', org);
  if (template !== undefined) {
    for (const lines of [before, after]) {
      await placeSoLines(trx, { org, template: template.body, lines, speakers: newBookings(org, lines) });
      await sql`
        insert into affected (contract)
        select p.contract from placed as p join revenue.contract as c on c.org = ${org} and c.id = p.contract`.execute(
        trx,
      );
    }
  }
  const { rows } = await sql<AffectedContracts>`
    with affected as (select distinct contract from affected)
    select (select count(*) from affected) as count,
      array(select contract from affected order by contract collate "C" limit ${samples}) as sample`.execute(
    trx,
  );
  return rows[0] ?? { count: '0', sample: [] };
}

/** Those of `difference` whose SO line no contract has yet. */
const newBookings = (org: string, lines: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  select l.so_line_id, l.entity, l.id, coalesce(l.subscription_version, 0) as version, l.form, l.sequence_number
  from ${lines} as l join difference as d on d.id = l.id
  where l.type = 'SO' and not exists (
    select from revenue.booking as b where b.org = ${org} and b.so_line_id = l.so_line_id
  )`;
