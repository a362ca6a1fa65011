import { type Day, billingMonth, startOfBillingMonth } from './days.ts';
import { type Dice } from './dice.ts';
import { discountsOf } from './amend.ts';
import { type Minor, monthParts } from './money.ts';
import {
  type Charge,
  type ChargeState,
  type Segment,
  type Story,
  type Version,
  percentageOf,
  priceOver,
  segmentValue,
  discountedValue,
} from './story.ts';

export interface Item {
  readonly charge: Charge;
  /** The segment as the billed version has it. */
  readonly segment: Segment;
  /** The subscription version that was current at billing. */
  readonly version: number;
  readonly start: Day;
  readonly end: Day;
  readonly amount: Minor;
  readonly quantity: number;
  readonly invoiceDay: Day;
  /** The item that a percentage discount takes something off. */
  readonly appliedTo: Item | null;
  /** Gives back what was billed beyond a segment's new end. */
  readonly credit: boolean;
}

/** How far a segment was billed when a version was superseded, or is now. */
interface Reach {
  readonly through: Day;
  readonly invoicedOn: Day;
}

export interface Billed {
  readonly items: readonly Item[];
  reach(version: number, charge: Charge, segment: number): Reach | undefined;
}

/** What a segment was billed so far. */
interface Account {
  through: Day;
  invoicedOn: Day;
  sum: Minor;
  /** What each discount took off, by the number of its charge. */
  readonly taken: Map<number, Minor>;
}

/**
 * Bills a subscription as it unfolds: each version bills from its order on, until the next one takes
 * over. Over a fully billed segment the items add up to its contractual value: the last instalment
 * takes the rest, and what was billed beyond an end that moved is given back on the day of the change.
 */
export function bill(story: Story, until: Day, dice: Dice): Billed {
  const items: Item[] = [];
  const ledger = new Map<number, Account>();
  const reached = new Map<number, Reach>();

  story.versions.forEach((version, index) => {
    if (story.pending) return;
    const closing = Math.min(story.versions[index + 1]?.enteredOn ?? until, until);
    const discounts = discountsOf(version);
    const last = index === story.versions.length - 1;
    for (const state of version.charges) {
      for (const segment of state.segments) {
        const key = keyOf(state.charge, segment.number);
        let account = ledger.get(key);
        if (account === undefined) {
          account = { through: segment.start, invoicedOn: -1, sum: 0n, taken: new Map() };
          ledger.set(key, account);
        }
        const turn: Turn = { story, version, state, segment, account, closing };
        if (!discounts.includes(state)) billSegment(turn, discounts, dice, items, ledger);
        if (last && story.billedPastTerm === true) {
          billSegment({ ...turn, segment: { ...segment, end: null } }, [], dice, items, ledger);
        }
        const { through, invoicedOn } = account;
        if (invoicedOn >= 0) reached.set(version.number * VERSIONS + key, { through, invoicedOn });
      }
    }
  });
  return {
    items,
    reach: (version, charge, segment) => reached.get(version * VERSIONS + keyOf(charge, segment)),
  };
}

const SEGMENTS = 1_000;
const VERSIONS = 1_000 * SEGMENTS;

function keyOf(charge: Charge, segment: number): number {
  return charge.number * SEGMENTS + segment;
}

/** A segment of a version, to be billed up to the day before `closing`. */
interface Turn {
  readonly story: Story;
  readonly version: Version;
  readonly state: ChargeState;
  readonly segment: Segment;
  readonly account: Account;
  readonly closing: Day;
}

function billSegment(
  turn: Turn,
  discounts: readonly ChargeState[],
  dice: Dice,
  items: Item[],
  ledger: ReadonlyMap<number, Account>,
): void {
  const { state, segment, account, closing } = turn;
  if (segment.end !== null && account.through > segment.end) {
    // What was taken off is not asked back: here bookings and billings part.
    if (segment.end < closing && account.sum >= 0n) items.push(credited(turn, segment.end));
    return;
  }
  while (segment.end === null || account.through < segment.end) {
    const end = periodEnd(turn, account.through);
    const invoiceDay = state.charge.product.timing === 'In Arrears' ? end : account.through;
    if (invoiceDay >= closing) return;
    const item = charged(turn, end, invoiceDay, dice);
    items.push(item);
    if (state.charge.product.type !== 'Recurring') continue;
    for (const discount of discounts) {
      const off = discounted(turn, item, discount);
      if (off === undefined) continue;
      items.push(off);
      const billed = ledger.get(keyOf(off.charge, off.segment.number));
      if (billed !== undefined) Object.assign(billed, { through: item.end, invoicedOn: invoiceDay });
    }
  }
}

function charged(
  { version, state, segment, account, story }: Turn,
  end: Day,
  invoiceDay: Day,
  dice: Dice,
): Item {
  const { product } = state.charge;
  let { quantity } = segment;
  let amount: Minor;
  if (product.type === 'Usage') {
    quantity = dice.chance(10) ? 0 : 1 + dice.below(900);
    amount = segment.price * BigInt(quantity);
  } else if (end === segment.end) {
    amount = segmentValue(product, segment, story.cycleDay) - account.sum;
  } else {
    amount = priceOver(product, segment.price, quantity, monthParts(account.through, end, story.cycleDay));
  }
  const start = account.through;
  account.through = end;
  account.invoicedOn = invoiceDay;
  account.sum += amount;
  return {
    charge: state.charge,
    segment,
    version: version.number,
    start,
    end,
    amount,
    quantity,
    invoiceDay,
    appliedTo: null,
    credit: false,
  };
}

function credited({ version, state, segment, account, story }: Turn, end: Day): Item {
  const amount = segmentValue(state.charge.product, segment, story.cycleDay) - account.sum;
  const billedUntil = account.through;
  account.through = end;
  account.invoicedOn = end;
  account.sum += amount;
  return {
    charge: state.charge,
    segment,
    version: version.number,
    start: end,
    end: billedUntil,
    amount,
    quantity: segment.quantity,
    invoiceDay: end,
    appliedTo: null,
    credit: true,
  };
}

/** What the discount takes off an item; undefined where it does not run. */
function discounted(
  { story, account }: Turn,
  item: Item,
  { charge, segments }: ChargeState,
): Item | undefined {
  const segment = segments.findLast(({ start }) => start <= item.start);
  if (segment === undefined || (segment.end !== null && segment.end <= item.start)) return undefined;
  const percentage = charge.product.price;
  const taken = account.taken.get(charge.number) ?? 0n;
  const last = item.end === item.segment.end || item.end === segment.end;
  const amount = last
    ? percentageOf(discountedValue(item.charge.product, item.segment, segment, story.cycleDay), percentage) -
      taken
    : percentageOf(item.amount, percentage);
  account.taken.set(charge.number, taken + amount);
  return {
    charge,
    segment,
    version: item.version,
    start: item.start,
    end: item.end,
    amount,
    quantity: 1,
    invoiceDay: item.invoiceDay,
    appliedTo: item,
    credit: false,
  };
}

/** The end of the billing period that begins or goes on at `from`, cut at the segment's end. */
function periodEnd({ story, state, segment }: Turn, from: Day): Day {
  const { product } = state.charge;
  if (product.months === 0) return from + 1;
  const first = state.segments[0]?.start ?? segment.start;
  const { cycleDay } = story;
  // Periods are counted from the first cycle day of the charge; what lies before it is a part period.
  const anchor = billingMonth(first - 1, cycleDay) + 1;
  const month = billingMonth(from, cycleDay);
  const periods = month < anchor ? 0 : Math.floor((month - anchor) / product.months) + 1;
  const boundary = startOfBillingMonth(anchor + periods * product.months, cycleDay);
  return segment.end === null ? boundary : Math.min(boundary, segment.end);
}
