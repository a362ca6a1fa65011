import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Client, sandboxOf } from '../sandbox-client.ts';

type Item = Record<string, unknown>;

interface ListReply {
  readonly data: readonly Item[];
  readonly nextPage?: string;
}

describe('the object query', () => {
  let client: Client;
  beforeAll(async () => {
    client = await sandboxOf('items=120,settlement=on');
    const rows = [
      { Id: 'c1', Name: 'Amy', Currency: 'CAD', Balance: '10.50', BillCycleDay: 3, AutoPay: true },
      { Id: 'c2', Name: 'bella', Currency: 'CAD', Balance: '9', BillCycleDay: 4, Notes: 'x' },
      {
        Id: 'c3',
        Name: 'Cleo',
        Currency: 'CAD',
        Balance: '100',
        BillCycleDay: 5,
        UpdatedDate: '2031-01-01T00:00:00Z',
      },
    ];
    await client.post('/__sandbox/changes', { object: 'Account', rows });
  });
  afterAll(() => client.stop());

  const list = async (
    path: string,
    params: Readonly<Record<string, string | string[]>> = {},
  ): Promise<ListReply> => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(params))
      for (const one of [value].flat()) query.append(name, one);
    const reply = await client.call(`/object-query/${path}?${query.toString()}`);
    expect(reply.status, await reply.clone().text()).toBe(200);
    return (await reply.json()) as ListReply;
  };
  const refusal = async (path: string): Promise<unknown> => {
    const reply = await client.call(`/object-query/${path}`);
    return [reply.status, await reply.json()];
  };
  const names = async (...filter: string[]): Promise<unknown[]> => {
    const { data } = await list('accounts', { 'filter[]': ['currency.EQ:CAD', ...filter] });
    return data.map(({ name }) => name);
  };

  test('answers records in camel case, with types, without nulls unless they are asked for', async () => {
    const { data } = await list('accounts', { 'filter[]': 'name.EQ:Amy' });
    expect(data).toEqual([
      {
        id: 'c1',
        name: 'Amy',
        currency: 'CAD',
        balance: 10.5,
        billCycleDay: 3,
        autoPay: true,
        updatedDate: expect.stringMatching(/T\d\d:\d\d:\d\d\.000[+-]\d\d:\d\d$/),
      },
    ]);
    const whole = await list('accounts', { 'filter[]': 'name.EQ:Amy', includeNullFields: 'true' });
    expect(whole.data[0]).toMatchObject({ notes: null, mrr: null, vATId: null, region__c: null });
  });

  test('filters by all operators, and by all filters', async () => {
    expect(await names('balance.GT:9')).toEqual(['Amy', 'Cleo']);
    expect(await names('balance.GE:9')).toEqual(['Amy', 'bella', 'Cleo']);
    expect(await names('balance.LT:10.5')).toEqual(['bella']);
    expect(await names('balance.LE:10.50', 'billCycleDay.GE:4')).toEqual(['bella']);
    expect(await names('name.NE:amy')).toEqual(['bella', 'Cleo']);
    expect(await names('name.SW:B')).toEqual(['bella']);
    expect(await names('name.IN:[Amy,Cleo,Nobody]')).toEqual(['Amy', 'Cleo']);
    expect(await names('notes.EQ:null')).toEqual(['Amy', 'Cleo']);
    expect(await names('updateddate.GE:2030-12-31T00:00:00Z')).toEqual(['Cleo']);
  });

  test('pages by cursor: ten at first, fifty at most', async () => {
    expect((await list('invoice-items')).data).toHaveLength(10);
    const ids: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = await list('invoice-items', {
        pageSize: '50',
        ...(cursor === undefined ? {} : { cursor }),
      });
      ids.push(...page.data.map(({ id }) => id));
      cursor = page.nextPage;
    } while (cursor !== undefined);
    expect(ids).toHaveLength(120);
    expect(new Set(ids).size).toBe(120);
    for (const size of ['0', '51', 'many']) {
      expect(await refusal(`invoice-items?pageSize=${size}`)).toEqual([
        400,
        { code: 400, message: expect.any(String) },
      ]);
    }
    expect(await refusal('invoice-items?cursor=nothing')).toMatchObject([400, { code: 400 }]);
  });

  test('sorts, and keeps the order over pages', async () => {
    const params = { 'filter[]': 'currency.EQ:CAD', 'sort[]': 'balance.DESC', pageSize: '2' };
    const first = await list('accounts', params);
    expect(first.data.map(({ name }) => name)).toEqual(['Cleo', 'Amy']);
    const second = await list('accounts', { ...params, cursor: first.nextPage ?? '' });
    expect(second.data.map(({ name }) => name)).toEqual(['bella']);
    expect(second.nextPage).toBeUndefined();
    const exact = await list('accounts', { ...params, pageSize: '3' });
    expect([exact.data.length, exact.nextPage]).toEqual([3, undefined]);
    const unsorted = await list('accounts', { 'filter[]': 'currency.EQ:CAD', pageSize: '3' });
    expect([unsorted.data.length, unsorted.nextPage]).toEqual([3, undefined]);
  });

  test('gives the fields that are asked for, of expanded objects too', async () => {
    const { data } = await list('subscriptions', {
      'fields[]': 'id,Name',
      'expand[]': ['account', 'rateplans.rateplancharges'],
      'account.fields[]': 'accountnumber',
      'rateplans.fields[]': 'id',
      'rateplancharges.fields[]': 'chargeNumber',
      pageSize: '1',
    });
    expect(data).toEqual([
      {
        id: expect.any(String),
        name: expect.any(String),
        account: { accountNumber: expect.any(String) },
        ratePlans: expect.arrayContaining([
          {
            id: expect.any(String),
            ratePlanCharges: expect.arrayContaining([{ chargeNumber: expect.any(String) }]),
          },
        ]),
      },
    ]);
  });

  test('tells memos, orders and order actions, which ZOQL does not', async () => {
    const memos = await list('credit-memo-items', { 'expand[]': 'subscription', pageSize: '1' });
    expect(memos.data[0]).toMatchObject({ amount: expect.any(Number), creditMemoId: expect.any(String) });
    const orders = await list('orders', { 'expand[]': ['orderactions', 'account'], pageSize: '1' });
    expect(orders.data[0]).toMatchObject({
      orderNumber: expect.stringMatching(/^O-/),
      orderActions: [{ type: expect.any(String) }],
      account: { id: expect.any(String) },
    });
  });

  test('expands to nothing what no tenant here has, and refuses what Zuora has not either', async () => {
    const { data } = await list('invoices', {
      'expand[]': ['paymentapplications', 'billtocontactsnapshot'],
      pageSize: '1',
    });
    expect(data[0]).toMatchObject({ paymentApplications: [] });
    expect(data[0]).not.toHaveProperty('billToContactSnapshot');
    expect(await refusal('invoices?expand[]=ramps')).toMatchObject([400, { code: 400 }]);
  });

  test('finds one record by id or number; of a subscription the latest version', async () => {
    const { data } = await list('subscriptions', { 'filter[]': 'version.GT:1', pageSize: '1' });
    const { name } = data[0] ?? {};
    const found = await client.call(`/object-query/subscriptions/${String(name)}`);
    expect(await found.json()).toMatchObject({ name, isLatestVersion: true });
    const byId = await client.call(`/object-query/subscriptions/${String(data[0]?.['id'])}?fields[]=version`);
    expect(await byId.json()).toEqual({ version: data[0]?.['version'] });
    expect(await refusal('subscriptions/nothing')).toEqual([404, { code: 404, message: expect.any(String) }]);
  });

  test('refuses unknown objects, fields and forms', async () => {
    for (const [path, status] of [
      ['payments', 404],
      ['accounts?filter[]=nothing.EQ:1', 400],
      ['accounts?filter[]=name=Amy', 400],
      ['accounts?filter[]=balance.GT:much', 400],
      ['accounts?filter[]=balance.SW:1', 400],
      ['accounts?fields[]=nothing', 400],
      ['accounts?sort[]=nothing.ASC', 400],
      ['accounts?sort[]=name.UP', 400],
      ['accounts?sort[]=name.ASC&sort[]=id.ASC', 400],
    ] as const) {
      expect(await refusal(path), path).toEqual([status, { code: status, message: expect.any(String) }]);
    }
  });
});
