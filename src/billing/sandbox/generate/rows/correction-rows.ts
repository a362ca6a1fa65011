import { type Row } from '../../tenant.ts';
import { type Account } from '../account.ts';
import { type Correction } from '../corrections.ts';
import { type Day, dayText, instantText } from '../days.ts';
import { decimalsOf, minorText } from '../money.ts';
import { PRODUCTS } from '../product-catalogue.ts';
import { accountName, accountNumber } from './account-rows.ts';
import { codeIds } from './catalogue-rows.ts';
import {
  conversion,
  invoiceId,
  invoiceItemId,
  invoiceNumber,
  servicePeriod,
  sourceOf,
} from './invoice-rows.ts';
import { AT, numberOf, stamp } from './stamp.ts';
import { contactIds } from './subscription-rows.ts';

/** Without Invoice Settlement: adjustments of invoice items. */
export function* adjustmentRows(account: Account): Generator<Row> {
  if (account.settlement) return;
  const { idOf, index, currency } = account;
  for (const correction of account.corrections) {
    const { invoice, item, number, day } = correction;
    if (invoice === null || item === null) continue;
    const { AmendmentId: _, ...source } = sourceOf(account, item.story, item);
    yield {
      Id: idOf('InvoiceItemAdjustment', index, number),
      AdjustmentNumber: numberOf('IIA', index * 1000 + number),
      AdjustmentDate: dayText(day),
      AccountId: idOf('Account', index),
      CustomerName: accountName(index),
      CustomerNumber: accountNumber(account),
      InvoiceId: invoiceId(account, invoice.number),
      InvoiceNumber: invoiceNumber(account, invoice.number),
      InvoiceItemId: invoiceItemId(account, item.number),
      InvoiceItemName: item.charge.product.name,
      SourceId: invoiceItemId(account, item.number),
      SourceType: 'InvoiceDetail',
      ...source,
      ...servicePeriod(item),
      Type: correction.type,
      Amount: minorText(correction.amount, decimalsOf(currency)),
      Status: 'Processed',
      ReasonCode: 'Invoice adjustment',
      AccountingCode: 'Adjustment Revenue',
      ExcludeItemBillingFromRevenueAccounting: 'false',
      TransferredToAccounting: 'No',
      ...conversion(account, invoice.day),
      ...stamp(account, { day, minute: AT.corrected }),
    };
  }
}

type Side = 'Credit' | 'Debit';

const SOURCES = { 'bill-run': 'BillRun', invoice: 'AdhocFromInvoice', charge: 'AdhocFromPrpc' };
const SOURCE_TYPES = { 'bill-run': 'Subscription', invoice: 'Invoice', charge: 'Standalone' };

/** With Invoice Settlement: memos, each with one item; a credit is applied in full at once. */
export function* memoRows(account: Account, side: Side): Generator<Row> {
  const { idOf, index, currency } = account;
  for (const correction of memosOf(account, side)) {
    const { number, day, source } = correction;
    const amount = minorText(correction.amount, decimalsOf(currency));
    const zero = minorText(0n, decimalsOf(currency));
    const invoice = correction.invoice === null ? null : invoiceId(account, correction.invoice.number);
    const applied = side === 'Credit' && invoice !== null;
    const memoNumber = numberOf(side === 'Credit' ? 'CM' : 'DM', index * 1000 + number);
    yield {
      Id: memoId(account, side, number),
      MemoNumber: memoNumber,
      Number: memoNumber,
      MemoDate: dayText(day),
      [`${side}MemoDate`]: dayText(day),
      TargetDate: dayText(day),
      AccountId: idOf('Account', index),
      ...contactIds(account),
      InvoiceId: invoice,
      ReferredInvoiceId: invoice,
      Currency: currency,
      Status: 'Posted',
      PostedOn: instantText(day, AT.corrected),
      Source: SOURCES[source],
      SourceType: SOURCE_TYPES[source],
      SourceId: invoice,
      ReasonCode: 'Correction',
      TotalAmount: amount,
      TotalAmountWithoutTax: amount,
      TotalTaxExemptAmount: zero,
      TaxAmount: zero,
      DiscountAmount: zero,
      Balance: applied ? zero : amount,
      TransferredToAccounting: 'No',
      ...(side === 'Credit'
        ? {
            AppliedAmount: applied ? amount : zero,
            UnappliedAmount: applied ? zero : amount,
            RefundAmount: zero,
            Reversed: 'false',
          }
        : { DueDate: dayText(day + 30) }),
      ...memoConversion(account, day),
      ...stamp(account, { day, minute: AT.corrected }),
    };
  }
}

/** Of a memo itself, Billing does not tell the provider's date. */
function memoConversion(account: Account, day: Day): Row {
  const { ProviderExchangeRateDate: _, ...fields } = conversion(account, day);
  return fields;
}

export function* memoItemRows(account: Account, side: Side): Generator<Row> {
  const { idOf, index, currency } = account;
  for (const correction of memosOf(account, side)) {
    const { number, day, source, invoice, item, product } = correction;
    const amount = minorText(correction.amount, decimalsOf(currency));
    const zero = minorText(0n, decimalsOf(currency));
    const from = correction.credit ?? (item === null ? null : { item, story: item.story });
    const corrected = item === null ? null : invoiceItemId(account, item.number);
    yield {
      Id: idOf(`${side}MemoItem`, index, number),
      [`${side}MemoId`]: memoId(account, side, number),
      AccountId: idOf('Account', index),
      ...contactIds(account),
      InvoiceId: invoice === null ? null : invoiceId(account, invoice.number),
      InvoiceItemId: corrected,
      AppliedToItemId: null,
      ...(from === null ? catalogueOf(account, correction) : sourceOf(account, from.story, from.item)),
      ...codeIds(account, product),
      Amount: amount,
      AmountWithoutTax: amount,
      TaxAmount: zero,
      TaxMode: 'TaxExclusive',
      ChargeName: product.name,
      ChargeDate: instantText(day, AT.corrected),
      ...(from === null
        ? { ServiceStartDate: dayText(day), ServiceEndDate: dayText(day + 1) }
        : servicePeriod(from.item)),
      Quantity: '1',
      UnitPrice: amount,
      UnitOfMeasure: product.uom,
      SKU: PRODUCTS[product.product]?.sku ?? null,
      ProcessingType: '0',
      SourceItemId: corrected,
      SourceItemType: source === 'invoice' ? 'InvoiceDetail' : 'SubscriptionComponent',
      ExcludeItemBillingFromRevenueAccounting: 'false',
      ...conversion(account, day),
      ...stamp(account, { day, minute: AT.corrected }),
    };
  }
}

/** Only in a tenant that is asked to trip `credit-balance-adjustment`. */
export function* creditBalanceAdjustmentRows(account: Account): Generator<Row> {
  const { idOf, index, currency, trip, invoices } = account;
  const invoice = invoices.find(({ posted, amount }) => posted && amount > 0n);
  if (!trip.includes('credit-balance-adjustment') || index % 20 !== 0 || invoice === undefined) return;
  yield {
    Id: idOf('CreditBalanceAdjustment', index),
    Number: numberOf('CBA', index + 1),
    AccountId: idOf('Account', index),
    ...contactIds(account),
    InvoiceId: invoiceId(account, invoice.number),
    AccountReceivableAccountingCodeId: idOf('AccountingCode', 'Accounts Receivable'),
    CustomerCashOnAccountAccountingCodeId: idOf('AccountingCode', 'Customer Cash On Account'),
    AdjustmentDate: dayText(invoice.day),
    Amount: minorText(invoice.amount, decimalsOf(currency)),
    Type: 'Increase',
    Status: 'Processed',
    ReasonCode: 'Standard Adjustment',
    SourceTransactionId: invoiceId(account, invoice.number),
    SourceTransactionNumber: invoiceNumber(account, invoice.number),
    SourceTransactionType: 'Invoice',
    TransferredToAccounting: 'No',
    ...conversion(account, invoice.day),
    ...stamp(account, { day: invoice.day, minute: AT.corrected }),
  };
}

function memosOf(account: Account, side: Side): readonly Correction[] {
  const type = side === 'Credit' ? 'Credit' : 'Charge';
  return account.settlement ? account.corrections.filter((correction) => correction.type === type) : [];
}

function memoId({ idOf, index }: Account, side: Side, number: number): string {
  return idOf(`${side}Memo`, index, number);
}

function catalogueOf({ idOf }: Account, { product }: Correction): Row {
  return {
    ProductId: idOf('Product', product.product),
    ProductRatePlanId: idOf('ProductRatePlan', product.plan),
    ProductRatePlanChargeId: idOf('ProductRatePlanCharge', product.key),
  };
}
