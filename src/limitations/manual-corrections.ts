import { type RawBuilder, sql } from 'kysely';

import { spelled } from './charge.ts';
import { isInRevenue } from './in-revenue.ts';
import { isNoTax } from './invoiced-items.ts';
import type { Hit } from './limitation.ts';
import { joined, rowsOf } from './rows.ts';

type Driver = 'InvoiceItemAdjustment' | 'CreditMemoItem' | 'DebitMemoItem';

/** From what corrects an invoice item, or bills beside it, to all that may keep it out of revenue. */
const fromCorrections = (
  entity: string,
  driver: Driver,
  itemKey: RawBuilder<unknown>,
): RawBuilder<unknown> => {
  const own = (field: string): RawBuilder<unknown> => sql.id(driver, field);
  return sql`
    from ${rowsOf(driver)}
    cross join lateral (select ${entity}::text as entity) as own
    ${joined('InvoiceItem', itemKey)}
    ${joined('RatePlanCharge', sql`coalesce(${own('rate_plan_charge_id')}, "InvoiceItem".rate_plan_charge_id)`)}
    ${joined(
      'ProductRatePlanCharge',
      sql`coalesce(${own('product_rate_plan_charge_id')}, "InvoiceItem".product_rate_plan_charge_id, "RatePlanCharge".product_rate_plan_charge_id)`,
    )}`;
};

const isCounted = (entity: string, driver: Driver): RawBuilder<boolean> =>
  sql<boolean>`${sql.id(driver, 'entity')} = ${entity} and not ${sql.id(driver, 'deleted')}
      and ${isInRevenue(driver, 'RatePlanCharge', 'ProductRatePlanCharge')}`;

/** Processed adjustments of posted invoices; once memos took over, those dated before. Credits are negative. */
export const adjustments = (entity: string): RawBuilder<Hit> => sql<Hit>`
    select 'InvoiceItemAdjustment' as object, "InvoiceItemAdjustment".id,
      case lower("InvoiceItemAdjustment".type) when 'credit' then -"InvoiceItemAdjustment".amount
        when 'charge' then "InvoiceItemAdjustment".amount end as amount,
      "Account".currency, 'an adjustment of an invoice item' as detail
    ${fromCorrections(entity, 'InvoiceItemAdjustment', sql`coalesce("InvoiceItemAdjustment".invoice_item_id, "InvoiceItemAdjustment".source_id)`)}
    ${joined('Invoice', sql`coalesce("InvoiceItemAdjustment".invoice_id, "InvoiceItem".invoice_id)`)}
    ${joined('Account', sql`coalesce("InvoiceItemAdjustment".account_id, "Invoice".account_id)`)}
    left join control.entity as settled on settled.entity = own.entity and settled.invoice_settlement
    where ${isCounted(entity, 'InvoiceItemAdjustment')}
      and "InvoiceItemAdjustment".status = 'Processed' and "Invoice".status = 'Posted'
      and lower("InvoiceItemAdjustment".source_type) is distinct from 'tax'
      and (settled.entity is null or "InvoiceItemAdjustment".adjustment_date < settled.settled_on)`;

/** Items of posted memos that are made by hand. What Billing writes without a sign is positive, or negative by `sign`. */
function memoItems(
  entity: string,
  {
    memo,
    sign,
    detail,
  }: { memo: 'CreditMemo' | 'DebitMemo'; sign: '' | '-'; detail: RawBuilder<string | null> },
): RawBuilder<Hit> {
  const driver = `${memo}Item` as const;
  return sql<Hit>`
    select ${sql.lit(driver)} as object, ${sql.id(driver, 'id')}, ${sql.raw(sign)}${sql.id(driver, 'amount_without_tax')} as amount,
      "Account".currency, ${detail} as detail
    ${fromCorrections(entity, driver, sql.id(driver, 'invoice_item_id'))}
    ${joined(memo, sql.id(driver, memo === 'CreditMemo' ? 'credit_memo_id' : 'debit_memo_id'))}
    ${joined('Account', sql`coalesce(${sql.id(driver, 'account_id')}, ${sql.id(memo, 'account_id')})`)}
    where ${isCounted(entity, driver)} and ${sql.id(memo, 'status')} = 'Posted' and ${isNoTax(driver)}
      and ${detail} is not null`;
}

const creditSource = spelled(sql`"CreditMemo".source`);
const creditSourceType = spelled(sql`"CreditMemo".source_type`);

/** What a person made it from, as the transformation of credit memos tells it; null: a bill run, or an amendment. */
export const creditedFrom = sql<string | null>`case
      when ${creditSource} = 'adhocfromprpc' then 'a credit memo from a charge'
      when ${creditSource} = 'adhocfrominvoice' then 'a credit memo from an invoice'
      when ${creditSource} is not null then null
      when ${creditSourceType} = 'standalone' then 'a credit memo from a charge'
      when ${creditSourceType} = 'invoice' or "CreditMemoItem".invoice_item_id is not null then 'a credit memo from an invoice'
      when "CreditMemoItem".rate_plan_charge_id is null then 'a credit memo from a charge'
    end`;

const debitSource = spelled(sql`"DebitMemo".source`);

/** The same of debit memos; what takes a credit memo back bills its charge again, and is none. */
const debitedFrom = sql<string | null>`case
      when ${debitSource} = 'adhocfromcreditmemo' or "DebitMemo".referred_credit_memo_id is not null then null
      when ${debitSource} is null or ${debitSource} like 'adhoc%' then 'a debit memo made by hand'
    end`;

/** Items of credit memos that a person made, negative. */
export const creditMemoItems = (entity: string): RawBuilder<Hit> =>
  memoItems(entity, { memo: 'CreditMemo', sign: '-', detail: creditedFrom });

/** Items of debit memos that a person made. */
export const debitMemoItems = (entity: string): RawBuilder<Hit> =>
  memoItems(entity, { memo: 'DebitMemo', sign: '', detail: debitedFrom });
