import { sql } from 'kysely';

import type { Db } from '../database.ts';
import { formedBy, invoiceDriven } from './charge-kind.ts';
import { placeInContracts } from './group.ts';
import { assignObligations } from './obligations.ts';

export interface Collecting {
  readonly org: string;
  readonly collection: string;
  /** First day after the open period. */
  readonly periodEnd: string;
}

/**
 * Collects the SO lines that `eligibility` chose: each goes into its contract and its obligation, and its booking
 * stands at it from now on. Makes `booking_before` for the phases after it: the bookings of these SO lines as they
 * stood.
 */
export async function collectBookings(trx: Db, { org, collection }: Collecting): Promise<void> {
  await placeInContracts(trx, org);
  await sql`analyze candidate`.execute(trx);
  await sql`
    create temporary table booking_before on commit drop as
    select b.* from revenue.booking as b
    where b.org = ${org} and b.so_line_id in (
      select so_line_id from candidate where type = 'SO' and outcome = 'collected'
    )`.execute(trx);
  await sql`analyze booking_before`.execute(trx);
  await assignObligations(trx, org);
  await sql`
    insert into revenue.line (entity, org, line, type, contract, so_line_id, amount, currency, collection,
      version, dated, ends)
    select entity, ${org}, id, type, contract, so_line_id, amount, currency, ${collection},
      version, so_book_date, ends
    from candidate where type = 'SO' and outcome = 'collected'`.execute(trx);
  await bookLines(trx, org);
  await dropEmptyObligations(trx, org);
}

async function bookLines(trx: Db, org: string): Promise<void> {
  const formed = { line: 'l', template: 't' };
  await sql`
    insert into revenue.booking as b (org, so_line_id, contract, obligation, entity, line, version, amount, currency,
      invoice_driven)
    select ${org}, c.so_line_id, c.contract,
      revenue.id_of('POB', ${org}, c.contract || '|' || revenue.charge_of(c.so_line_id)), c.entity, c.id, c.version,
      c.amount, c.currency, ${invoiceDriven(formed)}
    from candidate as c
    join staging.line as l on l.entity = c.entity and l.id = c.id
    ${formedBy('l', 't')}
    where c.type = 'SO' and c.outcome = 'collected'
    on conflict (org, so_line_id) do update set contract = excluded.contract, obligation = excluded.obligation,
      entity = excluded.entity, line = excluded.line, version = excluded.version, amount = excluded.amount,
      currency = excluded.currency, invoice_driven = excluded.invoice_driven`.execute(trx);
}

/** Of SO lines that a person gave a contract of their own. */
async function dropEmptyObligations(trx: Db, org: string): Promise<void> {
  await sql`
    delete from revenue.obligation as o using booking_before as w
    where o.org = ${org} and o.id = w.obligation and not exists (
      select from revenue.booking as b where b.org = o.org and b.contract = o.contract and b.obligation = o.id
    )`.execute(trx);
}
