import { type Row } from '../../tenant.ts';
import { type Account } from '../account.ts';
import { dayText } from '../days.ts';
import { type Minor, decimalsOf, minorText } from '../money.ts';
import { isDiscount, isFixedDiscount } from '../product-catalogue.ts';
import { type Segment, percentageOf, segmentListValue, segmentValue, discountedValue } from '../story.ts';
import {
  type ChargeSegment,
  chargeIdOf,
  chargeNumber,
  chargeSegments,
  chargeStamp,
  originalChargeId,
} from './charge-rows.ts';
import { entered, ratePlanId, subscriptionId, subscriptionName } from './subscription-rows.ts';
import { stamp } from './stamp.ts';

/** What each charge segment of each version is worth in all: absolute, never a difference. */
export function* chargeValueRows(account: Account): Generator<Row> {
  const { idOf, index, currency } = account;
  const decimals = decimalsOf(currency);
  for (const part of chargeSegments(account)) {
    const { billed, version, state, segment } = part;
    const { story } = billed;
    if (story.pending) continue;
    // What runs without end is worth what it was billed so far.
    const reach = billed.reach(version.number, state.charge, segment.number);
    const end = segment.end ?? reach?.through ?? segment.start;
    const discount = isDiscount(state.charge.product);
    const amount = discount
      ? discountedBy(part).reduce((total, { amount: off }) => total + off, 0n)
      : segmentValue(state.charge.product, segment, story.cycleDay, end);
    const list = segmentListValue(state.charge.product, segment, story.cycleDay, end);
    yield {
      Id: idOf('ChargeContractualValue', index, state.charge.number, segment.number, version.number),
      AccountId: idOf('Account', index),
      ...subscriptionOf(account, part),
      SubscriptionNumber: subscriptionName(account, story),
      RatePlanId: ratePlanId(account, story, version.number, state.charge.number),
      RatePlanChargeId: chargeIdOf(account, part),
      OriginalRatePlanChargeId: originalChargeId(account, part),
      OriginalId: originalChargeId(account, part),
      ChargeNumber: chargeNumber(account, part),
      ChargeSegmentNumber: String(segment.number),
      Segment: String(segment.number),
      Version: String(segment.version),
      ProductRatePlanChargeId: idOf('ProductRatePlanCharge', state.charge.product.key),
      Amount: minorText(amount, decimals),
      AmountWithoutTax: minorText(amount, decimals),
      Elp: minorText(list, decimals),
      Currency: currency,
      TransactionCurrency: currency,
      StartDate: dayText(segment.start),
      EndDate: dayText(end),
      ...(segment.end === null ? chargeStamp(account, part) : stamp(account, entered(version))),
    };
  }
}

/** What a discount takes off each charge it discounts; negative. */
export function* discountValueRows(account: Account): Generator<Row> {
  const { idOf, index, currency } = account;
  const decimals = decimalsOf(currency);
  for (const part of chargeSegments(account)) {
    if (!isDiscount(part.state.charge.product)) continue;
    for (const { target, amount } of discountedBy(part)) {
      yield {
        Id: idOf(
          'DiscountContractualValue',
          index,
          part.state.charge.number,
          part.segment.number,
          target.state.charge.number,
          target.segment.number,
          part.version.number,
        ),
        AccountId: idOf('Account', index),
        ...subscriptionOf(account, part),
        RatePlanChargeId: chargeIdOf(account, target),
        OriginalRatePlanChargeId: originalChargeId(account, target),
        ChargeNumber: chargeNumber(account, target),
        ChargeSegmentNumber: String(target.segment.number),
        DiscountRatePlanChargeId: chargeIdOf(account, part),
        DiscountOriginalRatePlanChargeId: originalChargeId(account, part),
        DiscountChargeNumber: chargeNumber(account, part),
        DiscountChargeSegmentNumber: String(part.segment.number),
        Amount: minorText(amount, decimals),
        Currency: currency,
        StartDate: dayText(target.segment.start),
        EndDate: target.segment.end === null ? null : dayText(target.segment.end),
        ...stamp(account, entered(part.version)),
      };
    }
  }
}

interface Discounted {
  readonly target: ChargeSegment;
  readonly amount: Minor;
}

function discountedBy(part: ChargeSegment): Discounted[] {
  const { billed, version } = part;
  const percentage = part.state.charge.product.price;
  return version.charges.flatMap((state) => {
    const { product } = state.charge;
    if (product.type !== 'Recurring' || isDiscount(product) || isFixedDiscount(product)) return [];
    return state.segments
      .filter((segment) => within(segment, part.segment))
      .map((segment) => ({
        target: { billed, version, state, segment },
        amount: percentageOf(
          discountedValue(product, segment, part.segment, billed.story.cycleDay),
          percentage,
        ),
      }));
  });
}

function within(segment: Segment, discount: Segment): boolean {
  return segment.start >= discount.start && (discount.end === null || segment.start < discount.end);
}

function subscriptionOf(account: Account, { billed, version }: ChargeSegment): Row {
  return {
    SubscriptionId: subscriptionId(account, billed.story, version.number),
    SubscriptionName: subscriptionName(account, billed.story),
    SubscriptionVersion: String(version.number),
  };
}
