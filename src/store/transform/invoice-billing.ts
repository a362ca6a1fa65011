import { sql } from 'kysely';

import { INVOICE_ITEM_ROUTES } from '../../domain/mapping/routes.ts';
import { billingDerivation } from './billing.ts';
import type { Derivation } from './derivation.ts';
import { notPosted } from './not-posted.ts';
import { blankCodes } from './standalone.ts';

/** Billings by invoice: INV lines from items of posted invoices. An item without a charge was invoiced by itself. */
export const INVOICE_BILLING: Derivation = billingDerivation({
  routes: INVOICE_ITEM_ROUTES,
  exclusions: [notPosted('Invoice'), ['tax', sql`lower("InvoiceItem".processing_type) in ('3', 'tax')`]],
  document: 'Invoice',
  origin: null,
  signed: null,
  standalone: sql<boolean>`("Facts".charge_key is null)`,
  lineType: sql<string>`'INV'`,
  credits: false,
  rateDay: null,
  blankCodes: blankCodes('InvoiceItem'),
});
