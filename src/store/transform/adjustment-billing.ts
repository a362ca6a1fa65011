import { sql } from 'kysely';

import { ADJUSTMENT_ROUTES } from '../../domain/mapping/correction-routes.ts';
import type { TemplatePolicies } from '../../domain/mapping/policies.ts';
import { billingDerivation } from './billing.ts';
import { CORRECTION_FACTS, SETTLED } from './correction-facts.ts';
import { typeBySigns } from './credit-type.ts';
import type { Derivation } from './derivation.ts';
import { notPosted } from './not-posted.ts';

/** Corrections by adjustment of an invoice item, while Invoice Settlement is off. */
export function adjustmentBilling({ standaloneReference = 'keep' }: TemplatePolicies): Derivation {
  return billingDerivation({
    routes: ADJUSTMENT_ROUTES,
    exclusions: [
      ['type-off', SETTLED],
      notPosted('InvoiceItemAdjustment', 'Processed'),
      notPosted('Invoice'),
      ['tax', sql`lower("InvoiceItemAdjustment".source_type) = 'tax'`],
    ],
    document: 'Invoice',
    origin: null,
    signed: (amount) => sql`case lower("InvoiceItemAdjustment".type)
      when 'credit' then -(${amount}) when 'charge' then ${amount} end`,
    standalone: sql<boolean>`${sql.lit(standaloneReference === 'remove')}`,
    lineType: typeBySigns(CORRECTION_FACTS, 'CM-C'),
    credits: true,
    blankCodes: null,
  });
}
