import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { type Client, type JobReply, sandboxOf } from './sandbox-client.ts';

const DELETED = { deleted: { column: 'Deleted', format: 'Boolean' } };

describe('changes at run time', () => {
  const noon = Date.parse('2025-08-01T12:00:00Z');
  let client: Client;
  let first: string;
  let second: string;
  beforeEach(async () => {
    client = await sandboxOf('items=60', { now: () => noon });
    const accounts = await client.rows('select Id, Name from Account');
    [first = '', second = ''] = (await client.rows('select Id from InvoiceItem')).map(
      (row) => row['InvoiceItem.Id'] ?? '',
    );
    expect(accounts.length).toBeGreaterThan(0);
  });
  afterEach(() => client.stop());

  const change = (body: unknown) => client.post('/__sandbox/changes', body);
  const since = "where UpdatedDate >= '2025-08-01T12:00:00Z'";

  test('replace fields of a row and leave the others, with now as UpdatedDate', async () => {
    const [before] = await client.rows(
      `select Id, ChargeName, ServiceStartDate from InvoiceItem where Id = '${first}'`,
    );
    expect(
      (await change({ object: 'InvoiceItem', rows: [{ Id: first, ChargeName: 'New, "name"' }] })).status,
    ).toBe(200);
    expect(
      await client.rows(`select Id, ChargeName, ServiceStartDate, UpdatedDate from InvoiceItem ${since}`),
    ).toEqual([
      {
        ...before,
        'InvoiceItem.ChargeName': 'New, "name"',
        'InvoiceItem.UpdatedDate': '2025-08-01T12:00:00+0000',
      },
    ]);
  });

  test('add rows, parents by path or by key', async () => {
    const rows = [
      { Id: 'new-1', 'Account.Id': 'a', ChargeAmount: '12.50', UpdatedDate: '2025-07-31T22:00:00-02:00' },
      { Id: 'new-2', AccountId: 'b', CostCentre__c: 'CC-1' },
    ];
    await change({ object: 'InvoiceItem', rows });
    const added = await client.rows(
      "select Id, Account.Id, UpdatedDate from InvoiceItem where UpdatedDate >= '2025-08-01'",
    );
    expect(added.map((row) => Object.values(row))).toEqual([['new-2', 'b', '2025-08-01T12:00:00+0000']]);
    expect(await client.rows('select Id from InvoiceItem')).toHaveLength(62);
  });

  test('delete rows: gone from every query but those with a deleted column', async () => {
    await change({ object: 'InvoiceItem', deletedIds: [first, 'never-there'] });
    expect(await client.rows('select Id from InvoiceItem')).toHaveLength(59);
    const rows = await client.rows(`select Id from InvoiceItem ${since}`, {}, DELETED);
    expect(rows).toEqual([{ 'InvoiceItem.Id': first, 'InvoiceItem.Deleted': 'true' }]);
    await change({ object: 'InvoiceItem', rows: [{ Id: first }] });
    expect(await client.rows('select Id from InvoiceItem')).toHaveLength(60);
  });

  test('are not seen by a job that was submitted before', async () => {
    const queries = [{ name: 'a', query: 'select Id from InvoiceItem' }];
    const { id } = (await (await client.post('/v1/batch-query/', { queries })).json()) as JobReply;
    await change({ object: 'InvoiceItem', deletedIds: [first, second] });
    let job: JobReply;
    do job = (await (await client.call(`/v1/batch-query/jobs/${id}`)).json()) as JobReply;
    while (job.status !== 'completed');
    expect(job.batches[0]?.recordCount).toBe(60);
  });

  test('that come late are seen after as many export jobs as asked, with the UpdatedDate they had', async () => {
    const updated = '2025-07-31T00:00:00+0000';
    await change({
      object: 'InvoiceItem',
      rows: [{ Id: 'late', ChargeAmount: 1, UpdatedDate: updated }],
      deletedIds: [first],
      visibleAfterJobs: 2,
    });
    const window = "where UpdatedDate >= '2025-07-30T00:00:00Z'";
    const look = async () =>
      (await client.rows(`select Id, UpdatedDate from InvoiceItem ${window}`, {}, DELETED)).map(
        (row) => `${row['InvoiceItem.Id']} ${row['InvoiceItem.UpdatedDate']} ${row['InvoiceItem.Deleted']}`,
      );
    expect([await look(), await look()]).toEqual([[], []]);
    expect(await look()).toEqual([`${first} 2025-08-01T12:00:00+0000 true`, `late ${updated} false`]);
  });

  test.each([
    [{ object: 'Nothing', rows: [] }, 'no object Nothing'],
    [{ object: 'Account', rows: [{ Id: '1', Nam: 'x' }] }, 'no field Nam'],
    [{ object: 'Account', rows: [{ Name: 'x' }] }, 'Id is missing'],
    [{ object: 'CreditMemo', rows: [{ Id: 'x' }] }, 'no object CreditMemo'],
    [{ object: 'Account', row: [] }, 'row'],
    [{ object: 'Account', visibleAfterJobs: -1 }, 'visibleAfterJobs'],
  ])('are refused as a whole: %j', async (body, why) => {
    const reply = await change(body);
    expect(reply.status).toBe(400);
    expect(JSON.stringify(await reply.json())).toContain(why);
    expect(await (await client.call('/__sandbox')).json()).toMatchObject({ changed: 0 });
  });
});
