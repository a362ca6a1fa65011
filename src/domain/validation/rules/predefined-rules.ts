import type { ValidationRule } from '../validation-rule.ts';
import { BOOKINGS } from './bookings.ts';
import { DATES } from './dates.ts';
import { ACCOUNTING_SEGMENTS, MANDATORY } from './mandatory.ts';
import { EXCHANGE_RATE, RATES } from './rates.ts';
import { REFERENCES } from './references.ts';
import { SIGNS } from './signs.ts';

/** Rules that every line has to keep; a set of rules may narrow them, not change them. */
export const PREDEFINED_RULES: readonly ValidationRule[] = [
  ...MANDATORY,
  ...SIGNS,
  ...REFERENCES,
  ...BOOKINGS,
  ...DATES,
  ...RATES,
];

/** Rules that are there to be switched on. */
export const OPTIONAL_RULES: readonly ValidationRule[] = [ACCOUNTING_SEGMENTS, EXCHANGE_RATE];
