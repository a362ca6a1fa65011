import { type RawBuilder, sql } from 'kysely';

import type { GroupingTemplate } from '../../../domain/grouping/grouping-template.ts';
import type { Db } from '../../database.ts';
import { groupingSql } from './keys.ts';
import { joinReferences } from './references.ts';
import { openWindows } from './windows.ts';

export interface Placing {
  readonly org: string;
  readonly template: GroupingTemplate;
  /** The lines that speak for their SO lines: `so_line_id, entity, id, version, form, sequence_number`. */
  readonly speakers: RawBuilder<unknown>;
  /** Where those lines are; `staging.line` when left out. */
  readonly lines?: RawBuilder<unknown>;
  /** Contracts that are taken apart: their windows and references do not count. */
  readonly leaving?: readonly string[];
}

/**
 * Makes `placed`: the contract of each SO line by the template. Of the lines that speak for it, the first version that has
 * a key decides.
 *
 * - `rule`, `base`, `reference`, `subscription`, `customer`, `term`: what the template says of that line; `rule` is null
 *   where no rule gives a key, and so is all that follows.
 * - `window_start`: of a rule with a window, the day it is counted from.
 * - `key`, `own`: key and id of the contract that the line makes by itself.
 * - `contract`: where it goes: `own`, or where its reference leads.
 */
export async function placeSoLines(
  trx: Db,
  { org, template, speakers, lines = sql.table('staging.line'), leaving = [] }: Placing,
): Promise<void> {
  await sql`
    drop table if exists pg_temp.spoken, pg_temp.windowed, pg_temp.anchor, pg_temp.dated, pg_temp.placed, pg_temp.referred`.execute(
    trx,
  );
  await hearSpeakers(trx, template, speakers, lines);
  await openWindows(trx, org, leaving);
  await sql`
    create temporary table placed on commit drop as
    with keyed as (
      select s.*, w.start as window_start, s.base || coalesce('|' || to_char(w.start, 'YYYY-MM-DD'), '') as key
      from spoken as s left join windowed as w on w.base = s.base and w.days = s.days and w.day = s.day
    ), contract as (
      select key, revenue.id_of('RC', ${org}, key) as id from (select distinct key from keyed where key is not null) as k
    )
    select keyed.*, contract.id as own, contract.id as contract
    from keyed left join contract on contract.key = keyed.key`.execute(trx);
  await sql`analyze placed`.execute(trx);
  if (template.secondary != null) await joinReferences(trx, { org, leaving, secondary: template.secondary });
}

/** `spoken`: what the template says of the SO lines. */
async function hearSpeakers(
  trx: Db,
  template: GroupingTemplate,
  speakers: RawBuilder<unknown>,
  lines: RawBuilder<unknown>,
): Promise<void> {
  const says = groupingSql(template, 'l');
  await sql`
    create temporary table spoken on commit drop as
    select distinct on (s.so_line_id collate "C") s.so_line_id, l.so_book_date as booked, chosen.rule,
      ${says.base} as base, ${says.day} as day, ${says.days} as days, ${says.reference} as reference,
      ${says.subscription} as subscription, ${says.customer} as customer, ${says.term} as term
    from (${speakers}) as s
    join ${lines} as l on l.entity = s.entity and l.id = s.id
    cross join lateral (select ${says.rule} as rule) as chosen
    order by s.so_line_id collate "C", chosen.rule is null, s.version, s.form, s.sequence_number collate "C",
      s.id collate "C"`.execute(trx);
}
