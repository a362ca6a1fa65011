import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Client, sandboxOf } from './sandbox-client.ts';

describe('Invoice Settlement in a sandbox', () => {
  let client: Client;
  beforeAll(async () => {
    client = await sandboxOf('items=40,seed=7');
  });
  afterAll(() => client.stop());
  const described = async (object: string) => (await client.call(`/v1/describe/${object}`)).status;
  const memo = {
    object: 'CreditMemo',
    rows: [{ Id: 'cm1', Status: 'Posted', UpdatedDate: '2025-05-01T00:00:00Z' }],
  };

  const settle = (invoiceSettlement: boolean) => client.post('/__sandbox/features', { invoiceSettlement });

  test('can be enabled, and not disabled: then there are memo objects beside what was there', async () => {
    expect([await described('CreditMemo'), await described('DebitMemoItem')]).toEqual([404, 404]);
    expect((await client.post('/__sandbox/changes', memo)).status).toBe(400);
    expect((await settle(false)).status).toBe(400);
    expect(await described('CreditMemo')).toBe(404);

    expect((await settle(true)).status).toBe(200);
    expect([await described('CreditMemo'), await described('DebitMemoItem')]).toEqual([200, 200]);
    expect(await described('InvoiceItemAdjustment')).toBe(200);
    expect((await client.post('/__sandbox/changes', memo)).status).toBe(200);
    expect(await client.rows('select Id from CreditMemo')).toEqual([{ 'CreditMemo.Id': 'cm1' }]);
    expect(await client.rows('select Id from DebitMemo')).toEqual([]);
  });
});
