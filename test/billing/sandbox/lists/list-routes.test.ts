import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Client, sandboxOf } from '../sandbox-client.ts';

type Item = Record<string, unknown>;
type Body = Record<string, unknown> & { readonly nextPage?: string; readonly success?: boolean };

async function bodyOf(client: Client, path: string): Promise<Body> {
  const reply = await client.call(path.replace(client.url, ''));
  expect(reply.status).toBe(200);
  return (await reply.json()) as Body;
}

/** All items of a list, page by page as it says. */
async function allOf(client: Client, path: string, list: string): Promise<Item[]> {
  const items: Item[] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const body = await bodyOf(client, next);
    items.push(...(body[list] as Item[]));
    next = body.nextPage;
    if (next !== undefined) expect(next.startsWith(`${client.url}/v1/`)).toBe(true);
  }
  return items;
}

const refusal = async (client: Client, path: string): Promise<unknown> => {
  const { success, reasons } = await bodyOf(client, path);
  expect(success).toBe(false);
  return (reasons as { code: number }[])[0]?.code;
};

describe('the lists of a tenant with memos and currencies', () => {
  let client: Client;
  beforeAll(async () => {
    client = await sandboxOf(
      'items=600,settlement=on,currencies=USD,EUR,JPY,from=2024-01-15,until=2024-08-01',
    );
  });
  afterAll(() => client.stop());

  test('accounting codes come whole, or in pages when pages are asked for', async () => {
    const whole = await bodyOf(client, '/v1/accounting-codes');
    const codes = whole['accountingCodes'] as Item[];
    expect(whole).not.toHaveProperty('nextPage');
    expect(codes).toContainEqual({
      id: expect.any(String),
      name: 'Deferred Revenue',
      type: 'DeferredRevenue',
      glAccountName: 'Deferred Revenue',
      glAccountNumber: '2310',
      notes: '',
      category: 'Liabilities',
      status: 'Active',
      createdOn: expect.stringMatching(/^2024-01-1\d \d\d:\d\d:\d\d$/),
      createdBy: expect.any(String),
      updatedOn: expect.any(String),
      updatedBy: expect.any(String),
    });
    expect(await allOf(client, '/v1/accounting-codes?pageSize=5', 'accountingCodes')).toEqual(codes);
    expect(await refusal(client, '/v1/accounting-codes?pageSize=0')).toBe(50000020);
  });

  test('accounting periods are the months of the tenant and one without an end', async () => {
    const periods = (await bodyOf(client, '/v1/accounting-periods'))['accountingPeriods'] as Item[];
    expect(periods.map(({ name, startDate, endDate, status }) => [name, startDate, endDate, status])).toEqual(
      [
        ['January 2024', '2024-01-01', '2024-01-31', 'Closed'],
        ['February 2024', '2024-02-01', '2024-02-29', 'Closed'],
        ['March 2024', '2024-03-01', '2024-03-31', 'Closed'],
        ['April 2024', '2024-04-01', '2024-04-30', 'Closed'],
        ['May 2024', '2024-05-01', '2024-05-31', 'Closed'],
        ['June 2024', '2024-06-01', '2024-06-30', 'Closed'],
        ['July 2024', '2024-07-01', '2024-07-31', 'Open'],
        ['Open-Ended', '2024-08-01', null, 'Open'],
      ],
    );
    expect(periods[0]).toMatchObject({
      fiscalYear: 2024,
      fiscalQuarter: 1,
      runTrialBalanceStatus: 'Completed',
      fileIds: { revenueDetailCsvFileId: null },
    });
    expect(periods.at(-1)).toMatchObject({ fiscalYear: 0, fiscalQuarter: null, notes: null });
  });

  test('exchange rates are those of other currencies in the one that is asked for', async () => {
    const path = '/v1/custom-exchange-rates/USD';
    const body = await bodyOf(client, `${path}?startDate=2024-03-01&endDate=2024-03-02`);
    const ofDay = (day: string) => ({
      EUR: expect.any(Number),
      JPY: expect.any(Number),
      providerExchangeRateDate: day,
    });
    expect(body).toEqual({
      success: true,
      inverse: true,
      rateSetName: 'Default',
      rates: { '2024-03-01': ofDay('2024-03-01'), '2024-03-02': ofDay('2024-03-02') },
    });
    const [row] = await client.rows(
      "select Rate from ExchangeRate where FromCurrency = 'JPY' and RateDate = '2024-03-01'",
    );
    const text = await (await client.call(`${path}?startDate=2024-03-01&endDate=2024-03-01`)).text();
    expect(text).toContain(`"JPY":${row?.['ExchangeRate.Rate'] ?? 'nothing'}`);

    expect((await bodyOf(client, `${path}?startDate=2024-01-15&endDate=2024-04-14`)).success).toBe(true);
    for (const wrong of [
      '',
      '?startDate=2024-01-01',
      '?startDate=2024-01-01&endDate=2024-04-01',
      '?startDate=2024-03-02&endDate=2024-03-01',
      '?startDate=yesterday&endDate=2024-03-01',
    ]) {
      expect(await refusal(client, path + wrong), wrong).toBe(50000020);
    }
  });

  test('products come with plans, charges, prices and the codes of their lines', async () => {
    const products = await allOf(client, '/v1/catalog/products?pageSize=2', 'products');
    expect(products).toHaveLength(4);
    expect(await allOf(client, '/v1/catalog/products', 'products')).toEqual(products);
    const platform = products.find(({ name }) => name === 'Platform');
    expect(platform).toMatchObject({ sku: 'SKU-00000001', allowFeatureChanges: false, description: '' });
    const plans = platform?.['productRatePlans'] as Item[];
    const business = plans.find(({ name }) => name === 'Business');
    expect(business).toMatchObject({ status: 'Active', effectiveStartDate: '2024-01-15' });
    expect((business?.['productRatePlanCharges'] as Item[] | undefined)?.[0]).toMatchObject({
      type: 'Recurring',
      model: 'PerUnit',
      uom: 'Each',
      defaultQuantity: 1,
      billingTiming: 'IN_ADVANCE',
      endDateCondition: 'Subscription_End',
      listPriceBase: 'Per_Billing_Period',
      taxable: false,
      pricingSummary: ['USD15.00/Each', expect.any(String), expect.any(String)],
      pricing: [
        { currency: 'USD', price: 15, tiers: null, discountPercentage: null },
        { currency: 'EUR' },
        { currency: 'JPY' },
      ],
      financeInformation: {
        deferredRevenueAccountingCode: 'Deferred Revenue',
        recognizedRevenueAccountingCode: 'Subscription Revenue',
        recognizedRevenueAccountingCodeType: 'SalesRevenue',
      },
    });
  });

  test('memos can be paged, filtered and sorted; their items go by id or number', async () => {
    const memos = await allOf(client, '/v1/credit-memos?pageSize=3', 'creditmemos');
    expect(memos.length).toBeGreaterThan(3);
    const [first = {}] = memos;
    expect(first).toMatchObject({
      id: expect.any(String),
      number: expect.stringMatching(/^CM/),
      accountNumber: expect.any(String),
      amount: expect.any(Number),
      creditMemoDate: expect.stringMatching(/^2024-\d\d-\d\d$/),
      createdDate: expect.stringMatching(/^2024-\d\d-\d\d \d\d:\d\d:\d\d$/),
      reversed: false,
    });
    const filtered = async (query: string): Promise<unknown[]> =>
      (await allOf(client, `/v1/credit-memos?${query}`, 'creditmemos')).map(({ id }) => id);
    const same = (key: string): unknown[] =>
      memos.filter((memo) => memo[key] === first[key]).map(({ id }) => id);
    expect(await filtered(`number=${String(first['number'])}`)).toEqual([first['id']]);
    expect(await filtered(`accountNumber=${String(first['accountNumber'])}`)).toEqual(same('accountNumber'));
    expect(
      await filtered(`currency=${String(first['currency'])}&amount=${String(first['amount'])}`),
    ).toContain(first['id']);
    expect(await filtered('status=Draft')).toEqual([]);
    const amounts = (await allOf(client, '/v1/credit-memos?sort=amount', 'creditmemos')).map(
      ({ amount }) => amount,
    );
    expect(amounts).toEqual(amounts.toSorted((one, other) => Number(other) - Number(one)));
    const rising = (await allOf(client, '/v1/credit-memos?sort=%2Bamount,-number', 'creditmemos')).map(
      ({ amount }) => amount,
    );
    expect(rising).toEqual(amounts.toReversed());

    for (const key of [first['id'], first['number']]) {
      const items = await allOf(client, `/v1/credit-memos/${String(key)}/items`, 'items');
      expect(items[0]).toMatchObject({
        amount: first['amount'],
        skuName: expect.any(String),
        financeInformation: { recognizedRevenueAccountingCode: expect.any(String) },
      });
    }
    expect(await refusal(client, '/v1/credit-memos/nothing/items')).toBe(50000040);
    const [debit = {}] = await allOf(client, '/v1/debit-memos', 'debitmemos');
    expect(debit).toMatchObject({ number: expect.stringMatching(/^DM/), dueDate: expect.any(String) });
  });
});

describe('the lists of a tenant without them', () => {
  test('refuse memos without Invoice Settlement, show what was changed, and give at most 40 at a time', async () => {
    const client = await sandboxOf('items=20');
    expect(await refusal(client, '/v1/credit-memos')).toBe(50000010);
    const rows = [{ Id: 'p1', Name: 'Late', SKU: 'L' }];
    await client.post('/__sandbox/changes', { object: 'Product', rows });
    const products = await allOf(client, '/v1/catalog/products', 'products');
    expect(products.at(-1)).toMatchObject({ id: 'p1', name: 'Late', productRatePlans: [] });
    const many = Array.from({ length: 60 }, (_, index) => ({ Id: `m${index}`, Name: 'Many' }));
    await client.post('/__sandbox/changes', { object: 'Product', rows: many });
    const page = await bodyOf(client, '/v1/catalog/products?pageSize=100');
    expect(page['products']).toHaveLength(40);
    expect(page.nextPage).toBe(`${client.url}/v1/catalog/products?pageSize=40&page=2`);
    await client.stop();
  });

  test('are those of the entity that asks', async () => {
    const client = await sandboxOf('items=40,entities=2');
    const { entities } = (await (await client.call('/v1/entities')).json()) as { entities: { id: string }[] };
    const ids = await Promise.all(
      entities.slice(1).map(async ({ id }) => {
        const reply = await client.call('/v1/accounting-codes', { headers: { 'zuora-entity-ids': id } });
        return ((await reply.json()) as { accountingCodes: { id: string }[] }).accountingCodes.map(
          (code) => code.id,
        );
      }),
    );
    expect(ids[0]).toHaveLength(14);
    expect(new Set(ids.flat()).size).toBe(28);
    await client.stop();
  });
});
