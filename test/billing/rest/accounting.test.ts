import { describe, expect, test } from 'vitest';

import { failure, reply, stubBilling } from './stub-server.ts';

const CODE = {
  id: 'a1',
  name: 'Deferred',
  type: 'DeferredRevenue',
  status: 'Inactive',
  glAccountNumber: '2300',
};
const PERIOD = {
  id: 'q1',
  name: 'Feb 2024',
  startDate: '2024-02-01',
  endDate: '2024-02-29',
  status: 'Open',
  fiscalQuarter: null,
  fileIds: { later: 'x' },
};

describe('accounting codes', () => {
  test('come from every page, each with all its fields', async () => {
    const { billing } = await stubBilling({
      'GET /v1/accounting-codes': [
        reply(200, { accountingCodes: [CODE], nextPage: '/v1/accounting-codes?page=2', success: true }),
        reply(200, { accountingCodes: [{ ...CODE, id: 'a2' }], success: true }),
      ],
    });
    expect(await billing.accountingCodes()).toEqual([CODE, { ...CODE, id: 'a2' }]);
  });

  test('may be none', async () => {
    const { billing } = await stubBilling({ 'GET /v1/accounting-codes': reply(200, { success: true }) });
    expect(await billing.accountingCodes()).toEqual([]);
  });

  test('without an id are not believed', async () => {
    const answer = reply(200, { accountingCodes: [{ name: 'x', type: 'y' }] });
    const { billing } = await stubBilling({ 'GET /v1/accounting-codes': answer });
    expect(await failure(billing.accountingCodes())).toMatchObject({
      code: 'BILLING_REPLY_UNEXPECTED',
      context: { places: 'accountingCodes.0.id' },
    });
  });

  test('that the role may not read are a missing permission', async () => {
    const body = { success: false, reasons: [{ code: 50000010, message: 'no' }] };
    const { billing } = await stubBilling({ 'GET /v1/accounting-codes': reply(200, body) });
    expect((await failure(billing.accountingCodes())).code).toBe('BILLING_PERMISSION_MISSING');
  });
});

describe('accounting periods', () => {
  test('come from every page, each with all its fields', async () => {
    const march = { ...PERIOD, id: 'q2', startDate: '2024-03-01', endDate: '2024-03-31' };
    const { billing } = await stubBilling({
      'GET /v1/accounting-periods': [
        reply(200, { accountingPeriods: [march], nextPage: '/v1/accounting-periods?page=2' }),
        reply(200, { accountingPeriods: [PERIOD] }),
      ],
    });
    expect(await billing.accountingPeriods()).toEqual([march, PERIOD]);
  });

  test('may end with one that has no end', async () => {
    const openEnded = { ...PERIOD, name: 'Open-Ended', endDate: null };
    const { billing } = await stubBilling({
      'GET /v1/accounting-periods': reply(200, { accountingPeriods: [PERIOD, openEnded] }),
    });
    expect((await billing.accountingPeriods()).at(-1)?.endDate).toBeNull();
  });

  test('with a day that is none are not believed', async () => {
    const body = { accountingPeriods: [{ ...PERIOD, endDate: '2023-02-29' }] };
    const { billing } = await stubBilling({ 'GET /v1/accounting-periods': reply(200, body) });
    expect((await failure(billing.accountingPeriods())).context['places']).toBe(
      'accountingPeriods.0.endDate',
    );
  });
});
