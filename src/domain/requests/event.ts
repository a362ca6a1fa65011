import { Decimal } from '../money/decimal.ts';
import { accepted, type Answer, refused } from './answer.ts';
import { EVENT, refusedBy } from './refusals.ts';

export const EVENT_PROCESSING = ['by-percent', 'by-amount', 'by-quantity'] as const;
export type EventProcessing = (typeof EVENT_PROCESSING)[number];

export const CHARGE_TYPES = ['recurring', 'one-time', 'usage'] as const;
export type EventChargeType = (typeof CHARGE_TYPES)[number];

interface Event {
  readonly processing: EventProcessing;
  readonly chargeType: EventChargeType;
  /** Exact text. */
  readonly value: string;
}

/** By Percent on all charges, By Amount on one-time and usage charges, By Quantity on none (design 9 (18)). */
export function answerEvent({ processing, chargeType, value }: Event): Answer {
  const number = new Decimal(value);
  if (processing === 'by-quantity') {
    return refused(
      EVENT.limitation,
      'Events By Quantity are not supported; By Percent is, on every charge.',
      'Set the event up By Percent: the quantity delivered as a part of the quantity ordered.',
    );
  }
  if (processing === 'by-amount' && chargeType === 'recurring') {
    return refusedBy(
      EVENT,
      'Events By Amount are supported on one-time and usage charges only; this one is for a recurring charge (Zuora: RPRO-00750).',
    );
  }
  if (number.isZero()) {
    return refused(null, 'An event of nothing releases nothing.', 'Give the event a value other than 0.');
  }
  if (processing === 'by-percent' && (number.isNegative() || number.gt(100))) {
    return refused(null, `${value} percent cannot be released.`, 'Give a percentage above 0, at most 100.');
  }
  const what = processing === 'by-percent' ? 'By Percent' : 'By Amount';
  return accepted(`Events ${what} are supported on ${chargeType} charges.`);
}
