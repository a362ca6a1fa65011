import type { BillingRule } from './billing-rule.ts';
import { fieldText, type SettingRead } from './setting-read.ts';

/** Enablement, step 3. */
export const HOME_CURRENCY: BillingRule = {
  id: 'home-currency',
  name: 'Home Currency',
  where: 'Finance > Manage Currency Conversion, of the parent entity where there are several',
  setting: 'fx-currencies.homeCurrencyCode',
  required: 'a currency, once and for good',
  allowed: [],
  binding: true,
  why: 'It is the functional currency of every line and is required with or without several entities or currency conversion; without one, amounts stay in the currency of their invoice.',
};

/** An ISO 4217 code as Billing tells it, or null: anything else is none. */
export function homeCurrencyIn(read: SettingRead): string | null {
  const code = fieldText(read, 'homeCurrencyCode');
  return code !== null && /^[A-Z]{3}$/.test(code) ? code : null;
}

/**
 * Judges the home currency of an entity. `taken` is the one that revsync has, perhaps its parent's; another one in
 * Billing does not fit, since it cannot change.
 */
export function judgeHomeCurrency(
  read: SettingRead,
  taken: string | null,
): { rule: string; setting: string; value: string | null; required: string; fits: boolean | null } {
  const told = homeCurrencyIn(read);
  const { id: rule, setting } = HOME_CURRENCY;
  const required = taken ?? HOME_CURRENCY.required;
  if (told !== null) return { rule, setting, value: told, required, fits: taken === null || told === taken };
  if (taken !== null) return { rule, setting, value: taken, required, fits: true };
  return { rule, setting, value: null, required, fits: read.state === 'refused' ? null : false };
}
