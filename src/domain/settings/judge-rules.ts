import { type BillingRule, placeOf } from './billing-rule.ts';
import { BILLING_RULES } from './billing-rules.ts';
import { HOME_CURRENCY, judgeHomeCurrency } from './home-currency.ts';
import { fieldText, type SettingRead } from './setting-read.ts';

/** What Billing says of a rule in one entity. */
export interface JudgedRule {
  /** The rule's id. */
  readonly rule: string;
  readonly setting: string;
  /** As Billing spells it; null: not told. */
  readonly value: string | null;
  readonly required: string;
  /** Null: not told, or spelled in a way that no source explains. */
  readonly fits: boolean | null;
}

/** The rules that are judged by what one field says, and the export of rates (domain.md 7.3). */
export const FIELD_RULES: readonly BillingRule[] = [
  ...BILLING_RULES,
  {
    id: 'currency-conversion-export',
    name: 'Include additional Currency Conversion information in data source exports',
    where: 'Finance Settings > Manage Currency Conversion',
    setting: 'fx-currencies.exportEnabled',
    required: 'Yes',
    allowed: ['true'],
    binding: false,
    why: 'Without it exports lack the rates that Billing converted by, and billing lines are converted by the rate of the invoice date.',
  },
];

/** Every rule there is, by id. */
export const ALL_RULES: ReadonlyMap<string, BillingRule> = new Map(
  [HOME_CURRENCY, ...FIELD_RULES].map((rule) => [rule.id, rule]),
);

/** The keys of GET /settings/<key> that the rules need. */
export const SETTING_KEYS: readonly string[] = [
  ...new Set([HOME_CURRENCY, ...FIELD_RULES].map((rule) => placeOf(rule).key)),
];

/**
 * Judges every rule by what was read in one entity.
 *
 * @param homeCurrency the entity's home currency as it was taken, its parent's included; null: none so far
 */
export function judgeRules(
  reads: ReadonlyMap<string, SettingRead>,
  homeCurrency: string | null,
): JudgedRule[] {
  const readOf = (key: string): SettingRead => reads.get(key) ?? { state: 'absent' };
  return [
    judgeHomeCurrency(readOf('fx-currencies'), homeCurrency),
    ...FIELD_RULES.map((rule) => {
      const { key, field } = placeOf(rule);
      const value = fieldText(readOf(key), field);
      const fits = value === null || rule.allowed.length === 0 ? null : rule.allowed.includes(value);
      return { rule: rule.id, setting: rule.setting, value, required: rule.required, fits };
    }),
  ];
}

/** Why a rule matters, and what to do where it does not fit or is not told; for people. */
export function whyOf({ rule: id, value, required, fits }: Omit<JudgedRule, 'setting'>): string {
  const rule = ALL_RULES.get(id);
  if (rule === undefined) return '';
  const { name, where, why } = rule;
  if (fits === true) return why;
  if (fits === false) return `${why} Set "${name}" to: ${required} (${where}).`;
  const known =
    value === null
      ? 'Billing does not tell it to these credentials, so it is not known.'
      : `No source says how Billing spells what is wanted, so "${value}" is not judged.`;
  return `${known} Look at "${name}" (${where}); wanted: ${required}. ${why}`;
}
