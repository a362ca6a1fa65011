import { type RawBuilder, sql } from 'kysely';

import type { Db } from '../database.ts';

interface HeldLines {
  /** Exact text. */
  readonly count: string;
  readonly sample: readonly string[];
}

/** What changes of the holds with one id. */
export interface HoldChanges {
  readonly limitation: string;
  /** Lines that it holds then and does not hold before, new lines among them. */
  readonly withheld: HeldLines;
  /** Lines that stay and that it no longer holds. */
  readonly released: HeldLines;
}

interface Row {
  readonly limitation: string;
  readonly way: 'withheld' | 'released';
  readonly count: string;
  readonly sample: readonly string[];
}

/** The holds that `difference` gains and loses; what collection waits for is for collection to say. */
export async function holdChanges(trx: Db, samples: number): Promise<HoldChanges[]> {
  const { rows } = await sql<Row>`
    select limitation, way, count, array_agg(id order by place) as sample
    from (
      select *, count(*) over (partition by limitation, way) as count,
        row_number() over (partition by limitation, way order by id collate "C") as place
      from (
        select d.id, h.limitation, 'withheld' as way from difference as d, ${gained('held_after', 'held_before')} as h
        where d."is"
        union all
        select d.id, h.limitation, 'released' from difference as d, ${gained('held_before', 'held_after')} as h
        where d.was and d."is"
      ) as moved
    ) as counted
    where place <= ${samples} group by limitation, way, count order by limitation collate "C"`.execute(trx);
  const none: HeldLines = { count: '0', sample: [] };
  const heldBy = (limitation: string, way: Row['way']): HeldLines => {
    const row = rows.find((each) => each.limitation === limitation && each.way === way);
    return row === undefined ? none : { count: row.count, sample: row.sample };
  };
  return [...new Set(rows.map(({ limitation }) => limitation))].map((limitation) => ({
    limitation,
    withheld: heldBy(limitation, 'withheld'),
    released: heldBy(limitation, 'released'),
  }));
}

/** The hold ids that one column of a difference has and another lacks; each stands there as `id` or `id:detail`. */
const gained = (has: string, lacks: string): RawBuilder<unknown> => sql`lateral (
  select split_part(w, ':', 1) as limitation from unnest(${sql.id('d', has)}) as w
  except select split_part(w, ':', 1) from unnest(${sql.id('d', lacks)}) as w
)`;
