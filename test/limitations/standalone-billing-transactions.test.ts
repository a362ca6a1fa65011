import { Decimal } from 'decimal.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { standaloneBillingTransactions as rule } from '../../src/limitations/standalone-billing-transactions.ts';
import { showLine } from '../../src/store/show-line.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { atStake, foundInBilling, foundInStaging } from '../support/limitation-tenant.ts';
import { lineReader } from '../support/line-reader.ts';
import { adjustment, memo } from '../support/rich-tenant.ts';
import { sampleTenant } from '../support/sample-tenant.ts';
import { type Rows, syncRows } from '../support/sync-rows.ts';
import { withPolicies } from '../support/template-policies.ts';

type Change = Readonly<Record<string, string | null>>;

const ALONE = { InvoiceId: null, InvoiceItemId: null };
const NO_INVOICE = { InvoiceId: null, ReferredInvoiceId: null };
const NO_CHARGE = { RatePlanChargeId: null, SubscriptionId: null };

const oneMemo =
  (kind: 'CreditMemo' | 'DebitMemo') =>
  (id: string, header: Change = {}, item: Change = {}): Rows =>
    memo(kind, { Id: `memo ${id}`, ...header }, { Id: id, [`${kind}Id`]: `memo ${id}`, ...item });
const credit = oneMemo('CreditMemo');
const debit = oneMemo('DebitMemo');

/** The sample with these memos. */
function tenantOf(...memos: readonly Rows[]): Rows {
  const all = (object: string) => memos.flatMap((rows) => rows[object] ?? []);
  const objects = ['CreditMemo', 'CreditMemoItem', 'DebitMemo', 'DebitMemoItem'];
  return { ...sampleTenant(), ...Object.fromEntries(objects.map((object) => [object, all(object)])) };
}

const adjusted = (...changes: readonly Change[]): Rows => ({
  ...sampleTenant(),
  InvoiceItemAdjustment: changes.map((change) => adjustment(change)),
});

describe('standalone-billing-transactions', () => {
  let database: TestDatabase;
  let entity = '';
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (entity = `entity-${(entities += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity, org: entity });

  /** That amount is at stake, and it is what the lines of what is found come to, without bookings made for them. */
  async function sameAsLines(amount: string): Promise<void> {
    expect(await atStake(database.db, rule, entity)).toEqual([`${amount} USD`]);
    const lines = (await lineReader(database).lines(entity)).filter(
      ({ type, source_object: object }) => type !== 'SO' && object !== 'InvoiceItem',
    );
    const sum = lines.reduce((total, line) => total.plus(line['amount'] ?? '0'), new Decimal(0));
    expect(sum.toString()).toBe(amount);
  }

  test('finds credit memos made by hand, with the amounts that their lines have', async () => {
    await sync(
      tenantOf(
        credit('from invoice'),
        credit('from charge', { Source: 'AdhocFromPrpc', ...NO_INVOICE }, { ...ALONE, ...NO_CHARGE }),
        credit('untold, of an item', { Source: null, SourceType: null }),
        credit('untold, of nothing', { Source: null, SourceType: null }, { ...ALONE, ...NO_CHARGE }),
      ),
    );
    expect(await foundInBilling(database.db, rule, entity)).toEqual([
      'CreditMemoItem from charge',
      'CreditMemoItem from invoice',
      'CreditMemoItem untold, of an item',
      'CreditMemoItem untold, of nothing',
    ]);
    await sameAsLines('-160');
  });

  test('finds debit memos made by hand, with the amounts that their lines have', async () => {
    await sync(tenantOf(debit('from invoice'), debit('untold', { Source: null })));
    expect(await foundInBilling(database.db, rule, entity)).toEqual([
      'DebitMemoItem from invoice',
      'DebitMemoItem untold',
    ]);
    await sameAsLines('80');
  });

  test('finds adjustments, with the amounts that their lines have', async () => {
    await sync(adjusted({ Id: 'less' }, { Id: 'more', Type: 'Charge', Amount: '10.00' }));
    expect(await foundInBilling(database.db, rule, entity)).toEqual([
      'InvoiceItemAdjustment less',
      'InvoiceItemAdjustment more',
    ]);
    await sameAsLines('-20');
  });

  test('takes what bill runs make, drafts, tax and what is excluded or taken back for none', async () => {
    const excluded = { ExcludeItemBillingFromRevenueAccounting: 'true' };
    await sync(
      tenantOf(
        credit('bill run', { Source: 'BillRun' }),
        credit('amendment', { Source: 'AmendmentGenerated' }),
        credit('untold, of a charge', { Source: null, SourceType: null }, ALONE),
        credit('draft', { Status: 'Draft' }),
        credit('tax', {}, { ProcessingType: 'Tax' }),
        credit('excluded', {}, excluded),
        credit('deleted', {}, { Deleted: 'true' }),
        debit('bill run', { Source: 'BillRun' }),
        debit('draft', { Status: 'Draft' }),
        debit('tax', {}, { ProcessingType: '3' }),
        debit('reversal', { Source: 'AdhocFromCreditMemo' }),
        debit('untold reversal', { Source: null, ReferredCreditMemoId: 'cm1' }),
      ),
    );
    expect(await foundInBilling(database.db, rule, entity)).toEqual([]);
    expect(await foundInStaging(database.db, rule, entity)).toEqual([]);
  });

  test('takes adjustments for none that are cancelled, of tax, excluded or of a draft', async () => {
    const rows = adjusted(
      { Id: 'cancelled', Status: 'Canceled' },
      { Id: 'tax', SourceType: 'Tax' },
      { Id: 'excluded', ExcludeItemBillingFromRevenueAccounting: 'true' },
      { Id: 'of a draft', InvoiceId: 'draft' },
    );
    const { Invoice: invoices = [] } = rows;
    await sync({ ...rows, Invoice: [...invoices, { ...invoices[0], Id: 'draft', Status: 'Draft' }] });
    expect(await foundInBilling(database.db, rule, entity)).toEqual([]);
  });

  test('leaves adjustments out where memos count', async () => {
    await syncRows(database, adjusted({}), { entity, org: entity, settlement: true });
    expect(await foundInBilling(database.db, rule, entity)).toEqual([]);
  });

  test('keeps the reference by default, and says what decides about it', async () => {
    await sync(tenantOf(credit('cmi1')));
    expect(await foundInStaging(database.db, rule, entity)).toEqual(['CM:cmi1']);
    const { fields, lineage } = await showLine(database.db, { entity, id: 'CM:cmi1' });
    expect(fields).toMatchObject({ 'SO Line Id': 'orig.1', 'Original Invoice Line Id': 'item1' });
    expect(lineage.fields['SO Line Id']?.derived).toMatch(/\(limitation standalone-billing-transactions\)/);
  });

  test.each([
    ['CM', tenantOf(credit('cmi1')), 'cmi1'],
    ['DM', tenantOf(debit('dmi1')), 'dmi1'],
    ['IIA', adjusted({}), 'adj1'],
  ] as const)(
    'lets %s stand alone with a booking of its own where the policy says so',
    async (type, rows, id) => {
      await withPolicies(database, entity, type, { standaloneReference: 'remove' });
      await sync(rows);
      expect(await foundInStaging(database.db, rule, entity)).toEqual([`INV:${id}`, `SO:REVSYNC-${id}@1`]);
      expect(await lineReader(database).line(entity, `INV:${id}`)).toMatchObject({
        so_line_id: `REVSYNC-${id}`,
        original_invoice_line_id: null,
        original_so_line_id: null,
      });
    },
  );
});
