import { describe, expect, test } from 'vitest';

import { RATE_SYNC_EXAMPLE, RateSyncInput } from '../../../src/domain/rates/rate-sync-input.ts';

describe('the input of exchangeRateSync', () => {
  test.each([
    '{}',
    '{"entity": "emea"}',
    '{"from": "2024-02-29", "to": "2024-02-29"}',
    '{"currencies": ["EUR"]}',
  ])('may be %s', (text) => expect(RateSyncInput.safeParse(JSON.parse(text)).success).toBe(true));

  test('may be what its example says', () => {
    for (const text of RATE_SYNC_EXAMPLE.split(' or ')) {
      expect(RateSyncInput.safeParse(JSON.parse(text)).success, text).toBe(true);
    }
  });

  test.each([
    { from: '2024-02-30' },
    { from: '2024-02-02', to: '2024-02-01' },
    { from: '2024-01-01T00:00:00Z' },
    { to: 'yesterday' },
    { currencies: [] },
    { currencies: ['eur'] },
    { currencies: 'EUR' },
    { entty: 'emea' },
  ])('may not be %o', (input) => expect(RateSyncInput.safeParse(input).success).toBe(false));
});
