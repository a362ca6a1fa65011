import { type Purchase, change, convert, create, remove, swap } from './amend.ts';
import { type Day, billingMonth, startOfBillingMonth } from './days.ts';
import { type Dice } from './dice.ts';
import { type Setting, filler, purchasesOf, storyOf } from './plots.ts';
import {
  BUSINESS,
  CALLS,
  LOYALTY,
  ONBOARDING,
  type ProductCharge,
  STANDARD,
  SUPPORT,
  TEAM,
  listPrice,
} from './product-catalogue.ts';
import { type Story, type Version } from './story.ts';
import { COUPON, GOODWILL, PREPAID, REBATE, SMOOTHED, VOLUME, WELCOME } from './trip-charges.ts';
import { type Trip } from './trips.ts';

type TripStory = (setting: Setting, dice: Dice, left: number) => Story;

/**
 * A subscription that runs into the limitation, in few items: it begins two billing months before the last one. What
 * is no story of a subscription (standalone transactions, credit balance) is absent.
 */
export const TRIP_STORIES: Readonly<Partial<Record<Trip, TripStory>>> = {
  'change-plan-order-action': (setting) =>
    told(setting, [TEAM], (first) => [
      swap(first, onTime(setting, 1), chargeAt(first, 0), [bought(setting, SUPPORT, 1, 2)]),
    ]),
  'evergreen-conversion': (setting) => told(setting, [TEAM], (first) => [convert(first, onTime(setting, 1))]),
  'remove-product-in-billed-period': (setting) =>
    told(setting, [STANDARD, LOYALTY, ONBOARDING], (first) => {
      // Each order action makes a version. The quarter is billed; both end inside of it, on the same day.
      const withoutDiscount = remove(first, onTime(setting, 1, 9), chargeAt(first, 1));
      return [withoutDiscount, remove(withoutDiscount, onTime(setting, 1, 9), chargeAt(first, 0))];
    }),
  'quantity-upsell-stays-in-contract': (setting) =>
    told(setting, [BUSINESS], (first) => [
      change(first, onTime(setting, 1), { charge: chargeAt(first, 0), quantity: SEATS + 5 }),
    ]),
  'invoice-before-booking': (setting, dice, left) => {
    const { start } = filler(dice, setting, Math.min(left, 3));
    const purchases = purchasesOf(dice, setting, [TEAM], 1);
    return storyOf(setting, start, 12, [create(start, 12, start + 1, purchases)]);
  },
  'undated-pending-charges': (setting, dice) => {
    const orderedOn = setting.from + dice.below(60);
    const purchases = purchasesOf(dice, setting, [TEAM], 1);
    const story = storyOf(setting, orderedOn, 12, [create(orderedOn, 12, orderedOn, purchases)]);
    return { ...story, pending: true };
  },
  'usage-booking-based': (setting) => told(setting, [TEAM, CALLS]),
  'overage-smoothing': (setting) => told(setting, [TEAM, SMOOTHED]),
  'account-level-discount': (setting) => told(setting, [TEAM, GOODWILL]),
  'fixed-discount-booking-based': (setting) => told(setting, [TEAM, COUPON]),
  'fixed-discount-proration': (setting) => told(setting, [TEAM, COUPON], () => [], { startsLate: 9 }),
  'discount-dates-follow-recurring': (setting) => told(setting, [TEAM, WELCOME]),
  'overlapping-discounts': (setting) => told(setting, [TEAM, LOYALTY, VOLUME], () => [], { months: 2 }),
  'negative-one-time-charge': (setting) =>
    told(setting, [TEAM, REBATE], (first) => [
      // As if it had never been: ordered when it is billed, effective from its first day.
      remove(first, { ...onTime(setting, 1), effective: first.effective }, chargeAt(first, 1)),
    ]),
  'prepayment-charge': (setting, dice, left) => filler(dice, setting, Math.min(left, 2), PREPAID),
  'invoice-past-end-of-term': (setting) => ({
    ...told(setting, [TEAM], () => [], { months: 1 }),
    billedPastTerm: true,
  }),
};

interface Terms {
  /** Days after the cycle day. */
  readonly startsLate?: number;
  readonly months?: number;
}

/** Bought with the subscription, then what happens to it. */
function told(
  setting: Setting,
  products: readonly ProductCharge[],
  turns: (first: Version) => readonly Version[] = () => [],
  { startsLate = 0, months = 12 }: Terms = {},
): Story {
  const start = monthStart(setting, 0) + startsLate;
  const purchases = products.map((product, index) => bought(setting, product, index, 1));
  const first = create(start, months, Math.max(setting.from, start - LEAD), purchases);
  return storyOf(setting, start, months, [first, ...turns(first)]);
}

const SEATS = 5;
/** Days from an order to what it brings about. */
const LEAD = 3;

function bought(setting: Setting, product: ProductCharge, index: number, since: number): Purchase {
  const percentage = product.model === 'Discount-Percentage';
  const price = percentage ? 0n : listPrice(product, setting.currency);
  return {
    charge: { number: setting.firstCharge + index, product, since },
    price,
    listPrice: product.model === 'Discount-Fixed Amount' ? 0n : price,
    quantity: product.model === 'Per Unit Pricing' && product.type !== 'Usage' ? SEATS : 1,
  };
}

/** So many billing months after the story begins. */
function onTime(setting: Setting, months: number, days = 0): { orderedOn: Day; effective: Day } {
  const effective = monthStart(setting, months) + days;
  return { orderedOn: effective - LEAD, effective };
}

function monthStart({ until, cycleDay }: Setting, months: number): Day {
  return startOfBillingMonth(billingMonth(until - 1, cycleDay) - 2 + months, cycleDay);
}

function chargeAt({ charges }: Version, index: number): Version['charges'][number]['charge'] {
  const state = charges[index];
  if (state === undefined) throw new RangeError(`a version has no charge ${index}`);
  return state.charge;
}
