import { gunzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { generateTenant } from '../../../src/billing/sandbox/generate-tenant.ts';
import { type Row } from '../../../src/billing/sandbox/tenant.ts';
import { parseTenantSpec } from '../../../src/billing/sandbox/tenant-spec.ts';
import { type Client, type JobReply, parsed, sandboxOf } from './sandbox-client.ts';
import { entriesOf } from './zip-entries.ts';

describe('AQuA', () => {
  const tenant = generateTenant(parseTenantSpec('items=400,currencies=USD,EUR'));
  const all = (object: string): Row[] => [...(tenant.rows(object) as Iterable<Row>)];
  let client: Client;
  beforeAll(async () => {
    client = await sandboxOf(tenant);
  });
  afterAll(() => client.stop());

  test('goes from submitted over executing to completed, with true record counts', async () => {
    const queries = ['Account', 'InvoiceItem', 'Ramp'].map((name) => ({
      name,
      query: `select Id from ${name}`,
    }));
    const reply = await client.post('/v1/batch-query', { format: 'csv', version: '1.1', name: 'x', queries });
    const job = (await reply.json()) as JobReply;
    expect(job).toMatchObject({
      status: 'submitted',
      batches: [{ status: 'pending', recordCount: 0 }, {}, {}],
    });
    const seen = new Set<string>();
    let now = job;
    while (now.status !== 'completed') {
      now = (await (await client.call(`/v1/batch-query/jobs/${job.id}`)).json()) as JobReply;
      seen.add(now.status);
    }
    expect([...seen].every((state) => ['submitted', 'executing', 'completed'].includes(state))).toBe(true);
    expect(now.batches.map(({ name, recordCount }) => [name, recordCount])).toEqual([
      ['Account', all('Account').length],
      ['InvoiceItem', 400],
      ['Ramp', 0],
    ]);
  });

  test('writes what the tenant has, cell by cell', async () => {
    const rows = await client.rows('select Id, Name, Notes, BillToContact.Id, UpdatedDate from Account');
    expect(rows).toEqual(
      all('Account').map((row) => ({
        'Account.Id': row['Id'],
        'Account.Name': row['Name'],
        'Account.Notes': row['Notes'] ?? '',
        'BillToContact.Id': row['BillToContactId'],
        'Account.UpdatedDate': row['UpdatedDate'],
      })),
    );
  });

  test('heads columns with labels and tells tenant time unless asked otherwise', async () => {
    const more = { useQueryLabels: 'false', dateTimeUtc: 'false', nullReplacement: 'NULL' };
    const [row] = await client.rows('select Id, UpdatedDate, Account.Id, UOM from InvoiceItem', more, {
      deleted: { column: 'Deleted', format: 'Numeric' },
    });
    const headers = ['Invoice Item: ID', 'Invoice Item: Updated Date', 'Account: ID', 'Invoice Item: UOM'];
    expect(Object.keys(row ?? {})).toEqual(['InvoiceItem.Deleted', ...headers]);
    expect(row?.['Invoice Item: Updated Date']).toMatch(/-0[78]00$/);
    expect(row?.['InvoiceItem.Deleted']).toBe('0');
  });

  test('cuts a window, its start included and its end not', async () => {
    const [from, to] = ['2024-09-01T18:00:00', '2024-12-01T18:00:00'];
    const wanted = all('InvoiceItem').filter((row) => {
      const updated = row['UpdatedDate'] ?? '';
      return updated >= `${from}+0000` && updated < `${to}+0000`;
    });
    for (const [start, end] of [
      [`${from}Z`, `${to}+0000`],
      ['2024-09-01T11:00:00-0700', '2024-12-01T10:00:00-08:00'],
      ['2024-09-01T11:00:00', '2024-12-01 10:00:00'],
    ]) {
      const rows = await client.rows(
        `select Id from InvoiceItem where UpdatedDate >= '${start}' and UpdatedDate < '${end}'`,
      );
      expect(rows.map((row) => row['InvoiceItem.Id'])).toEqual(wanted.map((row) => row['Id']));
    }
    expect(wanted.length).toBeGreaterThan(0);
  });

  test('filters by values, nulls and fields of related objects', async () => {
    const name = all('Subscription')[0]?.['Name'] ?? '';
    const ids = all('Subscription')
      .filter((row) => row['Name'] === name)
      .map((row) => row['Id']);
    const items = all('InvoiceItem').filter((row) => ids.includes(row['SubscriptionId'] ?? ''));
    const byName = await client.rows(`select Id from InvoiceItem where Subscription.Name = '${name}'`);
    expect(byName).toHaveLength(items.length);
    const byId = await client.rows(
      `select Id from InvoiceItem where Subscription.Id = '${ids[0]}' or SubscriptionId = '${ids[1] ?? ids[0]}'`,
    );
    expect(byId.length).toBeGreaterThan(0);
    const nulls = await client.rows('select Id from InvoiceItem where UOM = null and ChargeAmount >= 49.00');
    const wanted = all('InvoiceItem').filter(
      (row) => row['UOM'] == null && Number(row['ChargeAmount']) >= 49,
    );
    expect(nulls).toHaveLength(wanted.length);
  });

  test('packs the file when the format is gzip', async () => {
    const job = await client.run('select Id from Account', { format: 'gzip' });
    const file = await client.call(`/v1/files/${job.batches[0]?.fileId}`);
    const rows = await parsed(gunzipSync(Buffer.from(await file.arrayBuffer())));
    expect(rows).toHaveLength(all('Account').length);
  });

  test('puts the file into an archive when the format is zip', async () => {
    const job = await client.run('select Id from Account', { format: 'ZIP' });
    const file = await client.call(`/v1/file/${job.batches[0]?.fileId}`);
    expect(file.headers.get('content-type')).toBe('application/zip');
    const [entry] = entriesOf(Buffer.from(await file.arrayBuffer()));
    expect(entry?.name).toBe('Account.csv');
    expect(await parsed(entry?.content ?? Buffer.alloc(0))).toHaveLength(all('Account').length);
  });

  test('reads the queries that other clients send', async () => {
    const everything = await client.rows('select * from Contact limit 1');
    expect(everything).toHaveLength(1);
    expect(Object.keys(everything[0] ?? {})).toEqual(
      expect.arrayContaining(['Contact.Id', 'Contact.FirstName', 'Account.Id']),
    );
    const sorted = await client.rows(
      'SELECT ID, account.id FROM InvoiceItem order by UpdatedDate desc limit 5',
    );
    const newest = all('InvoiceItem').map((row, index) => ({ row, index }));
    newest.sort(
      (one, other) =>
        (other.row['UpdatedDate'] ?? '').localeCompare(one.row['UpdatedDate'] ?? '') ||
        one.index - other.index,
    );
    expect(sorted).toEqual(
      newest.slice(0, 5).map(({ row }) => ({ 'InvoiceItem.Id': row['Id'], 'Account.Id': row['AccountId'] })),
    );
    const amounts = (await client.rows('select ChargeAmount from InvoiceItem order by ChargeAmount asc')).map(
      (row) => Number(row['InvoiceItem.ChargeAmount']),
    );
    expect(amounts).toEqual(amounts.toSorted((one, other) => one - other));
  });

  test('lets ZOQL name keys of related objects, and export ZOQL their paths', async () => {
    const query = 'select AccountId from InvoiceItem limit 1';
    expect(await client.run(query)).toMatchObject({ errorCode: '90005' });
    const [row] = await client.rows(query, {}, { type: 'zoql', apiVersion: 91 });
    expect(row).toEqual({ 'InvoiceItem.AccountId': all('InvoiceItem')[0]?.['AccountId'] });
  });

  test('answers with the fields of the official models, and says what is wrong with which query', async () => {
    const job = await client.run('select Id from Account', {
      name: 'a name of more than thirty-two characters',
    });
    expect(job).toMatchObject({
      localizedStatus: 'completed',
      version: '1.1',
      format: 'CSV',
      encrypted: 'none',
      offset: 0,
      useLastCompletedJobQueries: false,
      startTime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      batches: [{ batchType: 'zoqlexport', localizedStatus: 'completed', full: true, message: '' }],
    });
    expect(await client.run('select Nothing from Account')).toEqual({
      id: null,
      status: 'error',
      errorCode: '90005',
      message: 'There is a syntax error in one of the queries in the AQuA input',
      batches: [expect.objectContaining({ message: 'there is no field Nothing on Account' })],
    });
  });

  test.each([
    ['90005', 'select Id, Nothing from Account', {}],
    ['90005', 'select AccountId from InvoiceItem', {}],
    ['90005', 'select Account.Name from InvoiceItem', {}],
    ['90005', 'select Id from CreditMemo', {}],
    ['90005', "select Id from Account where UpdatedDate > 'yesterday'", {}],
    ['90005', 'select Id from', {}],
    ['90005', 'select Id from Account order by Nothing', {}],
    ['90017', 'select Id from AccountingCode', { deleted: { column: 'Deleted', format: 'Boolean' } }],
    ['90017', 'select Id from ContactSnapshot', { deleted: { column: 'Deleted', format: 'Boolean' } }],
  ])('refuses with %s at HTTP 200: %s', async (code, query, ofQuery) => {
    const job = await client.run(query, {}, ofQuery);
    expect(job).toMatchObject({ errorCode: code, message: expect.any(String) });
  });

  test('refuses jobs of none and of more than fifty queries, and unknown jobs', async () => {
    const submit = async (queries: unknown[], more = {}) =>
      (await client.post('/v1/batch-query/', { format: 'csv', queries, ...more })).json();
    const query = { name: 'a', query: 'select Id from Account' };
    expect(await submit([])).toMatchObject({ errorCode: '90016' });
    expect(await submit(Array.from({ length: 51 }, () => query))).toMatchObject({ errorCode: '90004' });
    expect(await submit([query], { format: 'rar' })).toMatchObject({ errorCode: '90005' });
    expect(await submit([query], { encrypted: 'pgp' })).toMatchObject({ errorCode: '90005' });
    expect(await submit([query], { notifyUrl: 'x'.repeat(5001) })).toMatchObject({ errorCode: '90014' });
    const unknown = await client.call('/v1/batch-query/jobs/nothing');
    expect([unknown.status, await unknown.json()]).toEqual([
      200,
      expect.objectContaining({ errorCode: '90002' }),
    ]);
  });

  test('cancels a job that runs, and none that is over', async () => {
    const slow = await sandboxOf(tenant, { jobDelay: 5000 });
    const reply = await slow.post('/v1/batch-query/', {
      queries: [{ name: 'a', query: 'select Id from Account' }],
    });
    const { id } = (await reply.json()) as JobReply;
    const cancel = async () => (await slow.call(`/v1/batch-query/jobs/${id}`, { method: 'DELETE' })).json();
    expect(await cancel()).toMatchObject({ status: 'cancelled' });
    expect(await cancel()).toMatchObject({ errorCode: '90003' });
    await slow.stop();
  });
});
