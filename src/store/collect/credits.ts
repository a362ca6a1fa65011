import { type RawBuilder, sql } from 'kysely';

import type { Db } from '../database.ts';

/**
 * Which invoices the credits of the touched SO lines take back: first the one that a credit names, then, in the order
 * of the credits' dates, the latest invoice first (domain.md 3.2). What finds no invoice stays unapplied. Never across
 * SO lines, currencies or signs, so `pool` stands for the three; amounts in between are without sign.
 */
export async function applyCredits(trx: Db, org: string): Promise<void> {
  await takeParties(trx, org);
  await sql`
    create temporary table named_application on commit drop as
    select credit, invoice, amount from (
      select c.n as credit, i.n as invoice,
        least(i.amount, c.upto) - least(i.amount, c.upto - c.amount) as amount
      from (${running(sql`party where not invoice and names is not null`, sql`entity, names`)}) as c
      join party as i on i.invoice and i.entity = c.entity and i.base = c.names and i.pool = c.pool
    ) as taken where amount > 0`.execute(trx);
  await sql`
    delete from revenue.credit_application as a using crediting as t
    where a.org = ${org} and a.so_line_id = t.so_line_id`.execute(trx);
  await sql`
    insert into revenue.credit_application (org, so_line_id, credit_entity, credit, invoice_entity, invoice, amount, referenced)
    select ${org}, i.so_line_id, c.entity, c.line, i.entity, i.line, trim_scale(i.side * a.amount), a.referenced
    from (
      select credit, invoice, amount, true as referenced from named_application
      union all
      select credit, invoice, amount, false from (${lastInvoicesFirst}) as rest
    ) as a
    join party as c on c.n = a.credit
    join party as i on i.n = a.invoice`.execute(trx);
}

/**
 * `crediting`: the touched SO lines with credits; `party`: their invoices and credits. A credit names the `base` of an
 * invoice line, whatever form of it (`INV:x#2`) counts.
 */
async function takeParties(trx: Db, org: string): Promise<void> {
  await sql`
    create temporary table crediting on commit drop as
    select distinct l.so_line_id from touched as t
    join revenue.line as l on l.org = ${org} and l.so_line_id = t.so_line_id and l.type in ('CM', 'CM-C')`.execute(
    trx,
  );
  await sql`analyze crediting`.execute(trx);
  await sql`
    create temporary table party on commit drop as
    select row_number() over () as n, dense_rank() over (order by l.so_line_id, l.currency, s.side) as pool, l.entity, l.line, l.so_line_id,
      regexp_replace(l.line, '#\\d+$', '') as base, l.type = 'INV' as invoice, abs(l.amount) as amount, s.side, l.dated, l.credits as names
    from crediting as t
    join revenue.line as l on l.org = ${org} and l.so_line_id = t.so_line_id
      and l.type in ('INV', 'CM', 'CM-C') and l.amount <> 0
    cross join lateral (
      select case when l.type = 'INV' then sign(l.amount) else - sign(l.amount) end as side
    ) as s`.execute(trx);
  await sql`analyze party`.execute(trx);
}

/** Credits in their order, each with what they come to so far, itself included. */
const running = (credits: RawBuilder<unknown>, within: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  select *, sum(amount) over (
    partition by ${within} order by dated, line collate "C", entity rows unbounded preceding
  ) as upto from ${credits}`;

/**
 * What named invoices leave, laid end to end: the credits of a pool on one side, its invoices, latest first, on the
 * other. Between two cuts of either there is one credit and one invoice, found by how many cuts lie before: no credit
 * is compared with every invoice.
 */
const lastInvoicesFirst = sql`
  with rest as (
    select p.*, p.amount - coalesce(t.taken, 0) as remaining from party as p
    left join (
      select credit as n, sum(amount) as taken from named_application group by credit
      union all
      select invoice, sum(amount) from named_application group by invoice
    ) as t on t.n = p.n
  ), laid as (
    select pool, n, invoice, row_number() over along as place, sum(remaining) over along as cut
    from rest where remaining > 0
    window along as (
      partition by pool, invoice
      order by case when invoice then - (dated - date '2000-01-01') else dated - date '2000-01-01' end,
        case when not invoice then line end collate "C", case when invoice then line end collate "C" desc, entity
      rows unbounded preceding
    )
  ), cuts as (
    select pool, cut, count(*) filter (where invoice) as invoices, count(*) filter (where not invoice) as credits
    from laid group by pool, cut
  ), pieces as (
    select pool, cut - lag(cut, 1, 0::numeric) over so_far as amount,
      1 + coalesce(sum(invoices) over before, 0) as invoice_place,
      1 + coalesce(sum(credits) over before, 0) as credit_place
    from cuts
    window so_far as (partition by pool order by cut),
      before as (partition by pool order by cut rows between unbounded preceding and 1 preceding)
  )
  select c.n as credit, i.n as invoice, p.amount
  from pieces as p
  join laid as c on c.pool = p.pool and not c.invoice and c.place = p.credit_place
  join laid as i on i.pool = p.pool and i.invoice and i.place = p.invoice_place`;
