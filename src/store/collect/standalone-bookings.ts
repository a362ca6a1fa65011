import { type RawBuilder, sql } from 'kysely';

import { STAGING_FIELDS } from '../../domain/mapping/staging-fields.ts';
import type { Db } from '../database.ts';
import { contentOf } from '../lines/content.ts';

/** What the booking made for a billing has of its own; the rest is the billing's (see transform/billing-fields.ts). */
const OWN: Readonly<Record<string, RawBuilder<unknown>>> = {
  so_line_id: sql`'REVSYNC-' || l.source_id`,
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

/** Makes the SO lines of billings that were released as standalone and have none yet; each is then ready. */
export async function bookStandalone(trx: Db, org: string): Promise<void> {
  const columns = STAGING_FIELDS.map(({ column }) => column);
  await sql`
    with made as (
      insert into staging.line (entity, org, id, type, form, source_object, source_id, template, template_version,
        run, sources, ${sql.join(columns.map((column) => sql.ref(column)))})
      select l.entity, l.org, 'SO:REVSYNC-' || l.source_id || '@1', 'SO', 1, l.source_object, l.source_id, l.template,
        l.template_version, l.run, l.sources, ${sql.join(columns.map((column) => OWN[column] ?? sql.id('l', column)))}
      from staging.release as r
      join staging.line as l on l.entity = r.entity and l.id = r.line and r.content = ${contentOf('l')}
      join staging.line_state as s on s.entity = l.entity and s.id = l.id and s.status in ('ready', 'waiting')
      where r.org = ${org} and r.released_as = 'standalone'
      on conflict (entity, id) do nothing
      returning entity, org, id
    )
    insert into staging.line_state (entity, org, id, status) select entity, org, id, 'ready' from made`.execute(
    trx,
  );
}
