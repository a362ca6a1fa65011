import { invariant } from '../../domain/errors.ts';
import type { TemplateType } from '../../domain/mapping/transaction-template.ts';
import { BOOKING } from './booking.ts';
import type { Derivation } from './derivation.ts';
import { INVOICE_BILLING } from './invoice-billing.ts';

/** The derivations there are; a type without one is off, and its rows are excluded with that reason. */
export const DERIVATIONS: Partial<Record<TemplateType, Derivation>> = { SO: BOOKING, INV: INVOICE_BILLING };

/** The derivation of a type that is on. */
export function derivationOf(type: TemplateType): Derivation {
  const derivation = DERIVATIONS[type];
  invariant(derivation !== undefined, `no derivation for ${type}`);
  return derivation;
}

/** Whether rows of the object form lines. */
export const isDriven = (object: string): boolean =>
  Object.values(DERIVATIONS).some(({ routes }) => routes.driver === object);
