import { ROUTES } from '../../domain/mapping/routes.ts';
import type { TemplatePolicies } from '../../domain/mapping/policies.ts';
import type { TemplateType, TransactionTemplate } from '../../domain/mapping/transaction-template.ts';
import { adjustmentBilling } from './adjustment-billing.ts';
import { bookingDerivation } from './booking.ts';
import { creditMemoBilling } from './credit-memo-billing.ts';
import { debitMemoBilling } from './debit-memo-billing.ts';
import type { Derivation } from './derivation.ts';
import { INVOICE_BILLING } from './invoice-billing.ts';

const DERIVATIONS: Readonly<Record<TemplateType, (policies: TemplatePolicies) => Derivation>> = {
  SO: bookingDerivation,
  INV: () => INVOICE_BILLING,
  IIA: adjustmentBilling,
  CM: creditMemoBilling,
  DM: debitMemoBilling,
};

/** What the transformation knows of the template's type, under the template's policies. */
export function derivationOf({ type, policies }: Pick<TransactionTemplate, 'type' | 'policies'>): Derivation {
  return DERIVATIONS[type](policies);
}

/** Whether rows of the object form lines. */
export const isDriven = (object: string): boolean =>
  Object.values(ROUTES).some(({ driver }) => driver === object);
