import { type RawBuilder, sql } from 'kysely';

import { isInRevenue } from './in-revenue.ts';
import { isNoTax } from './invoiced-items.ts';
import { creditedFrom } from './manual-corrections.ts';
import { joined, rowsOf } from './rows.ts';

/** `from` the items of posted credit memos to their charges, where these fulfil a condition. */
export const fromCreditedItems = (entity: string, condition: RawBuilder<boolean>): RawBuilder<unknown> => sql`
    from ${rowsOf('CreditMemoItem')}
    cross join lateral (select ${entity}::text as entity) as own
    join ${rowsOf('RatePlanCharge')} on "RatePlanCharge".entity = own.entity
      and "RatePlanCharge".id = "CreditMemoItem".rate_plan_charge_id and not "RatePlanCharge".deleted and ${condition}
    join ${rowsOf('CreditMemo')} on "CreditMemo".entity = own.entity
      and "CreditMemo".id = "CreditMemoItem".credit_memo_id and not "CreditMemo".deleted and "CreditMemo".status = 'Posted'
    join control.entity as settled on settled.entity = own.entity and settled.invoice_settlement
    ${joined('ProductRatePlanCharge', sql`coalesce("CreditMemoItem".product_rate_plan_charge_id, "RatePlanCharge".product_rate_plan_charge_id)`)}
    ${joined('Account', sql`coalesce("CreditMemoItem".account_id, "CreditMemo".account_id)`)}`;

/** Beside that: they are the entity's, a bill run made them, and they are neither deleted, nor tax, nor out of revenue. */
export const isCreditedByBillRun = (entity: string): RawBuilder<boolean> =>
  sql<boolean>`"CreditMemoItem".entity = ${entity} and not "CreditMemoItem".deleted and ${isNoTax('CreditMemoItem')}
      and ${creditedFrom} is null and ${isInRevenue('CreditMemoItem', 'RatePlanCharge', 'ProductRatePlanCharge')}`;
