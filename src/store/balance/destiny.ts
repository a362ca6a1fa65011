import type { BillingObject } from '../../domain/catalogue/define-object.ts';
import { driverAmount } from '../../domain/catalogue/driver-amount.ts';
import { isDriven } from '../transform/derivations.ts';
import type { Destiny } from './extracted.ts';

/** Where the changed rows of an object end in the balance. */
export function destinyOf({ name }: BillingObject): Destiny {
  if (name === 'CreditBalanceAdjustment') return { kind: 'excluded', reason: 'unsupported-object' };
  if (isDriven(name)) return { kind: 'lines' };
  return driverAmount(name) === undefined ? { kind: 'reference' } : { kind: 'excluded', reason: 'type-off' };
}
