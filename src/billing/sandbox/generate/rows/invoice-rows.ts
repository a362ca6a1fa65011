import { type Row } from '../../tenant.ts';
import { type Account } from '../account.ts';
import { type Item } from '../bill.ts';
import { type Day, dayText, instantText } from '../days.ts';
import { converted, rateOn, rateText } from '../exchange-rates.ts';
import { type Correction } from '../corrections.ts';
import { type Invoice } from '../invoices.ts';
import { type Minor, decimalsOf, minorText } from '../money.ts';
import { PRODUCTS, isDiscount, isFixedDiscount } from '../product-catalogue.ts';
import { type Story } from '../story.ts';
import { codeIds } from './catalogue-rows.ts';
import { chargeId } from './charge-rows.ts';
import { type Moment, AT, later, numberOf, stamp } from './stamp.ts';
import {
  amendmentId,
  contactIds,
  ratePlanId,
  subscriptionId,
  subscriptionName,
} from './subscription-rows.ts';

export function* invoiceRows(account: Account): Generator<Row> {
  const { idOf, index, currency, home } = account;
  for (const invoice of account.invoices) {
    const money = (amount: Minor): string => minorText(amount, decimalsOf(currency));
    const paid = invoice.paidOn === null ? 0n : invoice.amount;
    const credited = correctedBy(account, invoice);
    yield {
      Id: invoiceId(account, invoice.number),
      InvoiceNumber: invoiceNumber(account, invoice.number),
      AccountId: idOf('Account', index),
      ...contactIds(account),
      InvoiceDate: dayText(invoice.day),
      TargetDate: dayText(invoice.day),
      DueDate: dayText(invoice.day + 30),
      PaymentTerm: 'Net 30',
      Status: invoice.posted ? 'Posted' : 'Draft',
      PostedDate: invoice.posted ? instantText(invoice.day, AT.posted) : null,
      PostedBy: invoice.posted ? 'operator' : null,
      Amount: money(invoice.amount),
      AmountWithoutTax: money(invoice.amount),
      TaxAmount: money(0n),
      TaxExemptAmount: money(0n),
      PaymentAmount: money(paid),
      RefundAmount: money(0n),
      AdjustmentAmount: money(account.settlement ? 0n : credited),
      CreditMemoAmount: money(account.settlement ? -credited : 0n),
      CreditBalanceAdjustmentAmount: money(0n),
      Balance: money(invoice.amount + credited - paid),
      Currency: currency,
      ...conversion(account, invoice.posted ? invoice.day : null),
      AmountHomeCurrency: invoice.posted ? homeText(account, invoice.amount, invoice.day) : null,
      AmountWithoutTaxHomeCurrency: invoice.posted ? homeText(account, invoice.amount, invoice.day) : null,
      AmountCurrencyRounding: invoice.posted ? minorText(0n, decimalsOf(home)) : null,
      AutoPay: 'false',
      IncludesOneTime: String(invoice.items.some(({ charge }) => charge.product.type === 'OneTime')),
      IncludesRecurring: String(invoice.items.some(({ charge }) => charge.product.type === 'Recurring')),
      IncludesUsage: String(invoice.items.some(({ charge }) => charge.product.type === 'Usage')),
      Source: 'BillRun',
      SourceType: 'Subscription',
      Reversed: 'false',
      TransferredToAccounting: 'No',
      ...stamp(account, { day: invoice.day, minute: AT.invoiced }, lastTouched(account, invoice)),
    };
  }
}

export function* invoiceItemRows(account: Account): Generator<Row> {
  const { idOf, index, currency, home } = account;
  const decimals = decimalsOf(currency);
  for (const invoice of account.invoices) {
    for (const item of invoice.items) {
      const takesOff = isDiscount(item.charge.product) || isFixedDiscount(item.charge.product);
      yield {
        Id: invoiceItemId(account, item.number),
        InvoiceId: invoiceId(account, invoice.number),
        AccountId: idOf('Account', index),
        AppliedToInvoiceItemId:
          item.appliedToNumber === null ? null : invoiceItemId(account, item.appliedToNumber),
        ...sourceOf(account, item.story, item),
        ...codeIds(account, item.charge.product),
        AccountingCode: 'Deferred Revenue',
        SubscriptionNumber: subscriptionName(account, item.story),
        SKU: PRODUCTS[item.charge.product.product]?.sku ?? null,
        ChargeName: item.charge.product.name,
        ChargeDate: instantText(invoice.day, AT.invoiced),
        ...servicePeriod(item),
        RevRecStartDate: dayText(item.start),
        ChargeAmount: minorText(item.amount, decimals),
        TaxAmount: minorText(0n, decimals),
        TaxExemptAmount: minorText(0n, decimals),
        TaxMode: 'TaxExclusive',
        Quantity: String(item.quantity),
        UnitPrice: takesOff ? null : minorText(item.segment.price, decimals),
        UOM: item.charge.product.uom,
        ProcessingType: takesOff ? '1' : '0',
        SourceItemType: 'SubscriptionComponent',
        ExcludeItemBillingFromRevenueAccounting: 'false',
        ...conversion(account, invoice.posted ? invoice.day : null),
        ChargeAmountHomeCurrency: invoice.posted ? homeText(account, item.amount, invoice.day) : null,
        ChargeAmountCurrencyRounding: invoice.posted ? minorText(0n, decimalsOf(home)) : null,
        CostCentre__c: index % 2 === 0 ? `CC-${index % 7}` : null,
        ...stamp(account, { day: invoice.day, minute: AT.invoiced }),
      };
    }
  }
}

const sources = new WeakMap<Account, Map<number, Row>>();

/** The subscription, charge and product that something billed comes from: the same for many items. */
export function sourceOf(account: Account, story: Story, item: Item): Row {
  const { charge, segment, version } = item;
  let known = sources.get(account);
  if (known === undefined) sources.set(account, (known = new Map()));
  const key = (charge.number * 1000 + segment.number) * 1000 + version;
  let source = known.get(key);
  if (source === undefined) known.set(key, (source = sourceFields(account, story, item)));
  return source;
}

function sourceFields(account: Account, story: Story, { charge, segment, version }: Item): Row {
  const { idOf } = account;
  return {
    ...contactIds(account),
    SubscriptionId: subscriptionId(account, story, version),
    RatePlanId: ratePlanId(account, story, version, charge.number),
    RatePlanChargeId: chargeId(account, charge.number, segment.number, version),
    AmendmentId: amendmentId(account, story, segment.touchedIn),
    ProductId: idOf('Product', charge.product.product),
    ProductRatePlanId: idOf('ProductRatePlan', charge.product.plan),
    ProductRatePlanChargeId: idOf('ProductRatePlanCharge', charge.product.key),
  };
}

/** The end is the first day after; of what is charged once, Billing leaves it blank now and then. */
export function servicePeriod({ charge, start, end }: Item): Row {
  const blank = charge.product.type === 'OneTime' && charge.number % 2 === 0;
  return { ServiceStartDate: dayText(start), ServiceEndDate: blank ? null : dayText(end) };
}

/** Rates of a posted document; a draft has none. */
export function conversion({ currency, home }: Account, day: Day | null): Row {
  return {
    TransactionCurrency: currency,
    HomeCurrency: day === null ? null : home,
    ExchangeRate: day === null ? null : rateText(rateOn(currency, home, day)),
    ExchangeRateDate: day === null ? null : dayText(day),
    ProviderExchangeRateDate: day === null ? null : dayText(day - 1),
  };
}

function homeText({ currency, home }: Account, amount: Minor, day: Day): string {
  return minorText(converted(amount, rateOn(currency, home, day), currency, home), decimalsOf(home));
}

export function invoiceId({ idOf, index }: Account, number: number): string {
  return idOf('Invoice', index, number);
}

export function invoiceNumber({ index }: Account, number: number): string {
  return numberOf('INV', index * 1000 + number);
}

export function invoiceItemId({ idOf, index }: Account, number: number): string {
  return idOf('InvoiceItem', index, number);
}

function correctionsOf(account: Account, invoice: Invoice): readonly Correction[] {
  return account.corrections.filter((correction) => correction.invoice === invoice);
}

/** What adjustments and memos add to what is owed. Debit memos are owed by themselves. */
function correctedBy(account: Account, invoice: Invoice): Minor {
  return correctionsOf(account, invoice).reduce((total, { type, amount }) => {
    if (type === 'Credit') return total - amount;
    return account.settlement ? total : total + amount;
  }, 0n);
}

function lastTouched(account: Account, invoice: Invoice): Moment {
  const { day, posted, paidOn } = invoice;
  const made = { day, minute: posted ? AT.posted : AT.invoiced };
  const paid = paidOn === null ? made : { day: paidOn, minute: AT.paid };
  return correctionsOf(account, invoice).reduce(
    (touched, correction) => later(touched, { day: correction.day, minute: AT.corrected }),
    later(made, paid),
  );
}
