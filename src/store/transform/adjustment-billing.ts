import { sql } from 'kysely';

import { ADJUSTMENT_ROUTES } from '../../domain/mapping/correction-routes.ts';
import type { TemplatePolicies } from '../../domain/mapping/policies.ts';
import { billingDerivation } from './billing.ts';
import { CORRECTION_FACTS } from './correction-facts.ts';
import { typeBySigns } from './credit-type.ts';
import type { Derivation } from './derivation.ts';
import { notPosted } from './not-posted.ts';
import { ADJUSTMENTS_OFF, holdingLookalikes, REPLACED_BY_MEMO } from './supplanting.ts';

/** Corrections by adjustment of an invoice item, until Invoice Settlement takes over. */
export function adjustmentBilling({ standaloneReference = 'keep' }: TemplatePolicies): Derivation {
  const derivation = billingDerivation({
    routes: ADJUSTMENT_ROUTES,
    exclusions: [
      ADJUSTMENTS_OFF,
      REPLACED_BY_MEMO,
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
    // It corrects what the invoice billed, at the rate of that day.
    rateDay: sql`"Invoice".invoice_date`,
    blankCodes: null,
  });
  return holdingLookalikes(derivation);
}
