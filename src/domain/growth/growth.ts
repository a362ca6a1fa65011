import { Decimal, ZERO } from '../money/decimal.ts';

/** What was booked and billed of one SO line, in the currency of its booking; credits are negative where invoices are positive. */
export interface Billed {
  readonly booked: Decimal;
  /** Booked at zero and lifted by whatever is invoiced: usage, and evergreen by default. */
  readonly invoiceDriven: boolean;
  /** Invoiced under subscription versions before the one that last lowered the booking; nothing if none did. */
  readonly invoicedBefore: Decimal;
  /** Invoiced under that version or a newer one, or under whatever version if none lowered it. */
  readonly invoicedSince: Decimal;
  /** Credits that take off the price (CM). */
  readonly credited: Decimal;
  /** Credits that take back invoices and leave the price alone (CM-C). */
  readonly reversed: Decimal;
}

export interface Growth {
  /** What invoices add to the booking. */
  readonly lifted: Decimal;
  /** What CMs take off the price of booking and lift, signed as the booking is. */
  readonly conceded: Decimal;
  /** The system's CM-C for what is billed beyond booking and lift, signed as a credit is. */
  readonly systemCredit: Decimal;
  /** The system's CM-RO: the part of the CM-Cs that no invoice is left for, signed as a credit is. */
  readonly systemReturn: Decimal;
}

const positive = (amount: Decimal): Decimal => Decimal.max(ZERO, amount);

/**
 * What billing makes of a booking (domain.md 5.5). What is billed beyond it lifts it as far as what was invoiced since
 * it was last lowered accounts for it (profile ALLOW_OVERSTATED_INVOICE); the rest is a system credit, since the booking
 * was lowered below what had been invoiced. Credits count before both: one that takes an overstated invoice back undoes
 * the lift, one that Billing makes for a lowered booking undoes the system credit, and only what is left of the CMs is
 * a concession on the price. A function of sums alone, so the order of arrival does not matter.
 */
export function growthOf(billed: Billed, allowOverstated: boolean): Growth {
  const { booked, invoiceDriven, invoicedBefore, invoicedSince, credited, reversed } = billed;
  const way = wayOf(billed);
  const along = (amount: Decimal): Decimal => amount.times(way);
  const invoiced = invoicedBefore.plus(invoicedSince);
  const net = invoiced.plus(credited).plus(reversed);

  const excess = positive(along(net.minus(booked)));
  const accounted = invoiceDriven
    ? excess
    : allowOverstated
      ? Decimal.min(excess, positive(along(invoicedSince)))
      : ZERO;
  const overstated = positive(along(invoiced.plus(reversed).minus(booked)));
  const unbilled = positive(along(net).negated());
  return {
    lifted: along(accounted),
    conceded: along(positive(along(credited).negated().minus(overstated))),
    systemCredit: along(excess.minus(accounted)).negated(),
    systemReturn: along(Decimal.min(unbilled, positive(along(reversed).negated()))).negated(),
  };
}

/** 1 or -1: the sign of the booking, else of what is invoiced, else against the credits; 0 where there is nothing. */
function wayOf({ booked, invoicedBefore, invoicedSince, credited, reversed }: Billed): number {
  const invoiced = invoicedBefore.plus(invoicedSince);
  const telling = [booked, invoiced, credited.plus(reversed).negated()].find((amount) => !amount.isZero());
  if (telling === undefined) return 0;
  return telling.isNegative() ? -1 : 1;
}
