import { predefined, type ValidationRule } from '../validation-rule.ts';

/** Dates in an order that cannot be. Ends are the first day after, so a span may be empty. */
export const DATES: readonly ValidationRule[] = [
  predefined({
    id: 'ct-mod-date-too-early',
    code: 'RPRO-00066',
    appliesTo: ['SO'],
    // A segment that was carried over as it was keeps the date of the order that made it.
    when: "[CT Mod Date] is not null and [SO Book Date] is not null and [Amendment Reason] != '' and [Amendment Reason] is not null",
    expression: '[CT Mod Date] > [SO Book Date]',
    message: 'The CT Mod Date {CT Mod Date} has to lie after the SO Book Date {SO Book Date}.',
    remedy:
      'Correct the order dates in Billing; or release the line as `correction` where it was changed on the day it was booked.',
    overridable: true,
  }),
  predefined({
    id: 'revenue-dates-reversed',
    appliesTo: ['SO', 'INV', 'CM', 'CM-C'],
    when: '[Revenue Start Date] is not null and [Revenue End Date] is not null',
    expression: '[Revenue End Date] >= [Revenue Start Date]',
    message: 'The line ends on {Revenue End Date}, before it starts on {Revenue Start Date}.',
    remedy: 'Correct the service period in Billing; the line goes on by itself.',
  }),
  predefined({
    id: 'subscription-dates-reversed',
    appliesTo: ['SO', 'INV', 'CM', 'CM-C'],
    when: '[Subscription Start Date] is not null and [Subscription End Date] is not null',
    expression: '[Subscription End Date] >= [Subscription Start Date]',
    message:
      'The subscription ends on {Subscription End Date}, before it starts on {Subscription Start Date}.',
    remedy: 'Correct the dates of the subscription in Billing; or release the line as `correction`.',
    overridable: true,
  }),
];
