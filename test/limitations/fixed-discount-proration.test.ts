import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { fixedDiscountProration as rule } from '../../src/limitations/fixed-discount-proration.ts';
import { listFindings } from '../../src/store/list-findings.ts';
import { type Story, tenantOf } from '../support/charge-stories.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { atStake, foundInBilling, foundInStaging } from '../support/limitation-tenant.ts';
import { withChanged } from '../support/sample-tenant.ts';
import { type Rows, syncRows } from '../support/sync-rows.ts';

const FIXED = { ChargeModel: 'Discount-Fixed Amount', Quantity: null, BillingPeriod: 'Month' };

interface Billed {
  readonly amount: string;
  /** First day after the service period, which begins on 1 January. */
  readonly ends: string;
}

/** A discount of 15 a billing period with one item. */
const off = (id: string, { amount, ends }: Billed, charge = {}): Story => ({
  id,
  versions: [{ booked: '-15' }],
  billings: [{ id: `${id}-item`, kind: 'invoice', amount, ends }],
  charge: { ...FIXED, ...charge },
});

const HALF = { amount: '-7.50', ends: '2024-01-16' };

/** The tenant in which these discounts are 15 by their tiers. */
const tenant = (stories: readonly Story[]): Rows => ({
  ...tenantOf(stories),
  RatePlanChargeTier: stories.map(({ id }) => ({
    Id: `${id}-tier`,
    RatePlanChargeId: `${id}-rpc1`,
    Tier: '1',
    DiscountAmount: '15.00',
    UpdatedDate: '2024-01-05T10:00:00Z',
  })),
});

describe('fixed-discount-proration', () => {
  let database: TestDatabase;
  let entity = '';
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (entity = `entity-${(entities += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity, org: entity });

  test('finds part periods that bill another amount, with what they bill too little', async () => {
    await sync(
      tenant([
        off('half', HALF),
        off('back', { amount: '5.00', ends: '2024-01-11' }),
        off('quarter', { amount: '-5.00', ends: '2024-02-01' }, { BillingPeriod: 'Quarter' }),
        off(
          'odd',
          { amount: '-5.00', ends: '2024-02-01' },
          { BillingPeriod: 'Specific Months', SpecificBillingPeriod: '2' },
        ),
        off('term', { amount: '-5.00', ends: '2024-02-01' }, { BillingPeriod: 'Subscription Term' }),
      ]),
    );
    expect(await foundInBilling(database.db, rule, entity)).toEqual([
      'InvoiceItem back-item',
      'InvoiceItem half-item',
      'InvoiceItem odd-item',
      'InvoiceItem quarter-item',
      'InvoiceItem term-item',
    ]);
    // -7.50 and three times -10 were booked and not billed, -5 was given back.
    expect(await atStake(database.db, rule, entity)).toEqual(['-42.5 USD']);
  });

  test('takes whole periods, and what is no discount that was booked, for none', async () => {
    const whole = '2024-02-01';
    await sync(
      tenant([
        off('whole', { amount: '-15.00', ends: whole }),
        off('less for another reason', { amount: '-7.50', ends: whole }),
        off('part billed whole', { amount: '-15.00', ends: HALF.ends }),
        off('percentage', HALF, { ChargeModel: 'Discount-Percentage' }),
        off('no discount', HALF, { ChargeModel: 'Flat Fee Pricing' }),
        off('billed once', HALF, { ChargeType: 'OneTime', BillingPeriod: null }),
        off('not booked', HALF, { ExcludeItemBookingFromRevenueAccounting: 'true' }),
        off('not accounted for', HALF, { ExcludeItemBillingFromRevenueAccounting: 'true' }),
      ]),
    );
    expect(await foundInBilling(database.db, rule, entity)).toEqual([]);
  });

  test('takes a month for whole on whichever day it starts', async () => {
    const months = [
      { starts: '2024-01-31', ends: '2024-02-29' },
      { starts: '2024-02-29', ends: '2024-03-31' },
      { starts: '2024-03-31', ends: '2024-04-30' },
    ];
    const rows = tenant(months.map(({ starts, ends }) => off(starts, { amount: '-7.50', ends })));
    await sync(
      months.reduce(
        (all: Rows, { starts }) =>
          withChanged(all, 'InvoiceItem', `${starts}-item`, { ServiceStartDate: starts }),
        rows,
      ),
    );
    expect(await foundInBilling(database.db, rule, entity)).toEqual([]);
  });

  test('finds what a bill run credited by memo as well, with the sign that lines have', async () => {
    const credited = (id: string, amount: string, ends = HALF.ends): Story => ({
      ...off(id, HALF),
      billings: [{ id: `${id}-item`, kind: 'credit', amount, ends }],
    });
    const byHand = credited('by hand', '7.50');
    const stories = [
      credited('half', '7.50'),
      credited('back', '-5.00'),
      credited('whole', '15.00', '2024-02-01'),
      credited('draft', '7.50'),
      {
        ...byHand,
        billings: (byHand.billings ?? []).map((each) => ({ ...each, kind: 'credit of invoice' as const })),
      },
    ];
    const rows = withChanged(tenant(stories), 'CreditMemo', 'of-draft-item', { Status: 'Draft' });
    await sync(rows);
    expect(await foundInBilling(database.db, rule, entity)).toEqual([
      'CreditMemoItem back-item',
      'CreditMemoItem half-item',
    ]);
    // -7.50 was booked and not billed, -5 was given back.
    expect(await atStake(database.db, rule, entity)).toEqual(['-12.5 USD']);
    await syncRows(database, rows, { entity: 'unsettled', org: 'unsettled', settlement: false });
    expect(await foundInBilling(database.db, rule, 'unsettled')).toEqual([]);
  });

  test('opens a finding with the difference, and resolves it when the item bills the whole amount', async () => {
    const rows = tenant([off('half', HALF)]);
    await sync(rows);
    const { db } = database;
    expect(await foundInStaging(db, rule, entity)).toEqual(['half-item']);
    expect(await listFindings(db, { entity, finding: rule.id })).toMatchObject([
      {
        object: 'InvoiceItem',
        source: 'half-item',
        amount: '-7.50',
        currency: 'USD',
        message:
          'InvoiceItem half-item bills a fixed-amount discount for a part of a billing period: billed -7.5 from 2024-01-01 to 2024-01-16, booked -15.',
        remedy: rule.finding?.remedy,
        resolved: null,
      },
    ]);
    await sync(
      withChanged(rows, 'InvoiceItem', 'half-item', {
        ChargeAmount: '-15.00',
        UpdatedDate: '2024-03-01T00:00:00Z',
      }),
    );
    expect(await listFindings(db, { entity, finding: rule.id, open: true })).toEqual([]);
    expect(await foundInStaging(db, rule, entity)).toEqual([]);
  });

  test('looks again when a tier comes late', async () => {
    const { RatePlanChargeTier: tiers = [], ...rest } = tenant([off('half', HALF)]);
    await sync(rest);
    expect(await foundInStaging(database.db, rule, entity)).toEqual([]);
    await sync({ RatePlanChargeTier: tiers });
    expect(await foundInStaging(database.db, rule, entity)).toEqual(['half-item']);
  });
});
