import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { discountDatesFollowRecurring as rule } from '../../src/limitations/discount-dates-follow-recurring.ts';
import { showLine } from '../../src/store/show-line.ts';
import { amendedTenant, type SegmentOf } from '../support/amended-tenant.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { atStake, foundInBilling, foundInStaging } from '../support/limitation-tenant.ts';
import { withChanged } from '../support/sample-tenant.ts';
import { type Rows, syncRows } from '../support/sync-rows.ts';

const YEAR = { from: '2024-01-01', to: '2025-01-01' };
const HALF = { from: '2024-01-01', to: '2024-07-01' };

const fee = (charge: string, span: Pick<SegmentOf, 'from' | 'to'> = YEAR): SegmentOf => ({
  charge,
  ...span,
  amount: '1200',
});

const tenant = (...segments: readonly SegmentOf[]): Rows => amendedTenant([{ version: 1, segments }]);

/** A discount of 60 on a charge of the year. */
const discounted = (discount: Partial<SegmentOf>): Rows =>
  tenant(fee('fee'), { charge: 'off', ...YEAR, amount: '60', discounts: 'fee.1', ...discount });

describe('discount-dates-follow-recurring', () => {
  let database: TestDatabase;
  let entity = '';
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (entity = `entity-${(entities += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity, org: entity });

  test('gives a discount the dates of what it discounts, and says so', async () => {
    await sync(discounted(HALF));
    expect(await foundInBilling(database.db, rule, entity)).toEqual(['RatePlanCharge off-1-v1']);
    expect(await atStake(database.db, rule, entity)).toEqual(['-60 USD']);
    expect(await foundInStaging(database.db, rule, entity)).toEqual(['SO:fee.1.off.1@1']);
    const { fields, lineage } = await showLine(database.db, { entity, id: 'SO:fee.1.off.1@1' });
    expect(fields).toMatchObject({ 'Revenue Start Date': '2024-01-01', 'Revenue End Date': '2025-01-01' });
    for (const label of ['Revenue Start Date', 'Revenue End Date']) {
      expect(lineage.fields[label]?.derived).toMatch(/\(limitation discount-dates-follow-recurring\)/);
    }
  });

  test('finds a discount once, with what it takes off where its dates are not followed', async () => {
    const { DiscountContractualValues: pairs = [], ...rows } = tenant(
      fee('same', HALF),
      fee('longer'),
      fee('later', { from: '2024-03-01', to: '2025-01-01' }),
      { charge: 'off', ...HALF, amount: '60', discounts: 'same.1' },
    );
    const on = (charge: string) => ({ ...pairs[0], RatePlanChargeId: `${charge}-1-v1` });
    await sync({ ...rows, DiscountContractualValues: ['same', 'longer', 'later'].map(on) });
    expect(await foundInBilling(database.db, rule, entity)).toEqual(['RatePlanCharge off-1-v1']);
    expect(await atStake(database.db, rule, entity)).toEqual(['-120 USD']);
    expect(await foundInStaging(database.db, rule, entity)).toEqual([
      'SO:later.1.off.1@1',
      'SO:longer.1.off.1@1',
    ]);
  });

  test.each([
    ['a discount with the same dates', discounted({})],
    [
      'a discount without an end on a charge without one',
      tenant(fee('fee', { ...YEAR, to: null }), {
        charge: 'off',
        ...YEAR,
        to: null,
        amount: '60',
        discounts: 'fee.1',
      }),
    ],
    ['a discount of a fixed amount', discounted({ ...HALF, with: { ChargeModel: 'Discount-Fixed Amount' } })],
    [
      'a discount on nothing',
      tenant(fee('fee'), { charge: 'off', ...HALF, amount: '60', discounts: 'none.1' }),
    ],
    ['what is excluded', discounted({ ...HALF, with: { ExcludeItemBookingFromRevenueAccounting: 'true' } })],
  ])('takes %s for none', async (_what, rows) => {
    await sync(rows);
    expect(await foundInBilling(database.db, rule, entity)).toEqual([]);
    expect(await foundInStaging(database.db, rule, entity)).toEqual([]);
  });

  test('is over when the discount gets the dates of what it discounts', async () => {
    const rows = discounted(HALF);
    await sync(rows);
    const dated = { EffectiveEndDate: '2025-01-01', UpdatedDate: '2024-03-01T00:00:00Z' };
    await sync(withChanged(rows, 'RatePlanCharge', 'off-1-v1', dated));
    expect(await foundInBilling(database.db, rule, entity)).toEqual([]);
  });
});
