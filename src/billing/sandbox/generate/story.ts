import { type CycleDay, type Day } from './days.ts';
import { type Minor, MONTH_PARTS, divided, monthParts } from './money.ts';
import { type ProductCharge, isDiscount } from './product-catalogue.ts';

/** What a charge costs over a span of days; a change of price or quantity makes the next segment. */
export interface Segment {
  readonly number: number;
  /** Billing's version of the charge: grows with every change made to it. */
  readonly version: number;
  readonly start: Day;
  /** The first day after it; null while it runs without end. */
  readonly end: Day | null;
  readonly price: Minor;
  readonly listPrice: Minor;
  readonly quantity: number;
  /** When the segment was ordered. */
  readonly orderedOn: Day;
  /** When a later order changed it. */
  readonly amendedOn: Day | null;
  /** The subscription version that made it or changed it last. */
  readonly touchedIn: number;
}

export interface Charge {
  /** Which one it is within the account. */
  readonly number: number;
  readonly product: ProductCharge;
  /** The subscription version that added it. */
  readonly since: number;
}

/** A charge and its segments as one subscription version has them. */
export interface ChargeState {
  readonly charge: Charge;
  readonly segments: readonly Segment[];
}

export type VersionKind = 'create' | 'change' | 'add' | 'swap' | 'remove' | 'convert' | 'renew' | 'cancel';

export interface Version {
  readonly number: number;
  readonly kind: VersionKind;
  /** The booking date. */
  readonly orderedOn: Day;
  /** When the order was entered: on the booking date, unless that was set ahead. */
  readonly enteredOn: Day;
  readonly effective: Day;
  readonly termStart: Day;
  /** Null for an evergreen subscription. */
  readonly termEnd: Day | null;
  readonly cancelledOn: Day | null;
  readonly charges: readonly ChargeState[];
}

/** One subscription with everything that happened to it. */
export interface Story {
  readonly number: number;
  readonly start: Day;
  readonly cycleDay: CycleDay;
  readonly termMonths: number | null;
  readonly versions: readonly [Version, ...Version[]];
  /** Ordered, but neither activated nor dated. */
  readonly pending: boolean;
  /** Billing goes on after the term, though nobody renewed it. */
  readonly billedPastTerm?: boolean;
}

/** What the segment is worth in all: price x quantity x months, part months by their days. */
export function segmentValue(
  product: ProductCharge,
  segment: Segment,
  cycleDay: CycleDay,
  until: Day | null = segment.end,
): Minor {
  return valueOf(product, segment, segment.price, cycleDay, until);
}

/** The same at list price. */
export function segmentListValue(
  product: ProductCharge,
  segment: Segment,
  cycleDay: CycleDay,
  until: Day | null = segment.end,
): Minor {
  return valueOf(product, segment, segment.listPrice, cycleDay, until);
}

function valueOf(
  product: ProductCharge,
  segment: Segment,
  price: Minor,
  cycleDay: CycleDay,
  until: Day | null,
): Minor {
  if (product.type === 'Usage' || isDiscount(product) || until === null) return 0n;
  if (until === segment.start) return 0n;
  const parts = product.type === 'OneTime' ? MONTH_PARTS : monthParts(segment.start, until, cycleDay);
  return priceOver(product, price, segment.quantity, parts);
}

/** What a segment is worth until it or the discount on it ends. */
export function discountedValue(
  product: ProductCharge,
  segment: Segment,
  discount: Segment,
  cycleDay: CycleDay,
): Minor {
  const { end } = segment;
  const until = end === null || discount.end === null ? end : Math.min(end, discount.end);
  return segmentValue(product, segment, cycleDay, until);
}

/** price x quantity over so many parts of months, rounded once. */
export function priceOver(product: ProductCharge, price: Minor, quantity: number, parts: number): Minor {
  return divided(price * BigInt(quantity) * BigInt(parts), BigInt(MONTH_PARTS * product.priceMonths));
}

/** What a percentage takes off an amount. */
export function percentageOf(amount: Minor, percentage: number): Minor {
  return -divided(amount * BigInt(percentage), 100n);
}

export function lastVersion(story: Story): Version {
  return story.versions.at(-1) ?? story.versions[0];
}
