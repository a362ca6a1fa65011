import { predefined, type ValidationRule } from '../validation-rule.ts';

const MATCH =
  'Look at what the item refers to in Billing, and at the policies of the template that formed the line.';

/** What lines refer to (domain.md 3.2, 5.5). */
export const REFERENCES: readonly ValidationRule[] = [
  predefined({
    id: 'invoice-with-booking-reference',
    code: 'RPRO-00636',
    appliesTo: ['INV'],
    expression: '[Original SO Line Id] is null',
    message: 'An INV line must not carry an Original SO Line Id, and this one has {Original SO Line Id}.',
    remedy: MATCH,
  }),
  predefined({
    id: 'credit-with-two-references',
    code: 'RPRO-00637',
    appliesTo: ['CM', 'CM-C'],
    expression: '[Original SO Line Id] is null or [Original Invoice Line Id] is null',
    message:
      'A credit names its invoice line or its SO line, and this one both: {Original Invoice Line Id} and {Original SO Line Id}.',
    remedy: MATCH,
  }),
  predefined({
    id: 'credit-without-reference',
    code: 'RPRO-00638',
    appliesTo: ['CM-C'],
    expression: '[Original SO Line Id] is not null or [Original Invoice Line Id] is not null',
    message: 'A CM-C names the invoice line or the SO line that it takes back, and this one neither.',
    remedy: MATCH,
  }),
  predefined({
    id: 'referenced-invoice-missing',
    code: 'RPRO-00624',
    appliesTo: ['CM', 'CM-C'],
    when: '[Original Invoice Line Id] is not null',
    expression: '[Invoice.Invoice Line Id] is not null',
    message: 'The invoice line {Original Invoice Line Id} that it credits is not in Staging.',
    remedy:
      'Find out why that invoice item formed no line: its invoice is not posted, or a filter or a flag excludes it. The credit goes on by itself when the line comes.',
  }),
  predefined({
    id: 'credit-beyond-invoice',
    code: 'RPRO-00621',
    appliesTo: ['CM'],
    when: '[Invoice.Invoice Line Id] is not null',
    expression: '[Unsigned Sell Price] <= [Credited.Left]',
    message:
      'The credit of {Ext Sell Price} is more than is left of the invoice line {Original Invoice Line Id} that it names: {Invoice.Ext Sell Price}, of which credits before it take {Credited.Before}.',
    remedy:
      'Name no invoice line for a credit that is meant for the whole charge; or release it as `correction` to have it taken off as it is.',
    overridable: true,
  }),
];
