import { describe, expect, test } from 'vitest';

import { homeCurrencyIn, judgeHomeCurrency } from '../../../src/domain/settings/home-currency.ts';
import type { SettingRead } from '../../../src/domain/settings/setting-read.ts';

const tells = (homeCurrencyCode: unknown): SettingRead => ({ state: 'told', body: { homeCurrencyCode } });

describe('judgeHomeCurrency', () => {
  test('fits when Billing tells one, for the first time or as ever', () => {
    expect(judgeHomeCurrency(tells('EUR'), null)).toMatchObject({ value: 'EUR', fits: true });
    expect(judgeHomeCurrency(tells('EUR'), 'EUR')).toMatchObject({
      value: 'EUR',
      required: 'EUR',
      fits: true,
    });
  });

  test('does not fit when Billing tells another one than was taken', () => {
    expect(judgeHomeCurrency(tells('USD'), 'EUR')).toMatchObject({
      value: 'USD',
      required: 'EUR',
      fits: false,
    });
  });

  test('does not fit when there is none: it is required', () => {
    for (const read of [tells(null), { state: 'absent' } as const]) {
      expect(judgeHomeCurrency(read, null)).toMatchObject({ value: null, fits: false });
    }
  });

  test('fits when the entity has its parent’s, whatever its own settings tell', () => {
    for (const state of ['absent', 'refused'] as const) {
      expect(judgeHomeCurrency({ state }, 'USD')).toMatchObject({ value: 'USD', fits: true });
    }
  });

  test('is not known when it may not be read and none was taken', () => {
    expect(judgeHomeCurrency({ state: 'refused' }, null)).toMatchObject({ value: null, fits: null });
  });
});

describe('homeCurrencyIn', () => {
  test.each([
    ['EUR', 'EUR'],
    ['eur', null],
    ['', null],
    [7, null],
    ['EURO', null],
  ])('of %j is %j', (code, currency) => expect(homeCurrencyIn(tells(code))).toBe(currency));
});
