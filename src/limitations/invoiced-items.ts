import { type RawBuilder, sql } from 'kysely';

import { isInRevenue } from './in-revenue.ts';
import type { Footprint, Hit } from './limitation.ts';
import { joined, rowsOf } from './rows.ts';

/** What `fromInvoicedItems` reads. */
export const INVOICED = [
  'InvoiceItem',
  'Invoice',
  'RatePlanCharge',
  'ProductRatePlanCharge',
  'Account',
] as const;

/** Whether an item bills a service, and not the tax on it. */
export const isNoTax = (item: string): RawBuilder<boolean> =>
  sql<boolean>`(lower(${sql.id(item, 'processing_type')}) in ('3', 'tax')) is not true`;

/** `from` the items of posted invoices to their charges, where these fulfil a condition: those that become INV lines. */
export const fromInvoicedItems = (entity: string, condition: RawBuilder<boolean>): RawBuilder<unknown> => sql`
    from ${rowsOf('InvoiceItem')}
    cross join lateral (select ${entity}::text as entity) as own
    join ${rowsOf('RatePlanCharge')} on "RatePlanCharge".entity = own.entity
      and "RatePlanCharge".id = "InvoiceItem".rate_plan_charge_id and not "RatePlanCharge".deleted and ${condition}
    join ${rowsOf('Invoice')} on "Invoice".entity = own.entity and "Invoice".id = "InvoiceItem".invoice_id
      and not "Invoice".deleted and "Invoice".status = 'Posted'
    ${joined('ProductRatePlanCharge', sql`coalesce("InvoiceItem".product_rate_plan_charge_id, "RatePlanCharge".product_rate_plan_charge_id)`)}
    ${joined('Account', sql`coalesce("InvoiceItem".account_id, "Invoice".account_id)`)}`;

/** Beside that: they are the entity's, and neither deleted, nor tax, nor kept out of revenue. */
export const isInvoiced = (entity: string): RawBuilder<boolean> =>
  sql<boolean>`"InvoiceItem".entity = ${entity} and not "InvoiceItem".deleted and ${isNoTax('InvoiceItem')}
      and ${isInRevenue('InvoiceItem', 'RatePlanCharge', 'ProductRatePlanCharge')}`;

interface Items {
  /** Of the charge alone. */
  readonly charge: RawBuilder<boolean>;
  /** Of everything that is joined. */
  readonly wrong: RawBuilder<string | null>;
  readonly amount: RawBuilder<unknown>;
  readonly joins?: (entity: string) => RawBuilder<unknown>;
  /** Objects that `joins` reads. */
  readonly objects?: readonly string[];
}

/** The items of posted invoices of which something is to be said. */
export const invoicedItemsThat = ({
  charge,
  wrong,
  amount,
  joins = () => sql``,
  objects = [],
}: Items): Footprint => ({
  objects: [...INVOICED, ...objects],
  hits: (entity) => sql<Hit>`
    select 'InvoiceItem' as object, "InvoiceItem".id, ${amount} as amount, "Account".currency, ${wrong} as detail
    ${fromInvoicedItems(entity, charge)}
    ${joins(entity)}
    where ${isInvoiced(entity)} and ${wrong} is not null`,
});
