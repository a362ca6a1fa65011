import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { unpostedDocument } from '../../../src/limitations/practices/unposted-document.ts';
import { listFindings } from '../../../src/store/list-findings.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { atStake, foundInBilling } from '../../support/limitation-tenant.ts';
import { adjustment, memo } from '../../support/rich-tenant.ts';
import { changedRow, sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';

const LATER = '2024-01-30T00:00:00Z';
const invoice = (Status: string, UpdatedDate = LATER) =>
  changedRow('Invoice', 'inv1', { Status, UpdatedDate });

describe('unposted-document', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());

  const sync = (rows: Rows, settlement?: boolean) =>
    syncRows(database, rows, settlement === undefined ? {} : { settlement });
  const found = () => foundInBilling(database.db, unpostedDocument);
  const findings = async () =>
    (await listFindings(database.db, { open: true })).filter(
      ({ finding }) => finding === unpostedDocument.id,
    );

  test('finds an invoice that was posted and collected, with its items, until it is posted again', async () => {
    await sync(sampleTenant());
    await collectOrg(database);
    await sync(invoice('Draft'));
    expect(await found()).toEqual(['Invoice inv1']);
    expect(await findings()).toMatchObject([
      {
        object: 'Invoice',
        source: 'inv1',
        amount: '200.00',
        currency: 'USD',
        message: 'Invoice inv1 was posted, and is not any more: its status is Draft now.',
      },
    ]);
    await sync(invoice('Posted', '2024-01-31T00:00:00Z'));
    expect(await found()).toEqual([]);
    expect(await findings()).toEqual([]);
  });

  test('finds memos, credits below zero', async () => {
    await sync({ ...sampleTenant(), ...memo('CreditMemo'), ...memo('DebitMemo') });
    await sync({
      ...memo('CreditMemo', { Status: 'Canceled', UpdatedDate: LATER }),
      ...memo(
        'DebitMemo',
        { Status: 'Draft', UpdatedDate: LATER },
        { AmountWithoutTax: '15.00', UpdatedDate: LATER },
      ),
    });
    expect(await found()).toEqual(['CreditMemo cm1', 'DebitMemo dm1']);
    expect(await atStake(database.db, unpostedDocument)).toEqual(['-25 USD']);
  });

  test('finds an adjustment that was cancelled', async () => {
    await sync({ ...sampleTenant(), InvoiceItemAdjustment: [adjustment()] }, false);
    await sync({ InvoiceItemAdjustment: [adjustment({ Status: 'Canceled', UpdatedDate: LATER })] }, false);
    expect(await found()).toEqual(['InvoiceItemAdjustment adj1']);
    expect(await atStake(database.db, unpostedDocument)).toEqual(['-30 USD']);
  });

  test.each<[string, Rows, Rows]>([
    [
      'an invoice that was drafted and cancelled',
      withChanged(sampleTenant(), 'Invoice', 'inv1', { Status: 'Draft' }),
      invoice('Canceled'),
    ],
    [
      'an invoice that was drafted and posted',
      withChanged(sampleTenant(), 'Invoice', 'inv1', { Status: 'Draft' }),
      invoice('Posted'),
    ],
    [
      'a posted invoice that changed in other things',
      sampleTenant(),
      changedRow('Invoice', 'inv1', { Comments: 'x', UpdatedDate: LATER }),
    ],
    [
      'a posted invoice that was deleted, which is another finding',
      sampleTenant(),
      changedRow('Invoice', 'inv1', { Status: 'Draft', Deleted: 'true', UpdatedDate: LATER }),
    ],
  ])('passes over %s', async (_what, before, after) => {
    await sync(before);
    await sync(after);
    expect(await found()).toEqual([]);
    expect(await findings()).toEqual([]);
  });
});
