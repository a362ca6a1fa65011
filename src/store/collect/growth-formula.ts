import { type RawBuilder, sql } from 'kysely';

/**
 * `growthOf` (src/domain/growth) in SQL: the rows of `billed` (a query with the columns so_line_id, booked,
 * invoice_driven, invoiced_before, invoiced_since, credited, reversed) with what each comes to: `lifted`,
 * `conceded`, `system_credit`, `system_return`, without trailing zeros. A property test holds the two equal.
 */
export const growthFormula = (
  billed: RawBuilder<unknown>,
  allowOverstated: boolean,
): RawBuilder<unknown> => sql`
  select b.*, trim_scale(d.way * a.accounted) as lifted,
    trim_scale(d.way * greatest(0, - d.way * b.credited - o.overstated)) as conceded,
    trim_scale(- d.way * (e.excess - a.accounted)) as system_credit,
    trim_scale(- d.way * least(greatest(0, - d.way * n.net), greatest(0, - d.way * b.reversed))) as system_return
  from (${billed}) as b
  cross join lateral (
    select b.invoiced_before + b.invoiced_since + b.credited + b.reversed as net
  ) as n
  cross join lateral (
    select case when b.booked <> 0 then sign(b.booked)
      when b.invoiced_before + b.invoiced_since <> 0 then sign(b.invoiced_before + b.invoiced_since)
      else - sign(b.credited + b.reversed) end as way
  ) as d
  cross join lateral (select greatest(0, d.way * (n.net - b.booked)) as excess) as e
  cross join lateral (
    select greatest(0, d.way * (b.invoiced_before + b.invoiced_since + b.reversed - b.booked)) as overstated
  ) as o
  cross join lateral (
    select case when b.invoice_driven then e.excess
      when ${allowOverstated} then least(e.excess, greatest(0, d.way * b.invoiced_since)) else 0 end as accounted
  ) as a`;
