import { predefined, type ValidationRule } from '../validation-rule.ts';

/** What a line needs its SO line to be. */
export const BOOKINGS: readonly ValidationRule[] = [
  predefined({
    id: 'so-line-in-other-organization',
    code: 'RPRO-10000',
    appliesTo: ['SO'],
    expression: '[Elsewhere.Organization] is null',
    message:
      'The SO line {SO Line Id} of this entity is collected in the organisation {Elsewhere.Organization}.',
    remedy:
      'An SO line belongs to one organisation: give the charge a segment of its own in Billing for the new organisation, or reject this line.',
  }),
  predefined({
    id: 'invoice-for-cancelled-booking',
    code: 'RPRO-00619',
    appliesTo: ['INV'],
    // Only what was billed under the cancelled version: what was billed before it is taken back by Billing's credits.
    when: "[Ext Sell Price] > 0 and [Booking.Ext Sell Price] = 0 and [Booking.Subscription Version] <= [Subscription Version] and [Booking.Amendment Reason] = 'Cancellation' and [Booking.Rate Plan Charge Model] not in ('Discount-Percentage', 'Discount-Fixed Amount')",
    expression: '[Booking.Revenue End Date] > [Booking.Revenue Start Date]',
    message:
      'The SO line {SO Line Id} is cancelled from its first day, and {Ext Sell Price} is invoiced for it.',
    remedy:
      'Reverse the invoice in Billing and reject this line; or release it as `correction` to have it count as invoiced.',
    overridable: true,
  }),
  predefined({
    id: 'currency-of-booking-differs',
    appliesTo: ['INV', 'CM', 'CM-C'],
    when: '[Booking.Transaction Currency] is not null and [Transaction Currency] is not null',
    expression: '[Transaction Currency] = [Booking.Transaction Currency]',
    message: 'Billed in {Transaction Currency}, and booked in {Booking.Transaction Currency}.',
    remedy: 'Correct the currency of the account that was billed, or of the one that owns the subscription.',
  }),
];
