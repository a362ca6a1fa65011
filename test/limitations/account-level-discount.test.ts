import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { accountLevelDiscount } from '../../src/limitations/account-level-discount.ts';
import { listHolds } from '../../src/store/list-holds.ts';
import { type Story, tenantOf } from '../support/charge-stories.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { foundInBilling, foundInStaging } from '../support/limitation-tenant.ts';
import { type Rows, syncRows } from '../support/sync-rows.ts';

const discount = (id: string, charge: NonNullable<Story['charge']>): Story => ({
  id,
  versions: [{ booked: '-100' }],
  charge: { ChargeModel: 'Discount-Percentage', ...charge },
});

/** With product charges that say what applies where the charge does not. */
const withProducts = (rows: Rows): Rows => ({
  ...rows,
  ProductRatePlanCharge: [
    ...(rows['ProductRatePlanCharge'] ?? []),
    ...['Account', 'Subscription'].map((DiscountLevel) => ({
      ...rows['ProductRatePlanCharge']?.[0],
      Id: `of-${DiscountLevel}`,
      DiscountLevel,
    })),
  ],
});

describe('account-level-discount', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());

  test('stops discounts that apply to the account, by the charge or else by its product', async () => {
    const rows = withProducts(
      tenantOf([
        discount('account', { DiscountLevel: 'account' }),
        discount('catalog', { ProductRatePlanChargeId: 'of-Account' }),
        discount('overridden', { DiscountLevel: 'subscription', ProductRatePlanChargeId: 'of-Account' }),
        discount('plan', { DiscountLevel: 'rateplan' }),
        discount('product', { ProductRatePlanChargeId: 'of-Subscription' }),
        discount('untold', {}),
        discount('fee', { ChargeModel: 'Flat Fee Pricing', DiscountLevel: 'account' }),
      ]),
    );
    await syncRows(database, rows);
    expect(await foundInBilling(database.db, accountLevelDiscount)).toEqual([
      'RatePlanCharge account-rpc1',
      'RatePlanCharge catalog-rpc1',
    ]);
    expect(await foundInStaging(database.db, accountLevelDiscount)).toEqual([
      'SO:account.1@1',
      'SO:catalog.1@1',
    ]);
    expect(await listHolds(database.db, {})).toContainEqual(
      expect.objectContaining({
        line: 'SO:account.1@1',
        message:
          'RatePlanCharge account-rpc1 cannot be booked: its discount "Monthly fee" applies to the whole account, and account-level discounts are not supported.',
      }),
    );
  });

  test('goes on by itself when the product charge is changed', async () => {
    const rows = withProducts(tenantOf([discount('catalog', { ProductRatePlanChargeId: 'of-Account' })]));
    await syncRows(database, rows);
    expect(await foundInStaging(database.db, accountLevelDiscount)).toEqual(['SO:catalog.1@1']);
    const product = rows['ProductRatePlanCharge']?.find((row) => row['Id'] === 'of-Account');
    await syncRows(database, {
      ProductRatePlanCharge: [{ ...product, DiscountLevel: 'RatePlan', UpdatedDate: '2024-03-01T00:00:00Z' }],
    });
    expect(await foundInBilling(database.db, accountLevelDiscount)).toEqual([]);
    expect(await foundInStaging(database.db, accountLevelDiscount)).toEqual([]);
  });
});
