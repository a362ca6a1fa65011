import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { TemplatePolicies } from '../../../src/domain/mapping/policies.ts';
import { contractAmounts } from '../../support/contract-amounts.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { lineReader } from '../../support/line-reader.ts';
import { memo } from '../../support/rich-tenant.ts';
import { changedRow, sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';
import { withPolicies } from '../../support/template-policies.ts';

const BILL_RUN = { Source: 'BillRun', SourceType: 'Subscription', InvoiceId: null, ReferredInvoiceId: null };
const FROM_CHARGE = {
  Source: 'AdhocFromPrpc',
  SourceType: 'Standalone',
  InvoiceId: null,
  ReferredInvoiceId: null,
};
const NO_INVOICE = { InvoiceId: null, InvoiceItemId: null };
const NO_CHARGE = { RatePlanChargeId: null, SubscriptionId: null };

describe('credit memo items', () => {
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
  const credited = (header = {}, item = {}): Rows => ({
    ...sampleTenant(),
    ...memo('CreditMemo', header, item),
  });
  const under = (policies: TemplatePolicies) => withPolicies(database, entity, 'CM', policies);
  const credit = async () =>
    (await read.lines(entity)).filter(
      ({ source_object: object, type }) => object === 'CreditMemoItem' && type !== 'SO',
    );

  test('made from an invoice are CM, without tax, and refer to the invoice line', async () => {
    const { balance } = await sync(credited());
    expect(
      balance.rows.find(({ object, measure }) => object === 'CreditMemoItem' && measure === 'amount'),
    ).toMatchObject({ extracted: '40', staged: '40' });
    expect(await read.line(entity, 'CM:cmi1')).toMatchObject({
      status: 'ready',
      amount: '-40',
      ext_list_price: '-40',
      so_line_id: 'orig.1',
      invoice_line_id: 'cmi1',
      original_invoice_line_id: 'item1',
      original_so_line_id: null,
    });
  });

  test('that reverse a whole invoice are CM-C', async () => {
    await sync(withChanged(credited(), 'Invoice', 'inv1', { Reversed: 'true' }));
    expect(await read.line(entity, 'CM-C:cmi1')).toMatchObject({
      status: 'ready',
      amount: '-40',
      original_invoice_line_id: 'item1',
    });
  });

  test.each(['Multi-Attribute Pricing', 'High Water Mark Pricing', 'Pre-Rated Per Unit Pricing'])(
    'for usage under %s are INV, also in a reversal',
    async (model) => {
      const usage = { ChargeType: 'Usage', ChargeModel: model, Quantity: null };
      const rows = withChanged(credited(), 'RatePlanCharge', 'rpc1', usage);
      await sync(withChanged(rows, 'Invoice', 'inv1', { Reversed: 'true' }));
      expect(await read.line(entity, 'INV:cmi1')).toMatchObject({
        amount: '-40',
        so_line_id: 'orig.1',
        original_invoice_line_id: null,
        original_so_line_id: null,
      });
    },
  );

  test('for usage under other models are CM, and so are those for what recurs under these', async () => {
    await sync(withChanged(credited(), 'RatePlanCharge', 'rpc1', { ChargeModel: 'High Water Mark Pricing' }));
    expect((await credit()).map(({ id }) => id)).toEqual(['CM:cmi1']);
  });

  test('of a bill run against the booking are CM, and refer to the booking when they name no invoice item', async () => {
    await sync(credited(BILL_RUN, NO_INVOICE));
    expect(await read.line(entity, 'CM:cmi1')).toMatchObject({
      status: 'ready',
      amount: '-40',
      so_line_id: 'orig.1',
      original_invoice_line_id: null,
      original_so_line_id: 'orig.1',
      billing_id: null,
    });
  });

  test('of a bill run are CM-C where the template’s policy says so; those from an invoice stay CM', async () => {
    await under({ billRunCredits: 'CM-C' });
    await sync(credited(BILL_RUN, NO_INVOICE));
    expect((await credit()).map(({ id }) => id)).toEqual(['CM-C:cmi1']);
    await sync(memo('CreditMemo', { Id: 'cm2' }, { Id: 'cmi2', CreditMemoId: 'cm2' }));
    expect((await credit()).map(({ id }) => id)).toEqual(['CM-C:cmi1', 'CM:cmi2']);
  });

  test('of a bill run with the sign of a negative booking are INV', async () => {
    const negative = withChanged(credited(BILL_RUN, NO_INVOICE), 'ChargeContractualValueAllCharges', 'ccv1', {
      Amount: '-1200.00',
    });
    await sync(negative);
    expect(await read.line(entity, 'INV:cmi1')).toMatchObject({ original_so_line_id: null, amount: '-40' });
  });

  test('of a bill run on usage or an evergreen subscription, which are booked at zero, are credits', async () => {
    const { ChargeContractualValueAllCharges: _, ...rest } = credited(BILL_RUN, NO_INVOICE);
    await sync(withChanged(rest, 'Subscription', 'sub1', { TermType: 'EVERGREEN' }));
    expect((await credit()).map(({ id }) => id)).toEqual(['CM:cmi1']);
  });

  test('made from a charge are standalone: INV and a booking made for it, of the same sign', async () => {
    await sync(credited(FROM_CHARGE, { ...NO_INVOICE, ...NO_CHARGE }));
    expect(await read.line(entity, 'INV:cmi1')).toMatchObject({
      status: 'ready',
      amount: '-40',
      so_line_id: 'REVSYNC-cmi1',
      original_invoice_line_id: null,
      original_so_line_id: null,
      deferred_segments: 'Account ContractLiability',
    });
    expect(await read.line(entity, 'SO:REVSYNC-cmi1@1')).toMatchObject({
      status: 'ready',
      amount: '-40',
      ext_list_price: '-40',
      so_line_id: 'REVSYNC-cmi1',
      sales_order_date: '2024-01-22',
      so_book_date: '2024-01-22',
      term_number: '1',
      ordered_qty: '3',
      invoice_line_id: null,
      amendment_reason: '',
      skip_ct_mod: 'No',
    });
    await collectOrg(database, entity);
    expect(await contractAmounts(database, entity)).toEqual([
      { key: 'A-1|1', bookings: '-40.00', billings: '-40.00', lines: 2, obligations: 1 },
      { key: 'S-1|1', bookings: '1200.00', billings: '200.00', lines: 3, obligations: 1 },
    ]);
  });

  test('without a word of their source are told by what they refer to', async () => {
    await sync({
      ...credited({ Source: null, SourceType: null, InvoiceId: null, ReferredInvoiceId: null }),
      CreditMemoItem: [
        ['invoice', {}],
        ['billing', NO_INVOICE],
        ['charge', { ...NO_INVOICE, ...NO_CHARGE }],
      ].map(([id, change]) => ({
        ...memo('CreditMemo', {}, change as Record<string, null>)['CreditMemoItem']?.[0],
        Id: id as string,
      })),
    });
    const told = (await read.lines(entity)).filter(
      ({ source_object: object }) => object === 'CreditMemoItem',
    );
    expect(told.map(({ id }) => id)).toEqual([
      'CM:billing',
      'CM:invoice',
      'INV:charge',
      'SO:REVSYNC-charge@1',
    ]);
  });

  test('from an invoice lose their reference where the template’s policy removes it', async () => {
    await under({ standaloneReference: 'remove' });
    await sync(credited());
    expect(await read.line(entity, 'INV:cmi1')).toMatchObject({
      amount: '-40',
      so_line_id: 'REVSYNC-cmi1',
      original_invoice_line_id: null,
    });
    expect(await read.line(entity, 'SO:REVSYNC-cmi1@1')).toMatchObject({ amount: '-40', term_number: '1' });
  });

  test('of a bill run keep their reference whatever the policy says', async () => {
    await under({ standaloneReference: 'remove' });
    await sync(credited(BILL_RUN, NO_INVOICE));
    expect(await read.line(entity, 'CM:cmi1')).toMatchObject({ so_line_id: 'orig.1' });
  });

  test('of a bill run that name nothing are held, and say so', async () => {
    await sync(credited(BILL_RUN, { ...NO_INVOICE, ...NO_CHARGE }));
    expect(await read.holds(entity)).toEqual([
      'CM:cmi1 missing-reference: There is nothing that the line of CreditMemoItem cmi1 refers to: it names neither a charge nor an invoice item.',
    ]);
  });

  test('of a standalone invoice item follow the booking that was made for it', async () => {
    const tenant = credited({}, { ...NO_CHARGE, InvoiceItemId: 'alone' });
    const codes = Object.fromEntries(
      ['AccountReceivable', 'DeferredRevenue', 'RecognizedRevenue'].map((code) => [
        `${code}AccountingCodeId`,
        'code-ContractAsset',
      ]),
    );
    const [item = {}] = tenant['InvoiceItem'] ?? [];
    const alone = { ...item, ...codes, Id: 'alone', RatePlanChargeId: null, SubscriptionId: null };
    await sync({ ...tenant, InvoiceItem: [...(tenant['InvoiceItem'] ?? []), alone] });
    expect(await read.line(entity, 'CM:cmi1')).toMatchObject({
      status: 'ready',
      so_line_id: 'REVSYNC-alone',
      original_invoice_line_id: 'alone',
    });
    await collectOrg(database, entity);
    expect(await contractAmounts(database, entity)).toMatchObject([
      { key: 'A-1|1', bookings: '100.00', billings: '60.00' },
      { key: 'S-1|1' },
    ]);
  });

  test.each([
    ['not-posted', { Status: 'Draft' }, {}],
    ['tax', {}, { ProcessingType: '3' }],
    ['exclusion-flag', {}, { ExcludeItemBillingFromRevenueAccounting: 'true' }],
  ])('form no line for the reason %s', async (reason, header, item) => {
    const { balance } = await sync(credited(header, item));
    expect(balance.balanced).toBe(true);
    expect(
      balance.rows.find(({ object, measure }) => object === 'CreditMemoItem' && measure === 'amount'),
    ).toMatchObject({ excluded: '40', exclusions: { [reason]: '40' } });
    expect(await credit()).toEqual([]);
  });

  test('form their line once the memo is posted, though the item did not change', async () => {
    await sync(credited({ Status: 'Draft', UpdatedDate: '2024-01-04T00:00:00Z' }));
    await sync({ CreditMemo: memo('CreditMemo')['CreditMemo'] ?? [] });
    expect((await credit()).map(({ id }) => id)).toEqual(['CM:cmi1']);
  });

  test('keep the type they were collected under, and form no second line when the booking turns round', async () => {
    const negative = { Amount: '-1200.00', UpdatedDate: '2024-01-20T00:00:00Z' };
    await sync(credited(BILL_RUN, NO_INVOICE));
    await collectOrg(database, entity);
    const again = memo('CreditMemo', BILL_RUN, {
      ...NO_INVOICE,
      Comment: 'touched',
      UpdatedDate: '2024-01-21T00:00:00Z',
    });
    await sync({ ...again, ...changedRow('ChargeContractualValueAllCharges', 'ccv1', negative) });
    expect((await credit()).map(({ id, status }) => `${id} ${status}`)).toEqual(['CM:cmi1 collected']);
  });

  test('that come again with another amount after collection are stopped under their first type', async () => {
    await sync(credited());
    await collectOrg(database, entity);
    await sync({
      ...memo('CreditMemo', {}, { AmountWithoutTax: '41.00', UpdatedDate: '2024-01-21T00:00:00Z' }),
      ...changedRow('Invoice', 'inv1', { Reversed: 'true', UpdatedDate: '2024-01-21T00:00:00Z' }),
    });
    expect((await credit()).map(({ id, type, status }) => `${id} ${type} ${status}`)).toEqual([
      'CM:cmi1 CM collected',
      'CM:cmi1#2 CM stopped',
    ]);
  });

  test('are collected with their booking and count against what was billed', async () => {
    await sync(credited());
    await collectOrg(database, entity);
    expect(await contractAmounts(database, entity)).toEqual([
      { key: 'S-1|1', bookings: '1200.00', billings: '160.00', lines: 4, obligations: 1 },
    ]);
  });
});
