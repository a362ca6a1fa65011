import type { BillingObject } from '../../domain/catalogue/define-object.ts';
import { isDriven } from '../transform/derivations.ts';
import type { Destiny } from './extracted.ts';

/** Where the changed rows of an object end in the balance. */
export function destinyOf({ name }: BillingObject): Destiny {
  if (name === 'CreditBalanceAdjustment') return { kind: 'excluded', reason: 'unsupported-object' };
  return isDriven(name) ? { kind: 'lines' } : { kind: 'reference' };
}
