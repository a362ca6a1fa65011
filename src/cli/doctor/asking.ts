import { reasonOf, RevsyncError } from '../../domain/errors.ts';
import type { ApiAccess } from '../../domain/features/access.ts';
import type { Patience } from './patience.ts';

/** Asks Billing; a refusal is an answer too. `tell` says in words what was found. */
export async function asked<Found>(
  patience: Patience,
  work: () => Promise<Found>,
  tell: (found: Found) => ApiAccess | string,
): Promise<ApiAccess> {
  try {
    const told = tell(await patience.within(work()));
    return typeof told === 'string' ? { state: 'ok', detail: told } : told;
  } catch (error) {
    return refusalOf(error);
  }
}

const REFUSALS = new Set([
  'BILLING_PERMISSION_MISSING',
  'BILLING_REQUEST_REFUSED',
  'BILLING_CREDENTIALS_REFUSED',
]);

/** What an error says about access. Only a refusal says something: what is busy today may be open tomorrow. */
export function refusalOf(error: unknown): ApiAccess & { readonly state: 'absent' | 'refused' | 'unknown' } {
  const detail = reasonOf(error);
  if (!(error instanceof RevsyncError) || !REFUSALS.has(error.code)) return { state: 'unknown', detail };
  return { state: error.context['status'] === 404 ? 'absent' : 'refused', detail };
}
