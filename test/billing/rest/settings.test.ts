import { describe, expect, test } from 'vitest';

import { failure, reply, stubBilling } from './stub-server.ts';

describe('a setting', () => {
  test('comes back as its body, fractions as written', async () => {
    const body =
      '{"currencies": [{"currencyCode": "JPY", "rate": 95.9750, "default": false, "note": "1.5 \\" 2"}], "day": 1}';
    const { billing } = await stubBilling({ 'GET /settings/currencies': reply(200, body) });
    expect(await billing.setting('currencies')).toEqual({
      currencies: [{ currencyCode: 'JPY', rate: '95.9750', default: false, note: '1.5 " 2' }],
      day: 1,
    });
  });

  test('keeps whole numbers beyond 2^53 exact', async () => {
    const { billing } = await stubBilling({ 'GET /settings/x': reply(200, '[9007199254740993, -1e3, 12]') });
    expect(await billing.setting('x')).toEqual(['9007199254740993', '-1e3', 12]);
  });

  test.each([
    ['a string', '"57a63d5d39fee379"', '57a63d5d39fee379'],
    ['a switch', 'false', false],
    ['a number', '3', 3],
    ['a fraction', '0.50', '0.50'],
  ])('may be %s', async (_name, body, value) => {
    const { billing } = await stubBilling({ 'GET /settings/x': reply(200, body) });
    expect(await billing.setting('x')).toBe(value);
  });

  test('that is no JSON is not believed', async () => {
    const { billing } = await stubBilling({ 'GET /settings/x': reply(200, 'sign in, please') });
    expect((await failure(billing.setting('x'))).code).toBe('BILLING_REPLY_UNEXPECTED');
  });

  test('that the tenant does not have is null', async () => {
    const { billing } = await stubBilling({
      'GET /settings/a': reply(404, { message: 'x' }),
      'GET /settings/b': reply(200, { success: false, reasons: [{ code: 50000040, message: 'x' }] }),
    });
    expect(await billing.setting('a')).toBeNull();
    expect(await billing.setting('b')).toBeNull();
  });

  test.each(['../v1/accounts', 'a?b', '', 'a//b'])('named %j is refused here', async (key) => {
    const { billing, seen } = await stubBilling({});
    expect((await failure(billing.setting(key))).code).toBe('BILLING_REQUEST_REFUSED');
    expect(seen).toEqual([]);
  });
});

describe('the listing of settings', () => {
  const LISTING = 'GET /settings/listing';

  test('has every setting with all its fields', async () => {
    const rules = {
      key: 'AccountingRules',
      pathPattern: '/accounting-rules',
      context: 'Entity',
      later: { a: [1] },
    };
    const { billing } = await stubBilling({ [LISTING]: reply(200, { settings: [rules], count: 1 }) });
    expect(await billing.settings()).toEqual([rules]);
  });

  test.each([
    ['lists none', reply(200, { settings: null })],
    ['has no listing', reply(404, { message: 'x' })],
  ])('is empty when the tenant %s', async (_name, answer) => {
    const { billing } = await stubBilling({ [LISTING]: answer });
    expect(await billing.settings()).toEqual([]);
  });

  test('without the path of a setting is not believed', async () => {
    const { billing } = await stubBilling({ [LISTING]: reply(200, { settings: [{ key: 'x' }] }) });
    expect((await failure(billing.settings())).context['places']).toBe('settings.0.pathPattern');
  });
});
