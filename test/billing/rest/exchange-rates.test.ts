import { describe, expect, test } from 'vitest';

import { failure, reply, stubBilling, type Answer } from './stub-server.ts';

const USD = 'GET /v1/custom-exchange-rates/USD';
const PATH = '/v1/custom-exchange-rates/USD';
/** A rate for the first day of each piece that is asked for. */
const firstDays: Answer = (request, response) => {
  const day = new URL(request.path, 'http://localhost').searchParams.get('startDate') ?? '';
  reply(200, { success: true, inverse: false, rates: { [day]: { EUR: 0.5 } } })(request, response);
};

describe('exchange rates', () => {
  test.each([
    ['1 day', '2024-02-29', '2024-02-29', 1],
    ['90 days', '2024-01-01', '2024-03-30', 1],
    ['91 days', '2024-01-01', '2024-03-31', 2],
    ['a leap year', '2024-01-01', '2024-12-31', 5],
  ])('of %s are asked for in pieces of at most 90 days', async (_name, from, to, pieces) => {
    const { billing, to: calls } = await stubBilling({ [USD]: firstDays });
    const rates = await billing.exchangeRates({ currency: 'USD', from, to });
    const asked = calls(PATH).map(({ path }) =>
      Object.fromEntries(new URL(path, 'http://localhost').searchParams),
    );
    expect(asked).toHaveLength(pieces);
    expect(asked[0]?.['startDate']).toBe(from);
    expect(asked.at(-1)?.['endDate']).toBe(to);
    expect(rates.map(({ day }) => day)).toEqual(asked.map(({ startDate }) => startDate));
  });

  test.each([
    ['no currency', { currency: '../x', from: '2024-01-01', to: '2024-01-02' }],
    ['a currency in lower case', { currency: 'usd', from: '2024-01-01', to: '2024-01-02' }],
    ['a day that is none', { currency: 'USD', from: '2023-02-29', to: '2024-01-02' }],
    ['an instant', { currency: 'USD', from: '2024-01-01', to: '2024-01-02T00:00:00Z' }],
    ['an end before the start', { currency: 'USD', from: '2024-01-02', to: '2024-01-01' }],
  ])('for %s are refused here', async (_name, window) => {
    const { billing, seen } = await stubBilling({});
    expect((await failure(billing.exchangeRates(window))).code).toBe('BILLING_REQUEST_REFUSED');
    expect(seen).toEqual([]);
  });

  test.each([
    ['403', reply(403, { message: 'x' })],
    ['404', reply(404, { message: 'x' })],
    ['a permission code at 200', reply(200, { success: false, reasons: [{ code: 53100010, message: 'x' }] })],
    ['a not-found code at 200', reply(200, { success: false, reasons: [{ code: 53100040, message: 'x' }] })],
  ])('that %s refuses are a table which the tenant does not have', async (_name, answer) => {
    const { billing } = await stubBilling({ [USD]: answer });
    const asked = billing.exchangeRates({ currency: 'USD', from: '2024-01-01', to: '2024-01-01' });
    expect(await failure(asked)).toMatchObject({
      code: 'BILLING_PERMISSION_MISSING',
      fate: 'fix-input',
      remedy: expect.stringContaining('Zuora Support'),
      context: { zuoraRequestId: 'req-1' },
    });
  });

  test.each([
    [429, {}, 'BILLING_RATE_LIMITED'],
    [200, { success: false, reasons: [{ code: 53100020, message: 'bad date' }] }, 'BILLING_REQUEST_REFUSED'],
  ])('that are refused with status %i for another reason say that', async (status, body, code) => {
    const { billing } = await stubBilling({ [USD]: reply(status, body) });
    const asked = billing.exchangeRates({ currency: 'USD', from: '2024-01-01', to: '2024-01-01' });
    expect((await failure(asked)).code).toBe(code);
  });
});
