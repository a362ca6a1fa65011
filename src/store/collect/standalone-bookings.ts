import { type RawBuilder, sql } from 'kysely';

import { STAGING_FIELDS } from '../../domain/mapping/staging-fields.ts';
import type { Db } from '../database.ts';
import { contentOf } from '../lines/content.ts';
import { firstBookingOf, madeFor, standingAlone } from './standing-alone.ts';

/** What the booking made for a billing has of its own; the rest is the billing's (see transform/billing-fields.ts). */
const OWN: Readonly<Record<string, RawBuilder<unknown>>> = {
  so_line_id: madeFor('l'),
  so_number: sql`l.invoice_num`,
  sequence_number: sql`'1.1.' || split_part(l.sequence_number, '.', 3)`,
  term_number: sql`1`,
  ordered_qty: sql`coalesce(l.ordered_qty, l.invoice_qty, 1)`,
  ext_list_price: sql`l.ext_sell_price`,
  sales_order_date: sql`l.invoice_date`,
  so_book_date: sql`l.invoice_date`,
  revenue_end_date: sql`coalesce(l.revenue_end_date, l.revenue_start_date + 1)`,
  ct_mod_date: sql`null`,
  amendment_reason: sql`''`,
  skip_ct_mod: sql`'No'`,
  invoice_line_id: sql`null`,
  original_so_line_id: sql`null`,
  original_invoice_line_id: sql`null`,
};

/**
 * Makes the SO lines of billings that stand alone and have none yet; each is then ready. A later form of such a billing,
 * released to count instead of the one that was collected, has a form of the SO line, released as it was. The SO
 * line of a billing that a person rejected after all is rejected with it, until the billing is released again.
 */
export async function bookStandalone(trx: Db, org: string): Promise<void> {
  await takeBilled(trx, org);
  await makeBookings(trx);
  await bringBack(trx);
  await releaseLaterForms(trx);
  await withdraw(trx, org);
}

/** `billed_alone`: the billings that can be collected as standalone, with the SO line each has or gets. */
async function takeBilled(trx: Db, org: string): Promise<void> {
  await sql`
    create temporary table billed_alone on commit drop as
    select a.*, d.released_as, d.reason, d.released_by
    from (${standingAlone(org)}) as a
    join staging.line as l on l.entity = a.entity and l.id = a.id
    join staging.line_state as s on s.entity = a.entity and s.id = a.id
      and s.status in ('ready', 'waiting', 'stopped')
    left join staging.release as d on d.entity = a.entity and d.line = a.id and d.content = ${contentOf('l')}
    where (l.withheld is null or d.line is not null) and d.released_as is distinct from 'rejected'`.execute(
    trx,
  );
}

async function makeBookings(trx: Db): Promise<void> {
  const columns = STAGING_FIELDS.map(({ column }) => column);
  await sql`
    with made as (
      insert into staging.line (entity, org, id, type, form, source_object, source_id, template, template_version,
        run, sources, withheld, ${sql.join(columns.map((column) => sql.ref(column)))})
      select l.entity, l.org, b.booking, 'SO', b.booking_form, l.source_object, l.source_id, l.template,
        l.template_version, l.run, l.sources, case when b.booking_form > 1 then l.withheld end,
        ${sql.join(columns.map((column) => OWN[column] ?? sql.id('l', column)))}
      from billed_alone as b join staging.line as l on l.entity = b.entity and l.id = b.id
      on conflict (entity, id) do nothing
      returning entity, org, id
    )
    insert into staging.line_state (entity, org, id, status) select entity, org, id, 'ready' from made`.execute(
    trx,
  );
}

/** Those that were rejected with their billing; what a person rejected of itself stays so. */
async function bringBack(trx: Db): Promise<void> {
  await sql`
    update staging.line_state as s set status = 'ready'
    from billed_alone as b join staging.line as l on l.entity = b.entity and l.id = b.booking
    where s.entity = b.entity and s.id = b.booking and s.status = 'rejected' and not exists (
      select from staging.release as r
      where r.entity = s.entity and r.line = s.id and r.released_as = 'rejected' and r.content = ${contentOf('l')}
    )`.execute(trx);
}

/** The contract then says of the booking what it says of the billing: as what it was released, and by whom. */
async function releaseLaterForms(trx: Db): Promise<void> {
  await sql`
    insert into staging.release (entity, org, line, released_as, content, reason, released_by)
    select l.entity, l.org, l.id, case b.released_as when 'standalone' then 'correction' else b.released_as end,
      ${contentOf('l')}, b.reason, b.released_by
    from billed_alone as b
    join staging.line as l on l.entity = b.entity and l.id = b.booking
    join staging.line_state as s on s.entity = l.entity and s.id = l.id and s.status = 'ready'
    where b.booking_form > 1
    on conflict (entity, line) do update set released_as = excluded.released_as, content = excluded.content,
      reason = excluded.reason, released_by = excluded.released_by, released_at = now()`.execute(trx);
}

/** Of a billing that was decided on otherwise since; a collected SO line stays. */
async function withdraw(trx: Db, org: string): Promise<void> {
  await sql`
    with withdrawn as (
      update staging.line_state as s set status = 'rejected'
      from staging.release as r
      join staging.line as l on l.entity = r.entity and l.id = r.line and l.type = 'INV'
        and l.so_line_id is distinct from ${madeFor('l')}
      where r.org = ${org} and s.entity = l.entity and s.status in ('ready', 'waiting', 'stopped')
        and s.id in (${firstBookingOf('l')}, ${firstBookingOf('l')} || '#' || l.form) and not exists (
          select from billed_alone as b where b.entity = s.entity and b.booking = s.id
        )
      returning s.entity, s.id
    )
    delete from staging.hold as h using withdrawn as w where h.entity = w.entity and h.line = w.id`.execute(
    trx,
  );
}
