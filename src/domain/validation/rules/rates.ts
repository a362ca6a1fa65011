import { predefined, type ValidatedType, type ValidationRule } from '../validation-rule.ts';

const ALL: readonly ValidatedType[] = ['SO', 'INV', 'CM', 'CM-C'];

/** Rates that cannot be (domain.md 5.5). */
export const RATES: readonly ValidationRule[] = [
  predefined({
    id: 'functional-rate-not-one',
    code: 'RPRO-00011',
    appliesTo: ALL,
    when: '[Func Ex Rate] is not null and [Transaction Currency] = [Functional Currency]',
    expression: '[Func Ex Rate] = 1',
    message:
      'Func Ex Rate is {Func Ex Rate}, though the line is in its functional currency {Functional Currency}.',
    remedy: 'Map a rate of 1, or none, for lines in the functional currency; the line goes on by itself.',
  }),
  predefined({
    id: 'functional-rate-not-positive',
    code: 'RPRO-00067',
    appliesTo: ALL,
    when: '[Func Ex Rate] is not null',
    expression: '[Func Ex Rate] > 0',
    message: 'Func Ex Rate is {Func Ex Rate}; a rate is greater than 0.',
    remedy: 'Correct the rate in Billing, or map another field to Func Ex Rate; the line goes on by itself.',
  }),
];

/**
 * Asked for where an organisation's rules switch it on. A line without a rate is held when it is formed; another form of a
 * collected line, which a person released, may still lack one.
 */
export const EXCHANGE_RATE: ValidationRule = predefined({
  id: 'missing-exchange-rate',
  code: 'RPRO-00076',
  appliesTo: ALL,
  when: '[Transaction Currency] <> [Functional Currency]',
  expression: '[Func Ex Rate] is not null',
  message: 'There is no rate from {Transaction Currency} to {Functional Currency}.',
  remedy: 'Sync the rates from Billing (`revsync rates run`); the line goes on by itself.',
});
