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
