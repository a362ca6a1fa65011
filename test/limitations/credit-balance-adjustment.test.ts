import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { checkTemplate } from '../../src/domain/mapping/checks/check-template.ts';
import { creditBalanceAdjustment } from '../../src/limitations/credit-balance-adjustment.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { changedTemplate, rowsWith } from '../support/dry-runs.ts';
import { linesOf } from '../support/held-lines.ts';
import { adjustment as invoiceItemAdjustment } from '../support/rich-tenant.ts';
import { atStake, foundInBilling } from '../support/limitation-tenant.ts';
import { sampleTenant } from '../support/sample-tenant.ts';
import { syncRows } from '../support/sync-rows.ts';

const adjustment = (id: string, change: Readonly<Record<string, string | null>> = {}) => ({
  Id: id,
  Number: `CBA-${id}`,
  AccountId: 'acc',
  Amount: '25.00',
  Type: 'Increase',
  Status: 'Processed',
  UpdatedDate: '2024-01-05T10:00:00Z',
  ...change,
});
const tenant = (...adjustments: ReturnType<typeof adjustment>[]) => ({
  ...sampleTenant(),
  CreditBalanceAdjustment: adjustments,
});

describe('Credit Balance Adjustment object', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());

  test('is counted as excluded, and forms no line', async () => {
    const { balance } = await syncRows(database, tenant(adjustment('a'), adjustment('b')));
    expect(balance.balanced).toBe(true);
    expect(balance.rows.filter(({ object }) => object === 'CreditBalanceAdjustment')).toMatchObject([
      { measure: 'count', extracted: '2', excluded: '2', exclusions: { 'unsupported-object': '2' } },
    ]);
    expect(await linesOf(database, 'default').statuses()).toEqual([
      'INV:item1 ready',
      'INV:item2 ready',
      'SO:orig.1@1 ready',
    ]);
  });

  test('is found with what it moved, in the currency of the row, else of its account', async () => {
    await syncRows(
      database,
      tenant(
        adjustment('up'),
        adjustment('down', { Type: 'Decrease', Amount: '10.00' }),
        adjustment('euros', { TransactionCurrency: 'EUR', Amount: '7.00' }),
        adjustment('cancelled', { Status: 'Canceled', Amount: '99.00' }),
      ),
    );
    expect(await foundInBilling(database.db, creditBalanceAdjustment)).toEqual(
      ['cancelled', 'down', 'euros', 'up'].map((id) => `CreditBalanceAdjustment ${id}`),
    );
    expect(await atStake(database.db, creditBalanceAdjustment)).toEqual(['7 EUR', '15 USD']);
  });

  test('is no adjustment of an invoice item, and goes when Billing deletes it', async () => {
    await syncRows(database, tenant(adjustment('gone')));
    expect(await foundInBilling(database.db, creditBalanceAdjustment)).toHaveLength(1);
    await syncRows(database, {
      CreditBalanceAdjustment: [adjustment('gone', { Deleted: 'true' })],
      InvoiceItemAdjustment: [invoiceItemAdjustment()],
    });
    expect(await foundInBilling(database.db, creditBalanceAdjustment)).toEqual([]);
  });

  test.each([
    [
      'CreditBalanceAdjustment.Amount',
      'CreditBalanceAdjustment',
      ' (known limitation credit-balance-adjustment)',
    ],
    [
      'Account.CreditBalanceAdjustment.Amount',
      'CreditBalanceAdjustment',
      ' (known limitation credit-balance-adjustment)',
    ],
    ['Order.OrderNumber', 'Order', ''],
  ])('a template that maps %s is refused', (from, object, limitation) => {
    const rows = rowsWith('INV', { from, to: 'ATR1', type: 'Character' });
    const { mistakes } = checkTemplate(changedTemplate('INV', 'demo', { rows }));
    expect(mistakes.map(({ message }) => message)).toEqual([
      `Fields of ${object} cannot be used in any template${limitation}.`,
    ]);
  });
});
