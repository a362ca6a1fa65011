import { sql } from 'kysely';

import type { Db } from '../database.ts';

export interface Collecting {
  readonly org: string;
  readonly collection: string;
  /** First day after the open period. */
  readonly periodEnd: string;
}

/**
 * Collects the eligible SO lines. Of the versions of one SO line the newest eligible one stands, older ones
 * are superseded (design 9 (16, 28)); a line of a known SO line follows it into its contract, a new one
 * goes where its key says: subscription name, else customer number, and term number.
 */
export async function collectBookings(trx: Db, { org, collection, periodEnd }: Collecting): Promise<void> {
  await sql`
    update candidate as c set outcome = case
        when c.so_book_date >= ${periodEnd}::date then 'waits-for-open-period'
        when exists (
          select from revenue.booking as o
          where o.org = ${org} and o.so_line_id = c.so_line_id and o.version > c.version
        ) then 'superseded'
        else 'collected'
      end
    where c.type = 'SO'`.execute(trx);
  await sql`
    update candidate as c set outcome = 'superseded'
    from (
      select entity, id, row_number() over (
        partition by so_line_id order by version desc, sequence_number desc, id desc
      ) as place from candidate where type = 'SO' and outcome = 'collected'
    ) as ranked
    where ranked.place > 1 and ranked.entity = c.entity and ranked.id = c.id`.execute(trx);

  await placeInContracts(trx, org);
  await sql`
    insert into revenue.line (entity, org, line, type, contract, so_line_id, amount, currency, collection)
    select entity, ${org}, id, type, contract, so_line_id, amount, currency, ${collection}
    from candidate where type = 'SO' and outcome = 'collected'`.execute(trx);
  await sql`
    insert into revenue.obligation (org, id, contract, charge, name, template, assigned_by, setup, setup_version,
      ratable_method, release_event)
    select distinct ${org}, revenue.id_of('POB', ${org}, contract || '|' || revenue.charge_of(so_line_id)), contract,
      revenue.charge_of(so_line_id), revenue.charge_of(so_line_id), 'Automatic', 'automatic', 'Pre-Configured', 1,
      'Ratable', 'Upon Booking'
    from candidate where type = 'SO' and outcome = 'collected'
    on conflict (org, id) do nothing`.execute(trx);
  await sql`
    insert into revenue.booking (org, so_line_id, contract, obligation, entity, line, version, amount, currency)
    select ${org}, so_line_id, contract,
      revenue.id_of('POB', ${org}, contract || '|' || revenue.charge_of(so_line_id)), entity, id, version, amount, currency
    from candidate where type = 'SO' and outcome = 'collected'
    on conflict (org, so_line_id) do update set entity = excluded.entity, line = excluded.line,
      version = excluded.version, amount = excluded.amount, currency = excluded.currency`.execute(trx);
  await writeVersions(trx, org, collection);
}

async function placeInContracts(trx: Db, org: string): Promise<void> {
  await sql`
    update candidate as c set contract = coalesce(
      (select o.contract from revenue.booking as o where o.org = ${org} and o.so_line_id = c.so_line_id),
      'RC-' || left(encode(sha256(convert_to(
        ${org} || '|' || coalesce(c.subscription_name, c.customer_number) || '|' || c.term, 'UTF8')), 'hex'), 12))
    where c.type = 'SO' and c.outcome = 'collected'`.execute(trx);
  await sql`
    insert into changed_contract (id, cause)
    select c.contract, case when r.id is null then 'New contract'
        else coalesce(nullif(string_agg(distinct c.amendment_reason, ', ') filter (where c.amendment_reason <> ''), ''), 'Booking') end
    from candidate as c left join revenue.contract as r on r.org = ${org} and r.id = c.contract
    where c.type = 'SO' and c.outcome = 'collected' and c.contract is not null
    group by c.contract, r.id`.execute(trx);
  await sql`
    insert into revenue.contract (org, id, key, subscription, term)
    select distinct on (contract) ${org}, contract, coalesce(subscription_name, customer_number) || '|' || term,
      subscription_name, term
    from candidate where type = 'SO' and outcome = 'collected'
    order by contract, id
    on conflict (org, id) do nothing`.execute(trx);
}

/** A version per contract and collection, with what the booking lines were before. */
async function writeVersions(trx: Db, org: string, collection: string): Promise<void> {
  await sql`
    update revenue.contract as r set version = r.version + 1
    from changed_contract as ch
    where r.org = ${org} and r.id = ch.id and exists (
      select from revenue.contract_version as v where v.org = r.org and v.contract = r.id
    )`.execute(trx);
  await sql`
    insert into revenue.contract_version (org, contract, version, cause, changes, collection, made_by)
    select ${org}, r.id, r.version, ch.cause,
      jsonb_agg(jsonb_build_object('line', c.id, 'amount', trim_scale(c.amount)::text, 'was', was.line,
        'wasAmount', trim_scale(was.amount)::text) order by c.id),
      ${collection}, 'revsync'
    from changed_contract as ch
    join revenue.contract as r on r.org = ${org} and r.id = ch.id
    join candidate as c on c.contract = ch.id and c.type = 'SO' and c.outcome = 'collected'
    left join lateral (
      select l.line, l.amount from revenue.line as l
      where l.org = ${org} and l.so_line_id = c.so_line_id and l.type = 'SO' and l.line <> c.id
      order by l.collection desc limit 1
    ) as was on true
    group by r.id, r.version, ch.cause`.execute(trx);
}
