import { type Day, addMonths } from './days.ts';
import { type Minor } from './money.ts';
import { type ProductCharge, isDiscount } from './product-catalogue.ts';
import { type Charge, type ChargeState, type Segment, type Version } from './story.ts';

/** What is ordered: a product charge at a price. */
export interface Purchase {
  readonly charge: Charge;
  readonly price: Minor;
  readonly listPrice: Minor;
  readonly quantity: number;
}

interface Amendment {
  readonly orderedOn: Day;
  readonly effective: Day;
}

/** The first version: everything bought starts with the subscription. */
export function create(
  start: Day,
  termMonths: number | null,
  orderedOn: Day,
  purchases: readonly Purchase[],
): Version {
  const termEnd = termMonths === null ? null : addMonths(start, termMonths);
  return {
    number: 1,
    kind: 'create',
    orderedOn,
    enteredOn: Math.min(orderedOn, start),
    effective: start,
    termStart: start,
    termEnd,
    cancelledOn: null,
    charges: purchases.map((purchase) => firstState(purchase, start, termEnd, orderedOn, 1)),
  };
}

/** More is bought during the term. */
export function add(before: Version, at: Amendment, purchases: readonly Purchase[]): Version {
  const next = following(before, 'add', at);
  return { ...next, charges: [...before.charges, ...added(before, at, purchases)] };
}

/** Another price or quantity: the running segment ends that day and a new one begins. */
export function change(
  before: Version,
  at: Amendment,
  what: { readonly charge: Charge; readonly price?: Minor; readonly quantity?: number },
): Version {
  const next = following(before, 'change', at);
  const charges = before.charges.map((state) => {
    const running = state.segments.at(-1);
    if (state.charge !== what.charge || running === undefined) return state;
    const renewed = nextSegment(running, at, next.number, running.end);
    return {
      ...state,
      segments: [
        ...state.segments.slice(0, -1),
        { ...running, end: at.effective, amendedOn: at.orderedOn, touchedIn: next.number },
        { ...renewed, price: what.price ?? running.price, quantity: what.quantity ?? running.quantity },
      ],
    };
  });
  return { ...next, charges };
}

/** One plan takes the place of another, in one order action. */
export function swap(before: Version, at: Amendment, old: Charge, purchases: readonly Purchase[]): Version {
  const next = following(before, 'swap', at);
  return { ...next, charges: [...without(before, at, old), ...added(before, at, purchases)] };
}

/** A charge ends that day while the subscription goes on. */
export function remove(before: Version, at: Amendment, what: Charge): Version {
  return { ...following(before, 'remove', at), charges: without(before, at, what) };
}

/** The term has no end any more, and with it all that ended with it. */
export function convert(before: Version, at: Amendment): Version {
  const next = following(before, 'convert', at);
  const charges = before.charges.map((state) => ({
    ...state,
    segments: state.segments.map((segment) =>
      segment.end === before.termEnd ? touched(segment, at, next.number, null) : segment,
    ),
  }));
  return { ...next, termEnd: null, charges };
}

/** A new term: what recurs, usage and discounts go on as the next segment. */
export function renew(before: Version, orderedOn: Day, termMonths: number): Version {
  const from = before.termEnd ?? before.termStart;
  const at = { orderedOn, effective: from };
  const termEnd = addMonths(from, termMonths);
  const next = following(before, 'renew', at);
  const charges = before.charges.map((state): ChargeState => {
    const last = state.segments.at(-1);
    if (state.charge.product.type === 'OneTime' || last === undefined) return state;
    return { ...state, segments: [...state.segments, nextSegment(last, at, next.number, termEnd)] };
  });
  return { ...next, termStart: from, termEnd, charges };
}

/** Everything that still runs ends that day. */
export function cancel(before: Version, at: Amendment): Version {
  const next = following(before, 'cancel', at);
  const charges = before.charges.map((state) => ended(state, at, next.number));
  return { ...next, termEnd: at.effective, cancelledOn: at.effective, charges };
}

function added(before: Version, at: Amendment, purchases: readonly Purchase[]): ChargeState[] {
  return purchases.map((purchase) =>
    firstState(purchase, at.effective, before.termEnd, at.orderedOn, before.number + 1),
  );
}

function without(before: Version, at: Amendment, what: Charge): ChargeState[] {
  return before.charges.map((state) => (state.charge === what ? ended(state, at, before.number + 1) : state));
}

function ended(state: ChargeState, at: Amendment, version: number): ChargeState {
  return {
    ...state,
    segments: state.segments.map((segment) =>
      segment.end !== null && segment.end <= at.effective
        ? segment
        : touched(segment, at, version, at.effective),
    ),
  };
}

function touched(segment: Segment, at: Amendment, version: number, end: Day | null): Segment {
  return {
    ...segment,
    end,
    version: segment.version + 1,
    amendedOn: at.orderedOn,
    touchedIn: version,
  };
}

function following(before: Version, kind: Version['kind'], at: Amendment): Version {
  return { ...before, ...at, enteredOn: at.orderedOn, number: before.number + 1, kind };
}

function firstState(
  purchase: Purchase,
  start: Day,
  termEnd: Day | null,
  orderedOn: Day,
  version: number,
): ChargeState {
  const { charge, price, listPrice, quantity } = purchase;
  const segment: Segment = {
    price,
    listPrice,
    quantity,
    number: 1,
    version: 1,
    start,
    end: endOf(charge.product, start, termEnd),
    orderedOn,
    amendedOn: null,
    touchedIn: version,
  };
  return { charge, segments: [segment] };
}

function endOf(product: ProductCharge, start: Day, termEnd: Day | null): Day | null {
  if (product.lasts !== undefined) return addMonths(start, product.lasts);
  return product.type === 'OneTime' ? start + 1 : termEnd;
}

function nextSegment(last: Segment, at: Amendment, version: number, end: Day | null): Segment {
  return {
    ...last,
    number: last.number + 1,
    version: last.version + 1,
    start: at.effective,
    end,
    orderedOn: at.orderedOn,
    amendedOn: null,
    touchedIn: version,
  };
}

/** The charges of a version that take a percentage off the others; most have none. */
export function discountsOf(version: Version): readonly ChargeState[] {
  return version.charges.filter((state) => isDiscount(state.charge.product));
}
