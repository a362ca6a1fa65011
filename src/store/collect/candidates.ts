import { sql } from 'kysely';

import type { Db } from '../database.ts';
import { contentOf } from '../lines/content.ts';
import type { RuleBook } from '../validation/rules-of-org.ts';
import { standingAlone } from './standing-alone.ts';
import { keepsOwnRules } from './validate.ts';

/**
 * `candidate`: the lines that a collection settles. Those that are ready or waiting, those that collection itself
 * stopped (the cause may have gone), and those that a person decided on. Beside what the lines say:
 *
 * - `form`: 1, or the n of a line `...#n`. Such a line has the version of the collected one it comes after, and of two
 *   of one version the higher form is the newer.
 * - `released_as`: what a person released a stopped or waiting line as: `correction` or `amendment` of the form that
 *   was collected, `standalone`, or `new-contract`. Else null.
 * - `so_line_id`: not always the line's own. A billing that stands alone has that of the booking made for it, and
 *   so have the credits of that billing.
 * - `ends`, `credits`: first day after the service period; the invoice line that a credit names.
 * - `sound`, `overridden`: whether it keeps the rules of validation about itself; whether a person lets it pass those
 *   that can be overridden.
 * - `stale`: an SO line superseded by a newer version that was collected earlier, so it came late.
 * - `outcome`: null until a phase decides; then `collected`, `superseded`, `rejected`, `waits-for-...` or the id of the
 *   rule that stops the line. A phase decides on lines without an outcome only.
 * - `contract`: where a collected line goes.
 * - `why`: names the text of what the line waits for, where it is not the outcome's own.
 *
 * `stop`: why lines are stopped, one row per line and rule, as their holds will say it. A phase that stops a line sets
 * its outcome to the rule's id and adds its row here.
 *
 * With `collected`, which is for trying rules only, lines that are collected are among them.
 */
export async function takeCandidates(
  trx: Db,
  org: string,
  book: RuleBook,
  { collected = false }: { readonly collected?: boolean } = {},
): Promise<void> {
  await sql`
    create temporary table candidate on commit drop as
    with alone as materialized (${standingAlone(org)}
    ), invoiced_alone as (
      select distinct entity, base, so_line_id from alone
    )
    select l.entity, l.id, l.type, l.form, coalesce(own.so_line_id, invoice.so_line_id, l.so_line_id) as so_line_id,
      l.subscription_name, l.customer_number, l.term_number::integer as term,
      coalesce(l.subscription_version, 0) as version, l.sequence_number, l.ext_sell_price as amount,
      l.transaction_currency as currency, l.so_book_date, l.invoice_date, l.amendment_reason,
      l.revenue_end_date as ends, 'INV:' || l.original_invoice_line_id as credits,
      case when ${OVERRIDES} then null when r.released_as <> 'rejected' then r.released_as end as released_as,
      ${keepsOwnRules(book)} as sound, coalesce(${OVERRIDES}, false) as overridden, false as stale,
      case when r.released_as = 'rejected' then 'rejected' end as outcome, null::text as contract,
      null::text as why
    from ${
      collected
        ? ALL_LINES
        : sql`staging.line_state as s
    join staging.line as l on l.entity = s.entity and l.id = s.id`
    }
    left join staging.release as r on r.entity = l.entity and r.line = l.id
      and r.content is not distinct from ${contentOf('l')} -- no key to join by: it would be told of every line
    left join alone as own on own.entity = l.entity and own.id = l.id
    left join invoiced_alone as invoice on invoice.entity = l.entity
      and invoice.base = 'INV:' || l.original_invoice_line_id
    where ${collected ? sql`l` : sql`s`}.org = ${org}
      and ${collected ? sql`coalesce(s.status, 'ready')` : sql`s.status`} in ('ready', 'waiting', 'stopped')
      and (l.withheld is null or r.line is not null)`.execute(trx);
  await sql`
    create temporary table stop (
      entity text not null, id text not null, limitation text not null, kind text not null default 'validation',
      message text not null, remedy text not null, unique (entity, id, limitation)
    ) on commit drop`.execute(trx);
  await sql`analyze candidate`.execute(trx);
}

/** A line that was formed without a fault can only have been stopped by collection: the release lets it pass. */
const OVERRIDES = sql`(l.withheld is null and r.released_as in ('correction', 'amendment'))`;

const ALL_LINES = sql`staging.line as l left join staging.line_state as s on s.entity = l.entity and s.id = l.id`;
