import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { contractAmounts } from '../../support/contract-amounts.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { lineReader } from '../../support/line-reader.ts';
import { memo } from '../../support/rich-tenant.ts';
import { sampleTenant } from '../../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';
import { withPolicies } from '../../support/template-policies.ts';

const NOTHING = { InvoiceId: null, InvoiceItemId: null, RatePlanChargeId: null, SubscriptionId: null };
const REVERSAL = { Source: 'AdhocFromCreditMemo', SourceType: 'CreditMemo', ReferredCreditMemoId: 'cm1' };

describe('debit memo items', () => {
  let database: TestDatabase;
  let read: ReturnType<typeof lineReader>;
  let entity = '';
  let entities = 0;
  beforeAll(async () => {
    database = await openTestDatabase();
    read = lineReader(database);
  });
  beforeEach(() => void (entity = `entity-${(entities += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity, org: entity, settlement: true });
  const debited = (header = {}, item = {}): Rows => ({
    ...sampleTenant(),
    ...memo('DebitMemo', header, item),
  });

  test('are INV, without tax, on the line of their charge, and refer to nothing else', async () => {
    const { balance } = await sync(debited());
    expect(balance.balanced).toBe(true);
    expect(
      balance.rows.find(({ object, measure }) => object === 'DebitMemoItem' && measure === 'amount'),
    ).toMatchObject({ extracted: '40', staged: '40' });
    expect(await read.line(entity, 'INV:dmi1')).toMatchObject({
      status: 'ready',
      amount: '40',
      so_line_id: 'orig.1',
      invoice_line_id: 'dmi1',
      original_invoice_line_id: null,
      original_so_line_id: null,
    });
  });

  test('made from a charge have a booking made for them', async () => {
    await sync(debited({ Source: 'AdhocFromPrpc', SourceType: 'Standalone' }, NOTHING));
    expect(await read.line(entity, 'INV:dmi1')).toMatchObject({
      status: 'ready',
      so_line_id: 'REVSYNC-dmi1',
    });
    expect(await read.line(entity, 'SO:REVSYNC-dmi1@1')).toMatchObject({ status: 'ready', amount: '40' });
  });

  test('lose their reference where the policy removes it, unless a bill run or a reversal made them', async () => {
    await withPolicies(database, entity, 'DM', { standaloneReference: 'remove' });
    const of = (id: string, header: object) =>
      memo('DebitMemo', { Id: `dm-${id}`, ...header }, { Id: id, DebitMemoId: `dm-${id}` });
    const memos = [of('hand', {}), of('run', { Source: 'BillRun' }), of('reversal', REVERSAL)];
    await sync({
      ...sampleTenant(),
      DebitMemo: memos.flatMap(({ DebitMemo = [] }) => DebitMemo),
      DebitMemoItem: memos.flatMap(({ DebitMemoItem = [] }) => DebitMemoItem),
    });
    const bookings = (await read.lines(entity))
      .filter(({ source_object: object, type }) => object === 'DebitMemoItem' && type === 'INV')
      .map(({ id, so_line_id: booking }) => `${id} ${booking}`);
    expect(bookings).toEqual(['INV:hand REVSYNC-hand', 'INV:reversal orig.1', 'INV:run orig.1']);
  });

  test('that reverse a credit memo bill its charge again: 100, 50 after the cancellation, -50 credited, +50', async () => {
    const credit = memo(
      'CreditMemo',
      { Source: 'BillRun', SourceType: 'Subscription', InvoiceId: null, ReferredInvoiceId: null },
      { AmountWithoutTax: '50.00', InvoiceId: null, InvoiceItemId: null },
    );
    const reversal = memo(
      'DebitMemo',
      { ...REVERSAL, InvoiceId: null, ReferredInvoiceId: null },
      { ...NOTHING, SourceItemId: 'cmi1', SourceItemType: 'CreditMemoItem', AmountWithoutTax: '50.00' },
    );
    await sync({ ...sampleTenant(), ...credit, ...reversal });
    expect(await read.line(entity, 'INV:dmi1')).toMatchObject({
      status: 'ready',
      so_line_id: 'orig.1',
      subscription_name: 'S-1',
      original_so_line_id: null,
    });
    await collectOrg(database, entity);
    expect(await contractAmounts(database, entity)).toMatchObject([
      { key: 'S-1|1', billings: '200.00', lines: 5 },
    ]);
  });

  test('that reverse the credit of a percentage discount belong to the line of the discounted charge', async () => {
    const { RatePlanCharge: charges = [], ...rest } = sampleTenant();
    const discount = { ...charges[0], Id: 'disc', OriginalId: 'disc', ChargeModel: 'Discount-Percentage' };
    const { CreditMemo = [], CreditMemoItem: [item = {}] = [] } = memo(
      'CreditMemo',
      { Source: 'BillRun', SourceType: 'Subscription' },
      { InvoiceItemId: null },
    );
    const off = { ...item, Id: 'cmi2', RatePlanChargeId: 'disc', AppliedToItemId: 'cmi1' };
    await sync({
      ...rest,
      RatePlanCharge: [...charges, discount],
      CreditMemo,
      CreditMemoItem: [item, { ...off, AmountWithoutTax: '-5.00' }],
      ...memo('DebitMemo', REVERSAL, { ...NOTHING, SourceItemId: 'cmi2', AmountWithoutTax: '-5.00' }),
    });
    expect(await read.line(entity, 'INV:dmi1')).toMatchObject({ so_line_id: 'orig.1.disc.1', amount: '-5' });
    expect(await read.line(entity, 'CM:cmi2')).toMatchObject({ so_line_id: 'orig.1.disc.1', amount: '5' });
  });

  test.each([
    ['not-posted', { Status: 'Draft' }, {}],
    ['tax', {}, { ProcessingType: 'Tax' }],
    ['exclusion-flag', {}, { ExcludeItemBillingFromRevenueAccounting: 'true' }],
  ])('form no line for the reason %s', async (reason, header, item) => {
    const { balance } = await sync(debited(header, item));
    expect(
      balance.rows.find(({ object, measure }) => object === 'DebitMemoItem' && measure === 'amount'),
    ).toMatchObject({ excluded: '40', exclusions: { [reason]: '40' } });
    expect(await read.line(entity, 'INV:dmi1')).toBeUndefined();
  });
});
