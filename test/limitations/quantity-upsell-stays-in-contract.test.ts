import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { quantityUpsellStaysInContract as rule } from '../../src/limitations/quantity-upsell-stays-in-contract.ts';
import { listContracts } from '../../src/store/contracts.ts';
import { showContract } from '../../src/store/contracts/show-contract.ts';
import { showLine } from '../../src/store/show-line.ts';
import { amendedTenant, type SegmentOf } from '../support/amended-tenant.ts';
import { contractAmounts } from '../support/contract-amounts.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { atStake, foundInBilling, foundInStaging } from '../support/limitation-tenant.ts';
import { withChanged } from '../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../support/sync-rows.ts';

const YEAR = { from: '2024-01-01', to: '2025-01-01' };
const FIRST = { from: '2024-01-01', to: '2024-07-01' };
const REST = { segment: 2, from: '2024-07-01', to: '2025-01-01' };

/** Ten seats at 10 a month. */
const sold = amendedTenant([
  { version: 1, segments: [{ charge: 'seats', ...YEAR, amount: '1200', quantity: '10' }] },
]);

/** The same, and from July on what `rest` says. */
const seats = (rest: Partial<SegmentOf>, charge = 'seats') =>
  amendedTenant([
    { version: 1, segments: [{ charge, ...YEAR, amount: '1200', quantity: '10' }] },
    {
      version: 2,
      segments: [
        { charge, ...FIRST, amount: '600', quantity: '10' },
        { charge, ...REST, amount: '900', quantity: '10', ...rest },
      ],
    },
  ]);

describe('quantity-upsell-stays-in-contract', () => {
  let database: TestDatabase;
  let entity = '';
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (entity = `entity-${(entities += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity, org: entity });

  test('keeps more units in the contract and in the obligation, as another line', async () => {
    await sync(sold);
    await collectOrg(database, entity);
    await sync(seats({ quantity: '15' }));
    await collectOrg(database, entity);
    expect(await foundInBilling(database.db, rule, entity)).toEqual(['RatePlanCharge seats-2-v2']);
    expect(await atStake(database.db, rule, entity)).toEqual(['300 USD']);
    expect(await foundInStaging(database.db, rule, entity)).toEqual(['SO:seats.2@2']);
    expect(await contractAmounts(database, entity)).toMatchObject([
      { key: 'S-1|1', bookings: '1500.00', obligations: 1 },
    ]);
    const [contract] = await listContracts(database.db, { org: entity });
    const { versions } = await showContract(database.db, { id: contract?.id ?? '', org: entity });
    expect(versions.map(({ cause }) => cause)).toEqual(['New contract', 'Quantity change']);
  });

  test.each([
    ['USD', '1000', '16', '375 USD'],
    ['USD', '1000', '15', '333.33 USD'],
    ['USD', '-200', '15', '-66.67 USD'],
    ['JPY', '1000', '15', '333 JPY'],
    ['BHD', '1000', '15', '333.333 BHD'],
  ])(
    'what is at stake is the increment, in %s: of %s for %s units %s',
    async (currency, amount, quantity, stake) => {
      const rows = seats({ amount, quantity });
      await sync({
        ...rows,
        Account: (rows['Account'] ?? []).map((row) => ({ ...row, Currency: currency })),
      });
      expect(await atStake(database.db, rule, entity)).toEqual([stake]);
    },
  );

  test('says so in the lineage of the line', async () => {
    await sync(seats({ quantity: '15' }));
    const { fields, lineage } = await showLine(database.db, { entity, id: 'SO:seats.2@2' });
    expect(fields['Term Number']).toBe('1');
    expect(lineage.fields['Term Number']?.derived).toMatch(
      /\(limitation quantity-upsell-stays-in-contract\)/,
    );
  });

  test.each([
    ['a change of price', { amount: '1200' }],
    ['a decrease', { quantity: '5' }],
    ['usage', { quantity: '15', with: { ChargeType: 'Usage' } }],
    ['a discount', { quantity: '15', with: { ChargeModel: 'Discount-Fixed Amount' } }],
    ['what is excluded', { quantity: '15', with: { ExcludeItemBookingFromRevenueAccounting: 'true' } }],
  ])('takes %s for none', async (_what, rest) => {
    await sync(seats(rest));
    expect(await foundInBilling(database.db, rule, entity)).toEqual([]);
  });

  test('takes a charge for none that starts with more units, or that another charge has fewer of', async () => {
    await sync(
      amendedTenant([
        {
          version: 1,
          segments: [
            { charge: 'few', ...YEAR, amount: '10', quantity: '1' },
            { charge: 'many', ...YEAR, amount: '100', quantity: '10' },
            { charge: 'ramp', segment: 2, ...YEAR, amount: '100', quantity: '10' },
          ],
        },
      ]),
    );
    expect(await foundInBilling(database.db, rule, entity)).toEqual([]);
  });

  test('tells a renewal with more units from an upsell within the renewed term', async () => {
    const term = {
      TermStartDate: '2025-01-01',
      TermEndDate: '2026-01-01',
      SubscriptionEndDate: '2026-01-01',
    };
    const first = { charge: 'seats', ...YEAR, amount: '1200', quantity: '10' };
    const renewed = { charge: 'seats', segment: 2, from: '2025-01-01', to: '2026-01-01', quantity: '15' };
    const versions = [
      { version: 1, segments: [first] },
      { version: 2, with: term, segments: [first, { ...renewed, amount: '1800' }] },
    ];
    await sync(amendedTenant(versions));
    expect(await foundInBilling(database.db, rule, entity)).toEqual([]);

    const cut = { ...renewed, to: '2025-07-01', amount: '900' };
    const upsold = { ...renewed, segment: 3, from: '2025-07-01', quantity: '20', amount: '1200' };
    await sync(amendedTenant([...versions, { version: 3, with: term, segments: [first, cut, upsold] }]));
    expect(await foundInBilling(database.db, rule, entity)).toEqual(['RatePlanCharge seats-3-v3']);
  });

  test('looks at the newest version alone', async () => {
    await sync(seats({ quantity: '15' }));
    await sync(
      amendedTenant([
        { version: 3, segments: [{ charge: 'seats', ...FIRST, amount: '600', quantity: '10' }] },
      ]),
    );
    expect(await foundInBilling(database.db, rule, entity)).toEqual([]);
  });

  test('leaves a segment out that was deleted', async () => {
    const rows = seats({ quantity: '15' });
    await sync(rows);
    const gone = { Deleted: 'true', UpdatedDate: '2024-03-01T00:00:00Z' };
    await sync(withChanged(rows, 'RatePlanCharge', 'seats-2-v2', gone));
    expect(await foundInBilling(database.db, rule, entity)).toEqual([]);
  });
});
