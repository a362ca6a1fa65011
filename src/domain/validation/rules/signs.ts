import type { ScopeName } from '../scopes.ts';
import { predefined, type ValidationRule } from '../validation-rule.ts';

const notOpposed = (scope: ScopeName): string =>
  `not ([Ext Sell Price] > 0 and [${scope}.Ext Sell Price] < 0) and not ([Ext Sell Price] < 0 and [${scope}.Ext Sell Price] > 0)`;

/** Amounts that contradict the direction of their booking. A booking of zero has none. */
export const SIGNS: readonly ValidationRule[] = [
  predefined({
    id: 'invoice-sign-differs',
    code: 'RPRO-00601',
    appliesTo: ['INV'],
    // Without Invoice Settlement a bill run has no other way to credit than a negative item of an invoice.
    when: "[Entity.Invoice Settlement] = 'Yes'",
    expression: notOpposed('Booking'),
    message: 'Invoiced {Ext Sell Price} against a booking of {Booking.Ext Sell Price}: the signs differ.',
    remedy:
      'A billing against its booking is a credit: correct it in Billing by a credit memo or an adjustment, and reject this line; or release it as `correction` to let it count as invoiced.',
    overridable: true,
  }),
  predefined({
    id: 'booking-sign-flipped',
    code: 'RPRO-00616',
    appliesTo: ['SO'],
    expression: notOpposed('Before'),
    message:
      'The SO line was booked with {Before.Ext Sell Price} and would be with {Ext Sell Price}: its sign cannot change.',
    remedy: 'Book the opposite amount as a charge of its own in Billing, and reject this line.',
  }),
];
