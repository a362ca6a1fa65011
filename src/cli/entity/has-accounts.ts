import { RevsyncError } from '../../domain/errors.ts';
import type { BillingAccess } from '../billing-access.ts';

/** Whether Billing has accounts of an entity; null where these credentials may not look. */
export async function hasAccounts(
  { billing }: Pick<BillingAccess, 'billing'>,
  billingId: string | null,
): Promise<boolean | null> {
  try {
    for await (const page of billing.forEntity(billingId).zoql('select Id from Account')) {
      return page.length > 0;
    }
    return false;
  } catch (error) {
    if (error instanceof RevsyncError && error.fate === 'fix-input') return null;
    throw error;
  }
}
