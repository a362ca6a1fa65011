import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Client, sandboxOf } from './sandbox-client.ts';

interface QueryReply {
  readonly size: number;
  readonly records: Record<string, unknown>[];
  readonly done: boolean;
  readonly queryLocator?: string;
}

describe('the query call', () => {
  let clock = Date.parse('2025-08-01T00:00:00Z');
  let client: Client;
  beforeAll(async () => {
    client = await sandboxOf('items=60', { now: () => clock });
  });
  afterAll(() => client.stop());

  const query = async (queryString: string, conf?: object): Promise<QueryReply> => {
    const reply = await client.post('/v1/action/query', { queryString, conf });
    expect(reply.status).toBe(200);
    return (await reply.json()) as QueryReply;
  };
  const fault = async (path: string, body: object): Promise<Record<string, string>> => {
    const reply = await client.post(path, body);
    expect(reply.status).toBe(400);
    return (await reply.json()) as Record<string, string>;
  };

  test('answers records with types of their own, without nulls', async () => {
    const { records, size, done } = await query(
      'select Id, AccountId, ServiceStartDate, ChargeAmount, ExcludeItemBillingFromRevenueAccounting, CreatedDate, AmendmentId, TaxCode from InvoiceItem where Quantity = 1 and ChargeAmount > 10',
    );
    expect(size).toBe(records.length);
    expect(done).toBe(true);
    expect(records[0]).toMatchObject({
      Id: expect.stringMatching(/^[0-9a-f]{32}$/),
      AccountId: expect.any(String),
      ServiceStartDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      ChargeAmount: expect.any(Number),
      ExcludeItemBillingFromRevenueAccounting: false,
      CreatedDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000-0[78]:00$/),
    });
    expect(records[0]).not.toHaveProperty('TaxCode');
  });

  test('pages by locator; size is the total, and the locator is the place', async () => {
    const rows = Array.from({ length: 2100 }, (_, index) => ({ Id: `p${index}`, Name: 'many' }));
    await client.post('/__sandbox/changes', { object: 'Product', rows });
    const first = await query("select Id from Product where Name = 'many'");
    expect(first).toMatchObject({ size: 2100, done: false, queryLocator: expect.stringMatching(/-2000$/) });
    expect(first.records).toHaveLength(2000);
    const { queryLocator } = first;
    const more = (await (await client.post('/v1/action/queryMore', { queryLocator })).json()) as QueryReply;
    expect(more).toMatchObject({ size: 2100, done: true });
    expect(more).not.toHaveProperty('queryLocator');
    const ids = [...first.records, ...more.records].map(({ Id }) => Id);
    expect(new Set(ids).size).toBe(2100);

    const small = await query('select Id from InvoiceItem', { batchSize: 7 });
    expect(small.records).toHaveLength(7);
    expect(small.queryLocator).toMatch(/-7$/);
    const exact = await query("select Id from Product where Name = 'many' and Id < 'p2'", {
      batchSize: 1112,
    });
    expect([exact.size, exact.records.length, exact.done]).toEqual([1112, 1112, true]);
  });

  test('shows in later pages what was there at the first, and forgets after a quarter of an hour', async () => {
    const { queryLocator, size } = await query('select Id from InvoiceItem where ChargeAmount >= 0', {
      batchSize: 5,
    });
    const [row] = (await query('select Id, AccountId from InvoiceItem', { batchSize: 1 })).records;
    await client.post('/__sandbox/changes', {
      object: 'InvoiceItem',
      rows: [{ ...row, Id: 'new', ChargeAmount: 1 }],
    });
    const more = (await (await client.post('/v1/action/queryMore', { queryLocator })).json()) as QueryReply;
    expect(more.size).toBe(size);
    expect((await query("select Id from InvoiceItem where Id = 'new'")).size).toBe(1);
    clock += 16 * 60_000;
    expect(await fault('/v1/action/queryMore', { queryLocator })).toMatchObject({
      FaultCode: 'INVALID_QUERY_LOCATOR',
    });
    expect(await fault('/v1/action/queryMore', { queryLocator: 'x-2000' })).toHaveProperty('FaultMessage');
  });

  test('binds and before or, and reads escapes', async () => {
    const rows = [
      { Id: 'x1', Name: "it's", Notes: 'a\\b', Batch: 'Batch7' },
      { Id: 'x2', Name: 'x2', Batch: 'Batch7' },
      { Id: 'x3', Name: 'x3', Batch: 'Batch8' },
    ];
    await client.post('/__sandbox/changes', { object: 'Account', rows });
    const ids = async (where: string): Promise<unknown[]> =>
      (await query(`select Id from Account where ${where}`)).records.map(({ Id }) => Id);
    expect(await ids("Name = 'it\\'s'")).toEqual(['x1']);
    expect(await ids("Notes = 'a\\\\b'")).toEqual(['x1']);
    expect(await ids("Batch = 'Batch8' or Batch = 'Batch7' and Notes = null")).toEqual(['x2', 'x3']);
    expect(await ids("name = 'x2' and notes = null")).toEqual(['x2']);
  });

  test('hides removed products unless it is asked about amendments', async () => {
    const rows = [
      { Id: 'r1', AmendmentType: 'RemoveProduct', Name: 'removed' },
      { Id: 'r2', Name: 'removed' },
    ];
    await client.post('/__sandbox/changes', { object: 'RatePlan', rows });
    const size = async (where: string): Promise<number> =>
      (await query(`select Id from RatePlan where Name = 'removed'${where}`)).size;
    expect(await size('')).toBe(1);
    expect(await size(" and AmendmentType = null or Name = 'removed' and AmendmentType != null")).toBe(2);
  });

  test('refuses what ZOQL is not, with a fault code', async () => {
    for (const [queryString, code] of [
      ['SELECT Id from Account', 'MALFORMED_QUERY'],
      ["select Id from Account where Id = 'a' AND Name = 'b'", 'MALFORMED_QUERY'],
      ['select * from Account', 'MALFORMED_QUERY'],
      ['select count(Id) from Account', 'MALFORMED_QUERY'],
      ["select Id from Account where (Id = 'a')", 'MALFORMED_QUERY'],
      ['select Id from Account order by Id', 'MALFORMED_QUERY'],
      ["select Id from Account where Id in 'a'", 'MALFORMED_QUERY'],
      ['select Account.Name from Invoice', 'MALFORMED_QUERY'],
      ['select Id from Account limit 1', 'MALFORMED_QUERY'],
      ['select Id from Nothing', 'INVALID_TYPE'],
      ['select Id from Order', 'INVALID_TYPE'],
      ['select Nothing from Account', 'INVALID_FIELD'],
      ["select Id from Account where Balance > 'much'", 'INVALID_VALUE'],
      [`select Id from Account where ${Array(201).fill("Id = 'a'").join(' or ')}`, 'MALFORMED_QUERY'],
    ] as const) {
      expect(await fault('/v1/action/query', { queryString }), queryString).toEqual({
        FaultCode: code,
        FaultMessage: expect.any(String),
      });
    }
    expect(await fault('/v1/action/query', {})).toMatchObject({ FaultCode: 'MISSING_REQUIRED_VALUE' });
    // What stands in a text is no keyword.
    expect((await query("select Id from Account where Name = 'SELECT (*) FROM a.b ORDER BY'")).size).toBe(0);
  });

  test('does not know memos', async () => {
    const settled = await sandboxOf('items=40,settlement=on');
    const reply = await settled.post('/v1/action/query', { queryString: 'select Id from CreditMemo' });
    expect(await reply.json()).toMatchObject({ FaultCode: 'INVALID_TYPE' });
    await settled.stop();
  });
});
