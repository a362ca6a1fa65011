import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Client, parsed, sandboxOf } from './sandbox-client.ts';

interface ExportReply {
  readonly Id: string;
  readonly Status: string;
  readonly FileId?: string;
  readonly Size?: number;
}

describe('data source exports', () => {
  let client: Client;
  beforeAll(async () => {
    client = await sandboxOf('items=60');
  });
  afterAll(() => client.stop());

  const ended = async (body: object): Promise<ExportReply> => {
    const created = (await (await client.post('/v1/object/export', body)).json()) as ExportReply;
    expect(created).toEqual({ Success: true, Id: expect.stringMatching(/^[0-9a-f]{32}$/) });
    for (;;) {
      const reply = (await (await client.call(`/v1/object/export/${created.Id}`)).json()) as ExportReply;
      if (!['Pending', 'Processing'].includes(reply.Status)) return reply;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const rowsOf = async (Query: string): Promise<Record<string, string>[]> => {
    const { FileId } = await ended({ Format: 'csv', Query });
    const file = await client.call(`/v1/files/${FileId ?? ''}`);
    expect(file.status).toBe(200);
    return parsed(Buffer.from(await file.arrayBuffer()));
  };

  test('write one file with names as AQuA has them, times in the tenant’s time', async () => {
    const rows = await rowsOf(
      "select Id, Account.Id, ChargeAmount, UpdatedDate from InvoiceItem where UpdatedDate >= '2024-01-01T00:00:00Z' and UpdatedDate < '2030-01-01T00:00:00Z'",
    );
    expect(rows).toHaveLength(60);
    expect(Object.keys(rows[0] ?? {})).toEqual([
      'InvoiceItem.Id',
      'Account.Id',
      'InvoiceItem.ChargeAmount',
      'InvoiceItem.UpdatedDate',
    ]);
    expect(rows[0]?.['InvoiceItem.UpdatedDate']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[78]00$/);
  });

  test('take the probe of clients that look whether an object is there', async () => {
    expect(await rowsOf('select * from Account limit 1')).toHaveLength(1);
    const missing = await client.post('/v1/object/export', {
      Format: 'csv',
      Query: 'select * from Nothing limit 1',
    });
    expect(missing.status).toBe(400);
    expect(await missing.json()).toEqual({
      Success: false,
      Errors: [{ Code: 'INVALID_VALUE', Message: expect.stringContaining('noSuchDataSource') }],
    });
  });

  test('refuse with the body of CRUD calls', async () => {
    for (const body of [
      {},
      { Format: 'xls', Query: 'select Id from Account' },
      { Format: 'csv', Query: 'select Nothing from Account' },
      { Format: 'csv', Query: 'select Id' },
      { Format: 'csv', Query: 'select Id from Account', Encrypted: true },
    ]) {
      const reply = await client.post('/v1/object/export', body);
      expect(reply.status).toBe(400);
      expect(await reply.json()).toEqual({
        Success: false,
        Errors: [{ Code: 'INVALID_VALUE', Message: expect.any(String) }],
      });
    }
    const unknown = await client.call('/v1/object/export/nothing');
    expect([unknown.status, await unknown.json()]).toEqual([
      404,
      { Success: false, Errors: [{ Code: 'INVALID_ID', Message: expect.any(String) }] },
    ]);
  });

  test('can be zipped', async () => {
    const { FileId } = await ended({ Format: 'csv', Query: 'select Id from Account', Zip: true });
    const file = Buffer.from(await (await client.call(`/v1/files/${FileId ?? ''}`)).arrayBuffer());
    expect(file.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
  });

  test('leave out what was deleted', async () => {
    const [first] = await rowsOf('select Id from Account');
    await client.post('/__sandbox/changes', { object: 'Account', deletedIds: [first?.['Account.Id']] });
    expect(await rowsOf('select Id from Account')).toHaveLength(1);
  });
});
