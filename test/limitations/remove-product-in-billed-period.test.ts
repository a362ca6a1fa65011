import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { removeProductInBilledPeriod } from '../../src/limitations/remove-product-in-billed-period.ts';
import { listHolds } from '../../src/store/list-holds.ts';
import { type Chapter, tenantWith } from '../support/action-stories.ts';
import { chaptersOf } from '../support/charge-stories.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { foundInBilling, foundInStaging } from '../support/limitation-tenant.ts';
import { type Rows, syncRows } from '../support/sync-rows.ts';

const DISCOUNT: Chapter = { charge: { ChargeModel: 'Discount-Percentage' } };
const removedOn = (day: string, action: Pick<Chapter, 'action' | 'amendment'>): Chapter => ({
  charge: { Version: '2', EffectiveEndDate: day },
  ...action,
});
const REMOVED = removedOn('2024-02-15', { action: 'RemoveProduct' });

type Row = Readonly<Record<string, string | null>>;

/** An invoice item of a charge until a day, `INV:<id>`; as changes of the document and of the item say. */
const billed = (of: string, ends: string, invoice: Row = {}, item: Row = {}): [string, Row][] =>
  (
    chaptersOf({
      id: of,
      versions: [{ booked: '0' }],
      billings: [{ id: `item-${of}`, kind: 'invoice', amount: '-20.00', ends }],
    }).at(-1) ?? []
  ).map(([object, row]) => [object, { ...row, ...(object === 'Invoice' ? invoice : item) }]);

const withBilled = (rows: Rows, ...items: [string, Row][][]): Rows => {
  const all: Record<string, Row[]> = Object.fromEntries(
    Object.entries(rows).map(([object, list]) => [object, [...list]]),
  );
  for (const [object, row] of items.flat()) (all[object] ??= []).push(row);
  return all;
};

describe('remove-product-in-billed-period', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());

  const inBilling = () => foundInBilling(database.db, removeProductInBilledPeriod);
  const inStaging = () => foundInStaging(database.db, removeProductInBilledPeriod);

  test('stops a discount that was removed before the end of what is billed, and nothing else', async () => {
    const later = '2024-03-01';
    const rows = tenantWith({
      removed: [DISCOUNT, REMOVED],
      amended: [DISCOUNT, removedOn('2024-02-15', { amendment: 'RemoveProduct' })],
      carried: [DISCOUNT, REMOVED, { action: 'UpdateProduct' }],
      atEnd: [DISCOUNT, removedOn(later, { action: 'RemoveProduct' })],
      fee: [{}, REMOVED],
      cancelled: [DISCOUNT, removedOn('2024-02-15', { action: 'CancelSubscription' })],
      draft: [DISCOUNT, REMOVED],
      tax: [DISCOUNT, REMOVED],
      gone: [DISCOUNT, REMOVED],
      unbilled: [DISCOUNT, REMOVED],
      // Another product was removed.
      kept: [DISCOUNT, { action: 'RemoveProduct' }],
      longer: [
        { charge: { ...DISCOUNT.charge, EffectiveEndDate: '2024-02-01' } },
        removedOn('2024-02-15', { action: 'RemoveProduct' }),
      ],
    });
    await syncRows(
      database,
      withBilled(
        rows,
        ...['removed', 'amended', 'carried', 'atEnd', 'fee', 'cancelled', 'kept', 'longer'].map((of) =>
          billed(of, later),
        ),
        billed('draft', later, { Status: 'Draft' }),
        billed('tax', later, {}, { ProcessingType: '3' }),
        billed('gone', later, {}, { Deleted: 'true' }),
      ),
    );
    expect(await inStaging()).toEqual([
      'SO:amended.1@2',
      'SO:carried.1@2',
      'SO:carried.1@3',
      'SO:removed.1@2',
    ]);
    expect(await inBilling()).toEqual([
      'RatePlanCharge amended-rpc2',
      'RatePlanCharge carried-rpc3',
      'RatePlanCharge removed-rpc2',
    ]);
    expect(await listHolds(database.db, {})).toContainEqual(
      expect.objectContaining({
        line: 'SO:removed.1@2',
        limitation: 'remove-product-in-billed-period',
        message:
          'RatePlanCharge removed-rpc2 cannot be booked: the discount was removed as of 2024-02-15, but is billed until 2024-03-01 (-20 USD for periods that end later). Booking and billing would differ.',
      }),
    );
  });

  test.each([
    ['deleted', 'InvoiceItem', { Deleted: 'true' }],
    ['unposted', 'Invoice', { Status: 'Draft', UpdatedDate: '2024-03-01T00:00:00Z' }],
  ])('goes on by itself when what is billed is %s', async (_, changed, change) => {
    const bill = billed('removed', '2024-03-01');
    await syncRows(database, withBilled(tenantWith({ removed: [DISCOUNT, REMOVED] }), bill));
    expect(await inStaging()).toEqual(['SO:removed.1@2']);
    const rows = bill.flatMap(([object, row]) => (object === changed ? [{ ...row, ...change }] : []));
    await syncRows(database, { [changed]: rows });
    expect(await inBilling()).toEqual([]);
    expect(await inStaging()).toEqual([]);
  });

  test('stops a discount whose end was moved without another charge version, from then on', async () => {
    const moved = { charge: { EffectiveEndDate: '2024-02-15' }, action: 'RemoveProduct' };
    const rows = tenantWith({
      removed: [DISCOUNT, moved, {}],
      kept: [DISCOUNT, { action: 'RemoveProduct' }],
    });
    const later = ['removed', 'kept'].map((of) => billed(of, '2024-03-01'));
    await syncRows(database, withBilled(rows, ...later));
    expect(await inStaging()).toEqual(['SO:removed.1@2', 'SO:removed.1@3']);
    expect(await inBilling()).toEqual(['RatePlanCharge removed-rpc3']);
  });

  test('stops a discount that a bill run credited by a memo for the period', async () => {
    const credits = chaptersOf({
      id: 'removed',
      versions: [{ booked: '0' }],
      billings: [{ id: 'memo', kind: 'credit', amount: '20', ends: '2024-03-01' }],
    });
    await syncRows(database, withBilled(tenantWith({ removed: [DISCOUNT, REMOVED] }), credits.at(-1) ?? []));
    expect(await inStaging()).toEqual(['SO:removed.1@2']);
    const [item] = (credits.at(-1) ?? []).flatMap(([object, row]) =>
      object === 'CreditMemoItem' ? [row] : [],
    );
    await syncRows(database, { CreditMemoItem: [{ ...item, Deleted: 'true' }] });
    expect(await inStaging()).toEqual([]);
  });

  test('goes on by itself when the period is credited in full, not in part', async () => {
    const credit = (amount: string): [string, Row][] =>
      billed(
        'removed',
        '2024-03-01',
        { Id: `of-${amount}` },
        { Id: amount, InvoiceId: `of-${amount}`, ChargeAmount: amount },
      );
    const rows = tenantWith({ removed: [DISCOUNT, REMOVED] });
    await syncRows(database, withBilled(rows, billed('removed', '2024-03-01'), credit('8')));
    expect(await inStaging()).toEqual(['SO:removed.1@2']);
    await syncRows(database, withBilled({}, credit('12')));
    expect(await inBilling()).toEqual([]);
    expect(await inStaging()).toEqual([]);
  });

  test('stops a discount whose invoice is posted after it was removed', async () => {
    await syncRows(
      database,
      withBilled(
        tenantWith({ removed: [DISCOUNT, REMOVED] }),
        billed('removed', '2024-03-01', { Status: 'Draft' }),
      ),
    );
    expect(await inStaging()).toEqual([]);
    const posted = billed('removed', '2024-03-01', { UpdatedDate: '2024-03-01T00:00:00Z' });
    await syncRows(database, withBilled({}, posted));
    expect(await inStaging()).toEqual(['SO:removed.1@2']);
  });
});
