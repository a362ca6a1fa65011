import { describe, expect, test } from 'vitest';

import {
  type FeatureClues,
  judgeFeatures,
  PROBED_OBJECTS,
} from '../../../src/domain/settings/judge-features.ts';

const clues = (changed: Partial<FeatureClues> = {}): FeatureClues => ({
  fxCurrencies: { state: 'told', body: { homeCurrencyCode: 'USD' } },
  homeCurrency: 'USD',
  described: () => true,
  settledBefore: false,
  multiEntity: true,
  ...changed,
});
const states = (changed: Partial<FeatureClues>) =>
  Object.fromEntries(judgeFeatures(clues(changed)).map(({ feature, on }) => [feature, on]));
const without =
  (...objects: string[]) =>
  (object: string) =>
    !objects.includes(object);

describe('judgeFeatures', () => {
  test('finds all on in a tenant that has all, and says by what', () => {
    const features = judgeFeatures(clues());
    expect(features.map(({ on }) => on)).toEqual([true, true, true, true]);
    for (const { how } of features) expect(how).not.toBe('');
  });

  test('finds Orders and Invoice Settlement off where Billing describes their objects not', () => {
    expect(states({ described: without('Order', 'OrderAction') })).toMatchObject({
      Orders: false,
      'Invoice Settlement': true,
    });
    const memos = ['CreditMemo', 'CreditMemoItem', 'DebitMemo', 'DebitMemoItem'];
    expect(states({ described: without(...memos) })).toMatchObject({
      Orders: true,
      'Invoice Settlement': false,
    });
  });

  test('does not guess where Billing describes nothing, or was not asked', () => {
    for (const described of [without(...PROBED_OBJECTS), () => null]) {
      expect(states({ described })).toMatchObject({ Orders: null, 'Invoice Settlement': null });
    }
  });

  test('keeps Invoice Settlement on once it was: it is never turned off', () => {
    const described = without(...PROBED_OBJECTS.slice(1));
    expect(states({ described, settledBefore: true })).toMatchObject({ 'Invoice Settlement': true });
  });

  test('finds Currency Conversion by the home currency, the parent’s included', () => {
    const none = { fxCurrencies: { state: 'absent' }, homeCurrency: null } as const;
    expect(states({ fxCurrencies: { state: 'absent' } })['Currency Conversion']).toBe(true);
    expect(states(none)['Currency Conversion']).toBe(false);
    expect(states({ ...none, fxCurrencies: { state: 'refused' } })['Currency Conversion']).toBeNull();
  });
});
