import { sql } from 'kysely';

import type { Db } from '../../database.ts';

/**
 * Makes `windowed`: where the window starts that the days of `spoken` lie in. A window is counted from its first document, its first day included: of 30 days from
 * 1 January it ends with 30 January. A document goes
 *
 * 1. into the window of a contract that is there and that its date lies in,
 * 2. else into a window that the documents of this collection open, in the order of their dates,
 * 3. else, when it is dated before a contract's window and would have reached its first day, to that contract.
 *
 * What was collected stays where it is, and windows do not move, so of the documents of one collection the order does
 * not matter; a document that comes in a later one than documents dated after it finds their windows as they are.
 */
export async function openWindows(trx: Db, org: string, leaving: readonly string[]): Promise<void> {
  await sql`
    create temporary table windowed (base text, days integer, day date, start date) on commit drop`.execute(
    trx,
  );
  const { rows } = await sql<{ some: boolean }>`
    select exists (select from spoken where day is not null) as some`.execute(trx);
  if (rows[0]?.some !== true) return;
  await takeWindowsThatAreThere(trx, org, leaving);
  await sql`
    create temporary table dated on commit drop as
    select d.base, d.day, d.days,
      (select max(a.start) from anchor as a
        where a.base = d.base and a.start <= d.day and a.start > d.day - d.days) as inside,
      (select min(a.start) from anchor as a
        where a.base = d.base and a.start > d.day and a.start < d.day + d.days) as reached
    from (select distinct base, day, days from spoken where day is not null) as d`.execute(trx);
  await sql`create index on dated (base, days, day) where inside is null and reached is null`.execute(trx);
  await sql`analyze dated`.execute(trx);
  await sql`
    with recursive opened as (
      select base, days, min(day) as start from dated where inside is null and reached is null group by base, days
      union all
      select o.base, o.days, next.day from opened as o cross join lateral (
        select d.day from dated as d
        where d.base = o.base and d.days = o.days and d.inside is null and d.reached is null
          and d.day >= o.start + o.days
        order by d.day limit 1
      ) as next
    )
    insert into windowed (base, days, day, start)
    select d.base, d.days, d.day, coalesce(d.inside, o.start, d.reached)
    from dated as d
    left join opened as o on o.base = d.base and o.days = d.days and d.day >= o.start and d.day < o.start + o.days`.execute(
    trx,
  );
  await sql`analyze windowed`.execute(trx);
}

/** `anchor`: where the windows of contracts with these keys start. Their keys end in it. An empty one has none. */
async function takeWindowsThatAreThere(trx: Db, org: string, leaving: readonly string[]): Promise<void> {
  await sql`
    create temporary table anchor on commit drop as
    select left(r.key, -length('|YYYY-MM-DD')) as base, r.window_start as start from revenue.contract as r
    where r.org = ${org} and r.window_start is not null and r.id <> all(${leaving}::text[])
      and left(r.key, -length('|YYYY-MM-DD')) in (select base from spoken where day is not null)
      and exists (select from revenue.booking as b where b.org = r.org and b.contract = r.id)`.execute(trx);
  await sql`create index on anchor (base, start)`.execute(trx);
  await sql`analyze anchor`.execute(trx);
}
