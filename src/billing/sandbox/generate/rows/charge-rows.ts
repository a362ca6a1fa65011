import { type Row } from '../../tenant.ts';
import { type Account, type BilledStory } from '../account.ts';
import { type Day, dayText } from '../days.ts';
import { rateOn, rateText } from '../exchange-rates.ts';
import { type Minor, MONTH_PARTS, decimalsOf, minorText } from '../money.ts';
import { isDiscount } from '../product-catalogue.ts';
import { type ChargeState, type Segment, type Version, priceOver, segmentValue } from '../story.ts';
import { contactsOf, snapshotId } from './account-rows.ts';
import { billingTerms, codeIds, priceFields } from './catalogue-rows.ts';
import { AT, later, numberOf, stamp } from './stamp.ts';
import {
  amendmentId,
  contactIds,
  entered,
  orderId,
  ratePlanId,
  subscriptionId,
} from './subscription-rows.ts';

/** One charge segment of one subscription version. */
export interface ChargeSegment {
  readonly billed: BilledStory;
  readonly version: Version;
  readonly state: ChargeState;
  readonly segment: Segment;
}

/** Every version carries all segments of all its charges, each under an id of its own. */
export function* chargeSegments(account: Account): Generator<ChargeSegment> {
  for (const billed of account.stories) {
    for (const version of billed.story.versions) {
      for (const state of version.charges) {
        for (const segment of state.segments) yield { billed, version, state, segment };
      }
    }
  }
}

export function* ratePlanChargeRows(account: Account): Generator<Row> {
  const { idOf, index, currency, home } = account;
  const owner = idOf('Account', index);
  for (const part of chargeSegments(account)) {
    const { billed, version, state, segment } = part;
    const { story } = billed;
    const { product } = state.charge;
    const reach = billed.reach(version.number, state.charge, segment.number);
    const { decimals, monthly, total } = recurring(account, part);
    const dated = !story.pending;
    yield {
      Id: chargeIdOf(account, part),
      OriginalId: originalChargeId(account, part),
      ChargeNumber: chargeNumber(account, part),
      Name: product.name,
      Version: String(segment.version),
      Segment: String(segment.number),
      IsLastSegment: String(segment === state.segments.at(-1)),
      IsProcessed: String(segment.end !== null && reach !== undefined && reach.through >= segment.end),
      AccountId: owner,
      InvoiceOwnerId: owner,
      SubscriptionOwnerId: owner,
      SubscriptionId: subscriptionId(account, story, version.number),
      RatePlanId: ratePlanId(account, story, version.number, state.charge.number),
      ProductId: idOf('Product', product.product),
      ProductRatePlanId: idOf('ProductRatePlan', product.plan),
      ProductRatePlanChargeId: idOf('ProductRatePlanCharge', product.key),
      AmendmentId: amendmentId(account, story, segment.touchedIn),
      OrderId: orderId(account, story, segment.touchedIn),
      ...contactIds(account),
      BillToContactSnapshotId: snapshotId(account, 0),
      SoldToContactSnapshotId: snapshotId(account, contactsOf(account) - 1),
      OriginalOrderDate: dayText(segment.orderedOn),
      AmendedByOrderOn: dayOrNull(segment.amendedOn),
      EffectiveStartDate: dated ? dayText(segment.start) : null,
      EffectiveEndDate: dated ? dayOrNull(segment.end) : null,
      ChargedThroughDate: dayOrNull(reach?.through),
      ProcessedThroughDate: dayOrNull(reach?.through),
      ...billingTerms(product),
      BillCycleDay: String(account.cycleDay),
      Quantity:
        product.model === 'Per Unit Pricing' && product.type !== 'Usage' ? String(segment.quantity) : null,
      MRR: minorText(monthly, decimals),
      TCV: minorText(total, decimals),
      DMRC: minorText(monthly, decimals),
      DTCV: minorText(total, decimals),
      TransactionCurrency: currency,
      HomeCurrency: home,
      BookingExchangeRate: rateText(rateOn(currency, home, segment.orderedOn)),
      BookingExchangeRateDate: dayText(segment.orderedOn),
      BookingProviderExchangeRateDate: dayText(segment.orderedOn - 1),
      ExcludeItemBillingFromRevenueAccounting: 'false',
      ExcludeItemBookingFromRevenueAccounting: 'false',
      IsPrepaid: String(product.prepaid === true),
      PrepaidOperationType: product.prepaid === true ? 'topup' : null,
      PrepaidQuantity: product.prepaid === true ? '100' : null,
      PaymentTermSnapshot: 'Net 30',
      RevenueRecognitionRuleName: 'Recognize daily over time',
      AccountReceivableAccountingCodeId:
        codeIds(account, product)['AccountReceivableAccountingCodeId'] ?? null,
      DeferredRevenueAccountingCodeId: codeIds(account, product)['DeferredRevenueAccountingCodeId'] ?? null,
      RecognizedRevenueAccountingCodeId:
        codeIds(account, product)['RecognizedRevenueAccountingCodeId'] ?? null,
      Region__c: index % 4 === 3 ? null : `Region ${index % 4}`,
      ...chargeStamp(account, part),
    };
  }
}

export function* ratePlanChargeTierRows(account: Account): Generator<Row> {
  const { idOf, index, currency } = account;
  for (const part of chargeSegments(account)) {
    const { state, segment } = part;
    const { product } = state.charge;
    yield {
      Id: idOf('RatePlanChargeTier', index, state.charge.number, segment.number, part.version.number),
      AccountId: idOf('Account', index),
      RatePlanChargeId: chargeIdOf(account, part),
      Currency: currency,
      Tier: '1',
      StartingUnit: '0',
      PriceFormat: product.model === 'Per Unit Pricing' ? 'Per Unit' : 'Flat Fee',
      ...priceFields(product, segment.price, currency),
      ...stamp(account, entered(part.version)),
    };
  }
}

/** Monthly and total recurring value, as Billing tells them on a charge. */
function recurring(
  account: Account,
  { billed, state, segment }: ChargeSegment,
): { decimals: number; monthly: Minor; total: Minor } {
  const { product } = state.charge;
  const decimals = decimalsOf(account.currency);
  if (product.type !== 'Recurring' || isDiscount(product)) return { decimals, monthly: 0n, total: 0n };
  const monthly = priceOver(product, segment.price, segment.quantity, MONTH_PARTS);
  return { decimals, monthly, total: segmentValue(product, segment, billed.story.cycleDay) };
}

/** A bill run moves the charged-through date, and with it the row's UpdatedDate. */
export function chargeStamp(
  account: Account,
  { billed, version, state, segment }: ChargeSegment,
): Record<string, string> {
  const made = entered(version);
  const reach = billed.reach(version.number, state.charge, segment.number);
  const next = billed.story.versions[version.number];
  const billedHere =
    reach !== undefined &&
    reach.invoicedOn >= version.enteredOn &&
    (next === undefined || reach.invoicedOn < next.enteredOn);
  return stamp(
    account,
    made,
    billedHere ? later({ day: reach.invoicedOn, minute: AT.invoiced }, made) : made,
  );
}

/** Versions carry a segment over under a new id. */
export function chargeId(account: Account, charge: number, segment: number, version: number): string {
  return account.idOf('RatePlanCharge', account.index, charge, segment, version);
}

export function chargeIdOf(account: Account, { state, segment, version }: ChargeSegment): string {
  return chargeId(account, state.charge.number, segment.number, version.number);
}

/** The id that the charge had at first: of its first segment in the version that added it. */
export function originalChargeId(account: Account, { state }: ChargeSegment): string {
  return chargeId(account, state.charge.number, 1, state.charge.since);
}

export function chargeNumber(account: Account, { state }: ChargeSegment): string {
  return numberOf('C-', account.index * 1000 + state.charge.number);
}

function dayOrNull(day: Day | null | undefined): string | null {
  return day === null || day === undefined ? null : dayText(day);
}
