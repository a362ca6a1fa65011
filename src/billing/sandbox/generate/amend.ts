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
  const added = purchases.map((purchase) =>
    firstState(purchase, at.effective, before.termEnd, at.orderedOn, next.number),
  );
  return { ...next, charges: [...before.charges, ...added] };
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
  const charges = before.charges.map((state) => ({
    ...state,
    segments: state.segments.map((segment) =>
      segment.end !== null && segment.end <= at.effective
        ? segment
        : {
            ...segment,
            end: at.effective,
            version: segment.version + 1,
            amendedOn: at.orderedOn,
            touchedIn: next.number,
          },
    ),
  }));
  return { ...next, termEnd: at.effective, cancelledOn: at.effective, charges };
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

/** The charge of a version that a percentage discount is, if it has one. */
export function discountOf(version: Version): ChargeState | undefined {
  return version.charges.find((state) => isDiscount(state.charge.product));
}
