import { describe, expect, test } from 'vitest';

import { failure, reply, stubBilling } from './stub-server.ts';

const read = async (body: unknown) => {
  const { billing } = await stubBilling({ 'GET /v1/custom-exchange-rates/USD': reply(200, body) });
  return billing.exchangeRates({ currency: 'USD', from: '2016-01-15', to: '2016-01-16' });
};
const rate = (to: string, day: string, text: string) => ({
  from: 'USD',
  to,
  day,
  rate: text,
  inverse: false,
  rateSet: null,
  providerDay: null,
});

describe('a table of exchange rates', () => {
  test('tells each rate of each day as it was written', async () => {
    const body = `{"success": true, "inverse": true, "rateSetName": "Group", "rates": {
      "2016-01-15": {"providerExchangeRateDate": "2016-01-14", "JPY": 0.0084, "EUR": 1.08150},
      "2016-01-16": {"providerExchangeRateDate": "2016-01-16", "EUR": 1}
    }}`;
    const common = { from: 'USD', inverse: true, rateSet: 'Group' };
    expect(await read(body)).toEqual([
      { ...common, to: 'JPY', day: '2016-01-15', rate: '0.0084', providerDay: '2016-01-14' },
      { ...common, to: 'EUR', day: '2016-01-15', rate: '1.08150', providerDay: '2016-01-14' },
      { ...common, to: 'EUR', day: '2016-01-16', rate: '1', providerDay: null },
    ]);
  });

  test.each([
    ['an array of days', [{ '2016-01-15': { EUR: '0.92' } }, { '2016-01-16': { EUR: '0.93' } }]],
    ['an array of one table', [{ '2016-01-15': { EUR: '0.92' }, '2016-01-16': { EUR: '0.93' } }]],
    ['arrays of entries', { '2016-01-15': [{ EUR: '0.92' }], '2016-01-16': [{ EUR: '0.93' }] }],
  ])('may be %s, as the specification has it', async (_name, rates) => {
    expect(await read({ rates })).toEqual([
      rate('EUR', '2016-01-15', '0.92'),
      rate('EUR', '2016-01-16', '0.93'),
    ]);
  });

  test.each([
    ['no rates', {}],
    ['null', { rates: null }],
    ['an empty object', { rates: {} }],
    ['an empty array', { rates: [] }],
    ['a day without rates', { rates: { '2016-01-15': null, '2016-01-16': {} } }],
    ['a rate that is null', { rates: { '2016-01-15': { EUR: null } } }],
    ['the words of the specification', { rates: [{ DATE: { CURRENCY: 'x' } }] }],
    ['days that were not asked for', { rates: { '2016-01-14': { EUR: 1 }, '2016-01-17': { EUR: 1 } } }],
  ])('with %s tells none', async (_name, body) => {
    expect(await read(body)).toEqual([]);
  });

  test('may have fields that nobody knows yet', async () => {
    const rates = { '2016-01-15': { EUR: 2, source: 'ECB', rateType: { a: 1 } } };
    expect(await read({ rates, note: 'x' })).toEqual([rate('EUR', '2016-01-15', '2')]);
  });

  test('tells rates that are not positive, for others to refuse', async () => {
    const rates = { '2016-01-15': { EUR: -1.5 }, '2016-01-16': { EUR: 0 } };
    expect(await read({ rates })).toEqual([
      rate('EUR', '2016-01-15', '-1.5'),
      rate('EUR', '2016-01-16', '0'),
    ]);
  });

  test.each([
    ['words', { '2016-01-15': { EUR: 'n/a' } }],
    ['an object', { '2016-01-15': { EUR: { rate: 1 } } }],
    ['a day that is no date', { yesterday: { EUR: 1 } }],
    ['a list of numbers', [1, 2]],
  ])('with %s is not believed', async (_name, rates) => {
    expect((await failure(read({ rates }))).code).toBe('BILLING_REPLY_UNEXPECTED');
  });
});
