import { z } from 'zod';

import { RevsyncError } from '../../domain/errors.ts';
import type { SettingListed } from '../port.ts';
import { fit } from './reply.ts';
import type { Session } from './session.ts';

const Listing = z.object({
  settings: z.array(z.looseObject({ key: z.string().min(1), pathPattern: z.string() })).nullish(),
});
/** `default-payment-gateways` is a bare string. */
const Setting = z.union([
  z.record(z.string(), z.unknown()),
  z.array(z.unknown()),
  z.string(),
  z.number(),
  z.boolean(),
]);

/** `GET /settings/listing` (wire.md 2.5), every field kept; empty when the tenant has no listing. */
export async function listSettings(session: Session): Promise<readonly SettingListed[]> {
  const found = await session.jsonOrNull({ method: 'GET', path: '/settings/listing' });
  return found === null ? [] : (fit(Listing, found.body, found.reply).settings ?? []);
}

/**
 * The body of `GET /settings/<key>` (wire.md 2.5), null when the tenant has no such setting. Whole
 * numbers are numbers; fractions (rates) are the strings they were written as.
 */
export async function readSetting(session: Session, key: string): Promise<unknown> {
  if (!/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/.test(key)) {
    throw new RevsyncError('This is not the key of a Billing setting', {
      code: 'BILLING_REQUEST_REFUSED',
      fate: 'fix-input',
      remedy: 'Use a key of GET /settings/listing, for example billing-rules.',
    });
  }
  const found = await session.jsonOrNull({ method: 'GET', path: `/settings/${key}` });
  if (found === null) return null;
  return fit(Setting, found.body, found.reply);
}

const Currencies = z.object({ homeCurrencyCode: z.string().nullish() });

/** The session's entity's home currency, null while Currency Conversion is off or absent. */
export async function readHomeCurrency(session: Session): Promise<string | null> {
  const found = await session.jsonOrNull({ method: 'GET', path: '/settings/fx-currencies' });
  if (found === null) return null;
  const { homeCurrencyCode } = fit(Currencies, found.body, found.reply);
  const code = homeCurrencyCode?.trim() ?? '';
  // It is taken once and for all: what is no code is none.
  return /^[A-Z]{3}$/.test(code) ? code : null;
}
