import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { Balance } from '../../../src/store/balance/read-balance.ts';
import { apart, together } from '../../support/apart.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { lineReader } from '../../support/line-reader.ts';
import { adjustment, memo } from '../../support/rich-tenant.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';
import { withPolicies } from '../../support/template-policies.ts';

const BOOKING = 'ExcludeItemBookingFromRevenueAccounting';
const BILLING = 'ExcludeItemBillingFromRevenueAccounting';
/** A column that an export does not have changes nothing, so what is off says so. */
const off = (object: string) => ({
  [BILLING]: 'false',
  ...(object.endsWith('Charge') ? { [BOOKING]: 'false' } : {}),
});
const on = (...flags: readonly string[]) => Object.fromEntries(flags.map((flag) => [flag, 'true']));

/** The sample with one item, and what corrects it. */
function corrected(settlement: boolean): Rows {
  const tenant = sampleTenant();
  return {
    ...tenant,
    InvoiceItem: (tenant['InvoiceItem'] ?? []).slice(0, 1),
    ...(settlement
      ? { ...memo('CreditMemo'), ...memo('DebitMemo') }
      : { InvoiceItemAdjustment: [adjustment()] }),
  };
}

const DRIVERS = ['InvoiceItem', 'InvoiceItemAdjustment', 'CreditMemoItem', 'DebitMemoItem'];

/** The same with items that name nothing but what they correct, so that flags are found on the way. */
function lean(settlement: boolean): Rows {
  return Object.fromEntries(
    Object.entries(corrected(settlement)).map(([object, rows]) => [
      object,
      DRIVERS.includes(object)
        ? rows.map((row) => ({
            ...row,
            ProductRatePlanChargeId: null,
            ...(object === 'InvoiceItem' ? {} : { RatePlanChargeId: null, SubscriptionId: null }),
          }))
        : rows,
    ]),
  );
}

/** `<object> <excluded of extracted>`, in counts; the reasons with them where there are any. */
const excluded = ({ rows }: Balance): string[] =>
  rows
    .filter(({ object, measure }) => measure === 'count' && [...DRIVERS, 'RatePlanCharge'].includes(object))
    .map(({ object, extracted, excluded: out, exclusions }) =>
      `${object} ${out} of ${extracted} ${Object.keys(exclusions ?? {}).join()}`.trim(),
    );

describe('the exclusion flags', () => {
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

  const sync = async (rows: Rows, settlement = false) => {
    const { balance } = await syncRows(database, rows, { entity, org: entity, settlement });
    expect(balance.unequal).toEqual([]);
    return balance;
  };
  /** `<source> <type>` of the lines, with their status where they are not ready. */
  const lines = async () =>
    (await read.lines(entity))
      .map(
        ({ source_id: source, type, status }) => `${source} ${type}${status === 'ready' ? '' : ` ${status}`}`,
      )
      .toSorted();
  const row = (rows: Rows, object: string, id: string): Rows => ({
    [object]: (rows[object] ?? [])
      .filter((each) => each['Id']?.startsWith(id))
      .map((each) => ({ ...off(object), ...each, UpdatedDate: '2024-01-20T10:00:00Z' })),
  });

  const CHARGES = [
    ['RatePlanCharge', 'rpc1'],
    ['ProductRatePlanCharge', 'prpc'],
  ] as const;
  const FLAGS = [
    { flags: [BOOKING], books: false, bills: true },
    { flags: [BILLING], books: true, bills: false },
    { flags: [BOOKING, BILLING], books: false, bills: false },
  ];
  const TABLE = [false, true].flatMap((settlement) =>
    CHARGES.flatMap(([object, id]) => FLAGS.map((flags) => ({ settlement, object, id, ...flags }))),
  );

  test.each(TABLE)(
    'on a $object, $flags, keep out what they say and let it in when they are taken off (Invoice Settlement $settlement)',
    async ({ settlement, object, id, flags, books, bills }) => {
      // Two tenants in one: the items of the second name neither charge nor product.
      const rows = together([apart(corrected(settlement), '-own'), apart(lean(settlement), '-way')]);
      const bookings = ['rpc1-own SO', 'rpc1-way SO'];
      const corrections = settlement ? ['cmi1 CM', 'dmi1 INV'] : ['adj1 CM-C'];
      const billings = ['item1 INV', ...corrections].flatMap((line) =>
        ['-own ', '-way '].map((suffix) => line.replace(' ', suffix)),
      );
      const flagged = ['-own', '-way'].reduce(
        (all, suffix) => withChanged(all, object, `${id}${suffix}`, on(...flags)),
        rows,
      );
      const balance = await sync(flagged, settlement);
      // What is billed without its charge being booked stands alone.
      const alone = bills && !books ? ['item1-own SO', 'item1-way SO'] : [];
      expect(await lines()).toEqual(
        [...(books ? bookings : []), ...(bills ? billings : []), ...alone].toSorted(),
      );
      const ending = (stays: boolean) => (stays ? '0 of 2' : '2 of 2 exclusion-flag');
      const items = [
        'InvoiceItem',
        ...(settlement ? ['CreditMemoItem', 'DebitMemoItem'] : ['InvoiceItemAdjustment']),
      ];
      expect(excluded(balance).toSorted()).toEqual(
        [`RatePlanCharge ${ending(books)}`, ...items.map((item) => `${item} ${ending(bills)}`)].toSorted(),
      );

      await sync(row(rows, object, id), settlement);
      expect(await lines()).toEqual([...bookings, ...billings].toSorted());
    },
  );

  test.each([
    ['InvoiceItem', 'item1', 'item1 INV', false],
    ['InvoiceItemAdjustment', 'adj1', 'adj1 CM-C', false],
    ['CreditMemoItem', 'cmi1', 'cmi1 CM', true],
    ['DebitMemoItem', 'dmi1', 'dmi1 INV', true],
  ] as const)('on a %s keep out its line alone', async (object, id, line, settlement) => {
    const rows = corrected(settlement);
    const balance = await sync(withChanged(rows, object, id, on(BILLING)), settlement);
    const all = ['rpc1 SO', 'item1 INV', ...(settlement ? ['cmi1 CM', 'dmi1 INV'] : ['adj1 CM-C'])];
    expect(await lines()).toEqual(all.filter((each) => each !== line).toSorted());
    expect(excluded(balance)).toContain(`${object} 1 of 1 exclusion-flag`);
    expect(balance.rows.find((each) => each.object === object && each.measure === 'amount')).toMatchObject({
      staged: '0',
      exclusions: { 'exclusion-flag': expect.stringMatching(/^[1-9]/) },
    });
    await sync(row(rows, object, id), settlement);
    expect(await lines()).toEqual(all.toSorted());
  });

  test('take uncollected lines out again when they are put on, and leave collected ones', async () => {
    const rows = corrected(false);
    const flagged = withChanged(rows, 'ProductRatePlanCharge', 'prpc', on(BOOKING, BILLING));
    await sync(rows);
    await sync(row(flagged, 'ProductRatePlanCharge', 'prpc'));
    expect(await lines()).toEqual([]);

    entity = `${entity}-collected`;
    await sync(rows);
    await collectOrg(database, entity);
    const collected = await lines();
    await sync(row(flagged, 'ProductRatePlanCharge', 'prpc'));
    expect(await lines()).toEqual(collected);
    expect(collected).toContain('rpc1 SO collected');
  });

  describe('and what has a booking made for it', () => {
    /** An item without a charge that names its product charge, which has all codes. */
    const standalone = (): Rows => {
      const tenant = corrected(false);
      const codes = ['AccountReceivable', 'DeferredRevenue', 'RecognizedRevenue'];
      const [code] = tenant['AccountingCode'] ?? [];
      const own = Object.fromEntries(codes.map((each) => [`${each}AccountingCodeId`, code?.['Id'] ?? null]));
      const alone = { ...own, RatePlanChargeId: null, SubscriptionId: null };
      const { InvoiceItemAdjustment: _, ...rest } = withChanged(tenant, 'InvoiceItem', 'item1', alone);
      return rest;
    };
    const BOTH = ['item1 INV', 'item1 SO', 'rpc1 SO'];

    test.each([
      ['InvoiceItem', 'item1', ['rpc1 SO']],
      ['ProductRatePlanCharge', 'prpc', ['rpc1 SO']],
    ] as const)('the billing flag on its %s keeps out both', async (object, id, left) => {
      const rows = standalone();
      const balance = await sync(withChanged(rows, object, id, on(BILLING)));
      expect(await lines()).toEqual(left);
      expect(excluded(balance)).toContain('InvoiceItem 1 of 1 exclusion-flag');
      await sync(row(rows, object, id));
      expect(await lines()).toEqual(BOTH);
    });

    test('the booking flag on its product charge keeps out neither: the booking is the billing’s own', async () => {
      const balance = await sync(withChanged(standalone(), 'ProductRatePlanCharge', 'prpc', on(BOOKING)));
      expect(await lines()).toEqual(['item1 INV', 'item1 SO']);
      expect(excluded(balance).toSorted()).toEqual([
        'InvoiceItem 0 of 1',
        'RatePlanCharge 1 of 1 exclusion-flag',
      ]);
    });

    test.each([
      [BOOKING, ['cmi1 INV', 'cmi1 SO', 'dmi1 INV', 'item1 INV', 'item1 SO']],
      [BILLING, ['rpc1 SO']],
    ])('%s of the charge decides the same for a memo that is standalone by policy', async (flag, left) => {
      await withPolicies(database, entity, 'CM', { standaloneReference: 'remove' });
      await sync(withChanged(corrected(true), 'RatePlanCharge', 'rpc1', on(flag)), true);
      expect(await lines()).toEqual(left);
    });
  });

  describe('on a charge that a percentage discount takes from', () => {
    const discounted = (): Rows => {
      const tenant = corrected(false);
      const [charge = {}] = tenant['RatePlanCharge'] ?? [];
      const [product = {}] = tenant['ProductRatePlanCharge'] ?? [];
      const discount = { ChargeModel: 'Discount-Percentage', ProductRatePlanChargeId: 'off' };
      return {
        ...tenant,
        ProductRatePlanCharge: [product, { ...product, Id: 'off' }],
        RatePlanCharge: [charge, { ...charge, Id: 'disc', OriginalId: 'disc', ...discount }],
        DiscountContractualValues: [
          { DiscountRatePlanChargeId: 'disc', RatePlanChargeId: 'rpc1', Amount: '120.00' },
        ],
      };
    };

    test.each(CHARGES)('hold the booking of the discount, by its %s', async (object, id) => {
      const rows = discounted();
      await sync(withChanged(rows, object, id, on(BOOKING)));
      expect(await lines()).toEqual(['adj1 CM-C', 'disc SO held', 'item1 INV', 'item1 SO']);
      expect(await read.holds(entity)).toEqual([
        'SO:orig.1.disc.1@1 orphan-rate-plan-charge: RatePlanCharge disc needs RatePlanCharge rpc1, which is excluded from revenue accounting.',
      ]);
      await sync(row(rows, object, id));
      expect(await lines()).toEqual(['adj1 CM-C', 'disc SO', 'item1 INV', 'rpc1 SO']);
    });
  });
});
