import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { overlappingDiscounts as rule } from '../../src/limitations/overlapping-discounts.ts';
import { listFindings } from '../../src/store/list-findings.ts';
import { amendedTenant, type SegmentOf } from '../support/amended-tenant.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { atStake, foundInBilling, foundInStaging } from '../support/limitation-tenant.ts';
import { lineReader } from '../support/line-reader.ts';
import { withChanged } from '../support/sample-tenant.ts';
import { type Rows, syncRows } from '../support/sync-rows.ts';

const YEAR = { from: '2024-01-01', to: '2025-01-01' };
const FIRST = { from: '2024-01-01', to: '2024-07-01' };
const REST = { from: '2024-07-01', to: '2025-01-01' };

const off = (charge: string, change: Partial<SegmentOf> = {}): SegmentOf => ({
  charge,
  ...YEAR,
  amount: '60',
  discounts: 'fee.1',
  ...change,
});

/** A charge of the year with these discounts. */
const tenant = (...discounts: readonly SegmentOf[]): Rows =>
  amendedTenant([{ version: 1, segments: [{ charge: 'fee', ...YEAR, amount: '1200' }, ...discounts] }]);

describe('overlapping-discounts', () => {
  let database: TestDatabase;
  let entity = '';
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (entity = `entity-${(entities += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity, org: entity });

  test('finds a charge with several discounts at a time, once, with all that they take off', async () => {
    await sync(
      tenant(off('loyalty'), off('volume', { ...REST, amount: '-30' }), off('last', { from: '2024-12-01' })),
    );
    expect(await foundInBilling(database.db, rule, entity)).toEqual(['RatePlanCharge fee-1-v1']);
    expect(await atStake(database.db, rule, entity)).toEqual(['-150 USD']);
    expect((await lineReader(database).ids(entity)).filter((id) => id?.startsWith('SO:fee.1.'))).toHaveLength(
      3,
    );
  });

  test('leaves a discount out that does not overlap with the others', async () => {
    await sync(tenant(off('first', FIRST), off('a', REST), off('b', REST)));
    expect(await atStake(database.db, rule, entity)).toEqual(['-120 USD']);
  });

  test('takes discounts for none that touch, take nothing off or discount other charges', async () => {
    const fees = ['one', 'touching', 'segments', 'ended', 'nothing', 'this', 'that', 'excluded'];
    const excluded = { ExcludeItemBookingFromRevenueAccounting: 'true' };
    await sync(
      amendedTenant([
        {
          version: 1,
          segments: [
            ...fees.map((charge) => ({ charge, ...YEAR, amount: '1200' })),
            off('a', { discounts: 'one.1' }),
            off('b', { ...FIRST, discounts: 'touching.1' }),
            off('c', { ...REST, discounts: 'touching.1' }),
            off('d', { ...FIRST, discounts: 'segments.1' }),
            off('d', { ...REST, segment: 2, discounts: 'segments.1' }),
            off('e', { discounts: 'ended.1' }),
            off('f', { from: '2024-03-01', to: '2024-03-01', discounts: 'ended.1' }),
            off('g', { discounts: 'nothing.1' }),
            off('h', { amount: '0', discounts: 'nothing.1' }),
            off('i', { discounts: 'this.1' }),
            off('j', { discounts: 'that.1' }),
            off('k', { discounts: 'excluded.1' }),
            off('l', { discounts: 'excluded.1', with: excluded }),
          ],
        },
      ]),
    );
    expect(await foundInBilling(database.db, rule, entity)).toEqual([]);
  });

  test('compares discounts on the days of what they discount', async () => {
    const ends = { from: '2024-01-01', to: null };
    await sync(
      amendedTenant([
        {
          version: 1,
          segments: [
            { charge: 'fee', ...FIRST, amount: '600' },
            off('a', { ...ends, from: '2024-06-01' }),
            off('b', { ...ends, from: '2024-07-01' }),
          ],
        },
      ]),
    );
    expect(await foundInBilling(database.db, rule, entity)).toEqual([]);
  });

  test('takes the currency of the charge, whatever its discounts say of their account', async () => {
    await sync(tenant(off('loyalty'), off('volume', { with: { AccountId: null } })));
    expect(await foundInBilling(database.db, rule, entity)).toEqual(['RatePlanCharge fee-1-v1']);
    expect(await atStake(database.db, rule, entity)).toEqual(['-120 USD']);
  });

  test('opens a finding on the charge, and resolves it when one begins where the other ends', async () => {
    const rows = tenant(off('loyalty'), off('volume', REST));
    const { db } = database;
    await sync(rows);
    expect(await foundInStaging(db, rule, entity)).toEqual(['fee-1-v1']);
    expect(await listFindings(db, { entity, finding: rule.id })).toMatchObject([
      {
        object: 'RatePlanCharge',
        source: 'fee-1-v1',
        amount: '-120.00',
        currency: 'USD',
        message:
          'RatePlanCharge fee-1-v1 has more than one discount at a time: "Fee loyalty" and "Fee volume". What they book and what they bill may differ.',
        remedy: rule.finding?.remedy,
        resolved: null,
      },
    ]);
    const ended = { EffectiveEndDate: '2024-07-01', UpdatedDate: '2024-03-01T00:00:00Z' };
    await sync(withChanged(rows, 'RatePlanCharge', 'loyalty-1-v1', ended));
    expect(await listFindings(db, { entity, finding: rule.id, open: true })).toEqual([]);
    expect(await listFindings(db, { entity, finding: rule.id })).toHaveLength(1);
  });
});
