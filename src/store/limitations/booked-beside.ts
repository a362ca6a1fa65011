import { type RawBuilder, sql } from 'kysely';

import { BOOKED_BESIDE_STANDALONE, FINDING_TEXTS } from '../../domain/findings.ts';
import { joined, rowsOf } from '../../limitations/rows.ts';
import type { Db } from '../database.ts';
import { followedId } from '../transform/billing-fields.ts';
import { keepFindings, type Reporting } from './keep-findings.ts';

/**
 * Opens a finding for every SO line of a charge that stands in a contract beside SO lines that were made for invoice
 * items of the same charge, with what these book, and resolves it when either comes to nothing.
 */
export async function reportBookedBeside(trx: Db, reporting: Reporting): Promise<void> {
  const text = FINDING_TEXTS[BOOKED_BESIDE_STANDALONE];
  if (text === undefined) return;
  await keepFindings(trx, reporting, {
    texts: { [BOOKED_BESIDE_STANDALONE]: text },
    wanted: bookedBeside(reporting.entity),
  });
}

/** What is left of what was made after its credits. */
const NET = sql`(made.amount + made.lifted - made.conceded)`;

const bookedBeside = (entity: string): RawBuilder<unknown> => sql`
    select ${BOOKED_BESIDE_STANDALONE}::text as finding, 'RatePlanCharge' as object, l.source_id as id, l.id as line,
      sum(${NET}) as amount, l.transaction_currency as currency,
      concat('it books ', trim_scale(b.amount), ', and they book ', trim_scale(sum(${NET})), ': ',
        string_agg(made.so_line_id, ', ' order by made.so_line_id)) as detail
    from revenue.booking as made
    cross join lateral (select ${entity}::text as entity) as own
    join staging.line as of on of.entity = made.entity and of.id = made.line and of.source_object = 'InvoiceItem'
    join ${rowsOf('InvoiceItem')} on "InvoiceItem".entity = of.entity and "InvoiceItem".id = of.source_id
    join ${rowsOf('RatePlanCharge')} on "RatePlanCharge".entity = of.entity
      and "RatePlanCharge".id = "InvoiceItem".rate_plan_charge_id
    ${joined('InvoiceItem', sql`"InvoiceItem".applied_to_invoice_item_id`, 'AppliedToItem')}
    ${joined('RatePlanCharge', sql`"AppliedToItem".rate_plan_charge_id`, 'AppliedToCharge')}
    join revenue.booking as b on b.org = made.org and b.entity = made.entity and b.so_line_id = ${followedId}
    join staging.line as l on l.entity = b.entity and l.id = b.line and l.source_object = 'RatePlanCharge'
    where made.entity = ${entity} and starts_with(made.so_line_id, 'REVSYNC-') and ${NET} <> 0 and b.amount <> 0
    group by l.source_id, l.id, l.transaction_currency, b.amount`;
