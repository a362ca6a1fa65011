import type { Billing } from '../src/billing/port.ts';
import { RevsyncError } from '../src/domain/errors.ts';

/** Whether Billing has accounts, seen as one entity; null where these credentials may not look. */
export async function hasAccounts(port: Pick<Billing, 'zoql'>): Promise<boolean | null> {
  try {
    for await (const page of port.zoql('select Id from Account')) return page.length > 0;
    return false;
  } catch (error) {
    if (error instanceof RevsyncError && error.fate === 'fix-input') return null;
    throw error;
  }
}
