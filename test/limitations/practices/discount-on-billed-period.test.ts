import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { discountOnBilledPeriod } from '../../../src/limitations/practices/discount-on-billed-period.ts';
import { listFindings } from '../../../src/store/list-findings.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { atStake, foundInBilling } from '../../support/limitation-tenant.ts';
import { sampleTenant } from '../../support/sample-tenant.ts';
import { type Rows, syncRows } from '../../support/sync-rows.ts';

type Row = Readonly<Record<string, string | null>>;

const SOLD = '2024-01-03T08:00:00Z';
const BILLED = '2024-01-10T08:00:00Z';
const ADDED = '2024-02-05T08:00:00Z';
const FOUND = ['RatePlanCharge disc1'];

interface Discount {
  /** Of the discount charge; it starts in the middle of the second billed month. */
  readonly charge?: Row;
  readonly item?: Row;
  readonly invoice?: Row;
  /** False: Billing does not tell what it discounts. */
  readonly pair?: boolean;
}

/** The sample, billed on 10 January to the end of February, with a discount that was added in February. */
function tenant({ charge = {}, item = {}, invoice = {}, pair = true }: Discount = {}): Rows {
  const rows = sampleTenant();
  const [sold = {}] = rows['RatePlanCharge'] ?? [];
  return {
    ...rows,
    RatePlanCharge: [
      { ...sold, CreatedDate: SOLD },
      {
        ...sold,
        Id: 'disc1',
        OriginalId: 'disc',
        Name: 'Loyalty',
        ChargeModel: 'Discount-Percentage',
        EffectiveStartDate: '2024-02-15',
        CreatedDate: ADDED,
        ...charge,
      },
    ],
    ChargeContractualValueAllCharges: [
      ...(rows['ChargeContractualValueAllCharges'] ?? []),
      { Id: 'ccv2', RatePlanChargeId: 'disc1', Amount: '-105.00', UpdatedDate: SOLD },
    ],
    DiscountContractualValues: pair
      ? [
          {
            Id: 'dcv',
            DiscountRatePlanChargeId: 'disc1',
            RatePlanChargeId: 'rpc1',
            Amount: '-105.00',
            UpdatedDate: SOLD,
          },
        ]
      : [],
    Invoice: (rows['Invoice'] ?? []).map((row) => ({ ...row, CreatedDate: BILLED, ...invoice })),
    InvoiceItem: (rows['InvoiceItem'] ?? []).map((row) => ({ ...row, CreatedDate: BILLED, ...item })),
  };
}

describe('discount-on-billed-period', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());

  const found = () => foundInBilling(database.db, discountOnBilledPeriod);
  const findings = async () =>
    (await listFindings(database.db, { open: true })).filter(
      ({ finding }) => finding === discountOnBilledPeriod.id,
    );

  test('finds a discount that was added after what it discounts was billed, until it starts later', async () => {
    await syncRows(database, tenant());
    expect(await found()).toEqual(FOUND);
    expect(await findings()).toMatchObject([
      {
        source: 'disc1',
        amount: '-105.00',
        currency: 'USD',
        message:
          'RatePlanCharge disc1 discounts what was billed before it came to be: "Loyalty" starts on 2024-02-15, and billing had got to 2024-03-01.',
      },
    ]);
    const { RatePlanCharge } = tenant({
      charge: { EffectiveStartDate: '2024-03-01', UpdatedDate: '2024-02-06T00:00:00Z' },
    });
    await syncRows(database, { RatePlanCharge: RatePlanCharge ?? [] });
    expect(await found()).toEqual([]);
    expect(await findings()).toEqual([]);
  });

  test.each<[string, Discount]>([
    ['starts where billing has got to', { charge: { EffectiveStartDate: '2024-03-01' } }],
    ['was there when the period was billed', { charge: { CreatedDate: SOLD } }],
    ['was billed in the same instant', { charge: { CreatedDate: BILLED } }],
    ['discounts what is drafted', { invoice: { Status: 'Draft' } }],
    ['discounts what Billing deleted', { item: { Deleted: 'true' } }],
    ['is none', { charge: { ChargeModel: 'Flat Fee Pricing' }, pair: false }],
    ['of a percentage discounts nothing that Billing tells', { pair: false }],
    ['came at a time that Billing does not tell', { charge: { CreatedDate: null } }],
  ])('passes over one that %s', async (_what, discount) => {
    await syncRows(database, tenant(discount));
    expect(await found()).toEqual([]);
  });

  test.each<[string, Row, readonly string[]]>([
    ['of its rate plan', { DiscountLevel: 'rateplan' }, FOUND],
    ['of its subscription', { DiscountLevel: 'subscription', RatePlanId: 'other' }, FOUND],
    ['of another rate plan', { DiscountLevel: 'rateplan', RatePlanId: 'other' }, []],
  ])('takes a fixed amount without pairs for one on the charges %s', async (_what, level, wanted) => {
    const charge = { ChargeModel: 'Discount-Fixed Amount', ...level };
    await syncRows(database, tenant({ charge, pair: false }));
    expect(await found()).toEqual(wanted);
    expect(await atStake(database.db, discountOnBilledPeriod)).toEqual(wanted.map(() => '-105 USD'));
  });

  test('knows the discount by its first version, and what was billed by an earlier one', async () => {
    const rows = tenant({ charge: { CreatedDate: SOLD } });
    const next = (row: Row): Row => ({
      ...row,
      Id: `${row['Id'] ?? ''}-2`,
      SubscriptionId: 'sub2',
      CreatedDate: ADDED,
    });
    const charges = rows['RatePlanCharge'] ?? [];
    const second: Rows = {
      Subscription: (rows['Subscription'] ?? []).map((row) => ({
        ...row,
        Id: 'sub2',
        Version: '2',
        PreviousSubscriptionId: 'sub1',
      })),
      RatePlanCharge: charges.map(next),
      DiscountContractualValues: [
        {
          Id: 'dcv-2',
          DiscountRatePlanChargeId: 'disc1-2',
          RatePlanChargeId: 'rpc1-2',
          Amount: '-105.00',
          UpdatedDate: SOLD,
        },
      ],
    };
    await syncRows(database, rows);
    await syncRows(database, second);
    expect(await found()).toEqual([]);
    const late = charges.map((row) =>
      row['Id'] === 'disc1' ? { ...row, CreatedDate: ADDED, UpdatedDate: '2024-02-06T00:00:00Z' } : row,
    );
    await syncRows(database, { RatePlanCharge: late });
    expect(await found()).toEqual(['RatePlanCharge disc1-2']);
  });
});
