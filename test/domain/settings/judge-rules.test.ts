import { describe, expect, test } from 'vitest';

import { SETTINGS } from '../../../src/billing/sandbox/generate/settings.ts';
import { parseTenantSpec } from '../../../src/billing/sandbox/tenant-spec.ts';
import { placeOf } from '../../../src/domain/settings/billing-rule.ts';
import { BILLING_RULES } from '../../../src/domain/settings/billing-rules.ts';
import {
  ALL_RULES,
  type JudgedRule,
  judgeRules,
  SETTING_KEYS,
  whyOf,
} from '../../../src/domain/settings/judge-rules.ts';
import type { SettingRead } from '../../../src/domain/settings/setting-read.ts';
import { recordedSettings, SETTINGS_RECORDED } from '../../support/recorded-settings.ts';

type Bodies = Readonly<Record<string, unknown>>;
const told = (bodies: Bodies): Map<string, SettingRead> =>
  new Map(Object.entries(bodies).map(([key, body]) => [key, { state: 'told', body }]));

/** As revenue wants them. */
const GOOD: Bodies = Object.fromEntries(
  SETTING_KEYS.map((key) => [
    key,
    SETTINGS[key]?.(parseTenantSpec('items=1'), { idOf: () => 'id', home: 'USD' }),
  ]),
);
const but = (key: string, fields: object): Bodies => ({
  ...GOOD,
  [key]: { ...(GOOD[key] as object), ...fields },
});
const byRule = (rules: readonly JudgedRule[]) => new Map(rules.map((rule) => [rule.rule, rule]));
const misfits = (rules: readonly JudgedRule[]) =>
  rules.filter(({ fits }) => fits === false).map(({ rule }) => rule);

describe('judgeRules', () => {
  test('finds that settings as revenue wants them fit, and does not judge what no source spells', () => {
    const rules = judgeRules(told(GOOD), 'USD');
    expect(rules.filter(({ fits }) => fits !== true).map(({ rule }) => rule)).toEqual([
      'recurring-credit-proration',
    ]);
    expect(rules).toHaveLength(ALL_RULES.size);
  });

  test.each([
    ['billing-rules', { oneTimeCreditBack: false }, 'one-time-credit-back'],
    ['billing-rules', { prorateRecurringMonthlyCharges: false }, 'prorate-recurring-month'],
    ['billing-rules', { prorateRecurringWeeklyCharges: false }, 'prorate-recurring-week'],
    ['billing-rules', { prorateUsageMonthlyCharges: false }, 'prorate-usage-month'],
    ['billing-rules', { prorateUsageWeeklyCharges: false }, 'prorate-usage-week'],
    ['billing-rules', { creditMemoMirroringInvoiceItemsRule: 'No' }, 'credit-memos-mirror-invoice-items'],
    ['billing-rules', { daysInMonth: 'Assume30Days' }, 'days-in-month'],
    ['billing-rules', { prorationUnit: 'ProrateByMonthFirst' }, 'proration-unit'],
    ['billing-rules', { invoicePastEndOfTerm: true }, 'invoice-past-end-of-term-auto-renew-off'],
    ['subscription-settings', { invoicePastEndOfTerm: true }, 'invoice-past-end-of-term-subscriptions'],
    ['billing-rules', { billToTermEndWhenAutoRenew: false }, 'invoice-past-end-of-term-auto-renew-on'],
    ['subscription-settings', { updateChargeTriggerCondition: true }, 'update-charge-trigger-condition'],
    [
      'subscription-settings',
      { updateSubscriptionActivationDate: true },
      'update-subscription-trigger-dates',
    ],
    ['fx-currencies', { exportEnabled: false }, 'currency-conversion-export'],
    ['fx-currencies', { homeCurrencyCode: 'EUR' }, 'home-currency'],
  ])('finds that %s %j does not fit', (key, fields, rule) => {
    const rules = judgeRules(told(but(key, fields)), 'USD');
    expect(misfits(rules)).toEqual([rule]);
    expect(byRule(rules).get(rule)?.value).toBe(String(Object.values(fields)[0]));
  });

  test('takes credit memos that mirror all but zero balances, too', () => {
    const bodies = but('billing-rules', { creditMemoMirroringInvoiceItemsRule: 'YesExceptForZeroItems' });
    expect(misfits(judgeRules(told(bodies), 'USD'))).toEqual([]);
  });

  test('never guesses: what is absent, refused or left out of a body is not known', () => {
    for (const reads of [
      new Map<string, SettingRead>(),
      new Map<string, SettingRead>(SETTING_KEYS.map((key) => [key, { state: 'refused' }])),
      told({ 'billing-rules': {}, 'subscription-settings': null, 'fx-currencies': 'closed' }),
    ]) {
      const rules = judgeRules(reads, 'USD').filter(({ rule }) => rule !== 'home-currency');
      expect(rules.map(({ value, fits }) => ({ value, fits }))).toEqual(
        rules.map(() => ({ value: null, fits: null })),
      );
    }
  });

  test('says why each one matters, what to set where it does not fit, where to look where it is not known', () => {
    for (const [id, { name, where, required, why }] of ALL_RULES) {
      expect(why).toMatch(/^[A-Z].*\.$/);
      const misfit = whyOf({ rule: id, value: 'x', required, fits: false });
      expect(misfit).toBe(`${why} Set "${name}" to: ${required} (${where}).`);
      const unknown = whyOf({ rule: id, value: null, required, fits: null });
      expect(unknown).toMatch(/^Billing does not tell it/);
      expect(unknown).toContain(where);
      expect(whyOf({ rule: id, value: 'x', required, fits: true })).toBe(why);
    }
  });
});

if (!SETTINGS_RECORDED)
  console.warn('skipped: the recorded replies of a tenant do not lie beside the project');

describe.skipIf(!SETTINGS_RECORDED)('the recorded settings of a tenant', () => {
  const bodies = Object.fromEntries(recordedSettings());

  test('tell every rule, but the one that came later', () => {
    const rules = judgeRules(told(bodies), 'USD');
    expect(rules.filter(({ value }) => value === null).map(({ rule }) => rule)).toEqual([
      'recurring-credit-proration',
    ]);
  });

  test('do not fit where that tenant gives no credit back and mirrors no invoice items', () => {
    expect(misfits(judgeRules(told(bodies), 'USD'))).toEqual([
      'one-time-credit-back',
      'credit-memos-mirror-invoice-items',
    ]);
  });

  test('spell what is wanted as their own listing says it may be spelled', () => {
    const listing = bodies['listing'] as { settings: Listed[] };
    const schemas = new Map(
      listing.settings.flatMap(({ pathPattern, httpOperations }) =>
        httpOperations
          .filter(({ method }) => method === 'GET')
          .map(({ responseType }) => [pathPattern.slice(1), propertiesOf(responseType)] as const),
      ),
    );
    for (const rule of BILLING_RULES.filter(({ allowed }) => allowed.length > 0)) {
      const { key, field } = placeOf(rule);
      const schema = schemas.get(key)?.[field];
      const may = schema?.type === 'boolean' ? ['true', 'false'] : (schema?.enum ?? []);
      expect(may, rule.id).toEqual(expect.arrayContaining([...rule.allowed]));
    }
  });
});

interface Listed {
  readonly pathPattern: string;
  readonly httpOperations: readonly { readonly method: string; readonly responseType: ResponseType }[];
}
interface ResponseType {
  readonly definitions?: Readonly<Record<string, { readonly properties?: Properties }>>;
}
type Properties = Readonly<Record<string, { readonly type?: string; readonly enum?: readonly string[] }>>;

const propertiesOf = ({ definitions = {} }: ResponseType): Properties =>
  Object.values(definitions)[0]?.properties ?? {};
