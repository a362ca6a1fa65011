import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { deletedInBilling } from '../../../src/limitations/practices/deleted-in-billing.ts';
import { listFindings } from '../../../src/store/list-findings.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { atStake, foundInBilling } from '../../support/limitation-tenant.ts';
import { memo } from '../../support/rich-tenant.ts';
import { changedRow, sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';

const GONE = { Deleted: 'true' };

describe('deleted-in-billing', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows);
  const found = () => foundInBilling(database.db, deletedInBilling);

  test('counts the rows that lines are formed from, signed as these are', async () => {
    await sync({ ...sampleTenant(), ...memo('CreditMemo') });
    expect(await found()).toEqual([]);
    await sync({ ...changedRow('InvoiceItem', 'item1', GONE), ...memo('CreditMemo', {}, GONE) });
    expect(await found()).toEqual(['CreditMemoItem cmi1', 'InvoiceItem item1']);
    expect(await atStake(database.db, deletedInBilling)).toEqual(['60 USD']);
  });

  test('counts a charge with its contractual value', async () => {
    await sync(sampleTenant());
    await sync(changedRow('RatePlanCharge', 'rpc1', GONE));
    expect(await found()).toEqual(['RatePlanCharge rpc1']);
    expect(await atStake(database.db, deletedInBilling)).toEqual(['1200 USD']);
  });

  test('leaves the finding to the transform, which knows the line', async () => {
    await sync(sampleTenant());
    await collectOrg(database);
    await sync(changedRow('InvoiceItem', 'item1', GONE));
    expect(await listFindings(database.db, { open: true })).toMatchObject([
      { finding: 'deleted-in-billing', source: 'item1', line: 'INV:item1', amount: '100.00' },
    ]);
  });

  test.each<[string, Rows, Rows]>([
    [
      'items of a draft that was thrown away',
      withChanged(sampleTenant(), 'Invoice', 'inv1', { Status: 'Draft' }),
      {
        ...changedRow('Invoice', 'inv1', { ...GONE, Status: 'Draft' }),
        ...changedRow('InvoiceItem', 'item1', GONE),
      },
    ],
    [
      'charges of a drafted subscription',
      withChanged(sampleTenant(), 'Subscription', 'sub1', { Status: 'Draft' }),
      changedRow('RatePlanCharge', 'rpc1', GONE),
    ],
    ['what no line is formed from', sampleTenant(), changedRow('Product', 'prod', GONE)],
    [
      'what came back',
      { ...sampleTenant(), ...changedRow('InvoiceItem', 'item1', GONE) },
      changedRow('InvoiceItem', 'item1', { UpdatedDate: '2024-02-01T00:00:00Z' }),
    ],
  ])('passes over %s', async (_what, before, after) => {
    await sync(before);
    await sync(after);
    expect(await found()).toEqual([]);
  });
});
