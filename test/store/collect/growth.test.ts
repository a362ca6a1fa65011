import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { rejectHold } from '../../../src/store/holds/reject.ts';
import { bookingsOf, systemCreditsOf } from '../../support/billed-charges.ts';
import { type Billing, type Story, tenantOf } from '../../support/charge-stories.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';
import { withPolicies } from '../../support/template-policies.ts';

type Row = Readonly<Record<string, string | null>>;

const EVERGREEN = { TermType: 'EVERGREEN', SubscriptionEndDate: null };
const invoice = (id: string, amount: string, more: Partial<Billing> = {}): Billing => ({
  id,
  kind: 'invoice',
  amount,
  ...more,
});

describe('what billing makes of a booking', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const collect = async (rows: Rows) => {
    await syncRows(database, rows, { entity: org, org, settlement: true });
    await collectOrg(database, org);
    return bookingsOf(database, org);
  };
  const collectStories = (...stories: Story[]) => collect(tenantOf(stories));

  describe('evergreen: 100 a month from 10 January, billed to the end of each month', () => {
    const evergreen = { id: 'a', versions: [{ booked: '0', ends: null }], subscription: EVERGREEN };
    const months = [
      invoice('jan', '70.97', { date: '2024-01-10', ends: '2024-02-01' }),
      invoice('feb', '100', { date: '2024-02-01', ends: '2024-03-01' }),
      invoice('mar', '100', { date: '2024-02-10', ends: '2024-04-01' }),
    ];

    test('the booking grows with every invoice, and lasts as long as what is billed', async () => {
      const grown = [];
      for (const count of [1, 2, 3]) {
        const [booking] = await collectStories({ ...evergreen, billings: months.slice(0, count) });
        grown.push([booking?.amount, booking?.lifted, booking?.lastsUntil]);
      }
      expect(grown).toEqual([
        ['0', '70.97', '2024-02-01'],
        ['0', '170.97', '2024-03-01'],
        ['0', '270.97', '2024-04-01'],
      ]);
    });

    test('a discount of 10 percent mirrors it', async () => {
      const rows = tenantOf([{ ...evergreen, billings: months }]);
      const [charge = {}] = rows['RatePlanCharge'] ?? [];
      const off = ['-7.10', '-10.00', '-10.00'];
      const [discounted, discount] = await collect({
        ...rows,
        RatePlanCharge: [
          charge,
          { ...charge, Id: 'disc-rpc', OriginalId: 'disc', ChargeModel: 'Discount-Percentage' },
        ],
        DiscountContractualValues: [
          { DiscountRatePlanChargeId: 'disc-rpc', RatePlanChargeId: 'a-rpc1', Amount: '-27.10' },
        ],
        InvoiceItem: [
          ...(rows['InvoiceItem'] ?? []),
          ...(rows['InvoiceItem'] ?? []).map((item, index) => ({
            ...item,
            Id: `${item['Id']}-off`,
            RatePlanChargeId: 'disc-rpc',
            AppliedToInvoiceItemId: item['Id'] ?? null,
            ChargeAmount: off[index] ?? null,
          })),
        ],
      });
      expect(discounted).toMatchObject({ booking: 'a.1', lifted: '270.97', lastsUntil: '2024-04-01' });
      expect(discount).toEqual({
        booking: 'a.1.disc.1',
        amount: '0',
        lifted: '-27.1',
        conceded: '0',
        lastsUntil: '2024-04-01',
      });
    });

    test('a cancelled one ends as the order says, not as its invoices do', async () => {
      const [booking] = await collectStories({
        ...evergreen,
        versions: [...evergreen.versions, { booked: '0', ends: '2024-03-16' }],
        billings: [...months, { id: 'back', kind: 'credit', amount: '50', date: '2024-02-14', version: 2 }],
      });
      expect(booking).toMatchObject({ lifted: '220.97', lastsUntil: null });
    });

    test('under the template that books the contract value, only what is beyond that lifts it', async () => {
      await withPolicies(database, org, 'SO', { evergreen: 'ccv' });
      const [booking] = await collectStories({
        ...evergreen,
        versions: [{ booked: '200', ends: null }],
        billings: months,
      });
      expect(booking).toMatchObject({ amount: '200', lifted: '70.97', lastsUntil: null });
    });
  });

  test('usage is lifted by what is invoiced under whatever version, and says no end', async () => {
    const story = {
      id: 'a',
      charge: { ChargeType: 'Usage' },
      billings: [invoice('u1', '1200'), invoice('u2', '30', { version: 2 })],
    };
    const [booking] = await collectStories({
      ...story,
      versions: [{ booked: '0' }, { booked: '0', ends: '2024-02-01' }],
    });
    expect(booking).toMatchObject({ amount: '0', lifted: '1230', lastsUntil: null });
  });

  test('an overstated invoice lifts the booking, and a credit of it, CM-C too, brings it back', async () => {
    await withPolicies(database, org, 'CM', { billRunCredits: 'CM-C' });
    const story = { id: 'a', versions: [{ booked: '1150' }], billings: [invoice('i1', '1200')] };
    expect(await collectStories(story)).toMatchObject([{ amount: '1150', lifted: '50' }]);
    const credit = { id: 'c1', kind: 'credit', amount: '50', date: '2024-01-20' } as const;
    const corrected = await collectStories({ ...story, billings: [...story.billings, credit] });
    expect(corrected).toMatchObject([{ amount: '1150', lifted: '0', conceded: '0' }]);
  });

  describe('an overstated invoice, and versions after it', () => {
    const booked = (...amounts: string[]) => amounts.map((each) => ({ booked: each }));
    const early = invoice('i1', '1250');
    /** Collects after each story; what the last one leaves. */
    const after = async (...stories: Omit<Story, 'id'>[]) => {
      for (const story of stories) await collectStories({ id: 'a', ...story });
      const [booking] = await bookingsOf(database, org);
      const credits = await systemCreditsOf(database, org);
      return [booking?.amount, booking?.lifted, ...credits.map(({ type, amount }) => `${type} ${amount}`)];
    };

    test('a version that carries the segment over, or raises it, leaves the lift alone', async () => {
      const stories = [booked('1200'), booked('1200', '1200'), booked('1200', '1200', '1210')].map(
        (versions) => ({ versions, billings: [early] }),
      );
      expect(await after(...stories.slice(0, 2))).toEqual(['1200', '50']);
      expect(await after(...stories)).toEqual(['1210', '40']);
    });

    test('versions that carry a lowered segment over leave the system CM-C alone', async () => {
      const since = invoice('i2', '30', { version: 2 });
      const stories = [booked('1200'), booked('1200', '1100'), booked('1200', '1100', '1100')].map(
        (versions) => ({ versions, billings: versions.length > 1 ? [early, since] : [early] }),
      );
      expect(await after(...stories)).toEqual(['1100', '30', 'CM-C -150']);
    });

    test('what a booking was lowered from counts, whether it was collected, passed over or came late', async () => {
      const versions = booked('1200', '1100', '1100');
      const lowered = ['1100', '0', 'CM-C -150'];
      expect(await after({ versions, billings: [early] })).toEqual(lowered);

      org = `${org}-late`;
      const rows = tenantOf([{ id: 'a', versions, billings: [early] }]);
      const first = (row: Row) => row['Id'] === 'a-ccv1';
      const values = rows['ChargeContractualValueAllCharges'] ?? [];
      await collect({
        ...rows,
        ChargeContractualValueAllCharges: values.filter((row) => !first(row)),
      });
      expect(await after()).toEqual(['1100', '150']);
      await collect({ ChargeContractualValueAllCharges: values.filter(first) });
      expect(await after()).toEqual(lowered);
    });

    test('a discount is lowered when it comes nearer to zero', async () => {
      const billings = [invoice('i1', '-1250')];
      expect(await after({ versions: booked('-1200', '-1200'), billings })).toEqual(['-1200', '-50']);
      org = `${org}-lowered`;
      expect(await after({ versions: booked('-1200', '-1100'), billings })).toEqual([
        '-1100',
        '0',
        'CM-C 150',
      ]);
    });

    test('a version that a person rejected has lowered nothing', async () => {
      await collectStories({ id: 'a', versions: booked('1200'), billings: [early] });
      const versions = booked('1200', '-1100');
      await collectStories({ id: 'a', versions, billings: [early] });
      await rejectHold(database.db, {
        org,
        lines: ['SO:a.1@2'],
        reason: 'wrong',
        by: 'ann',
        request: `reject-${org}`,
      });
      expect(await after({ versions: [...versions, { booked: '1200' }], billings: [early] })).toEqual([
        '1200',
        '50',
      ]);
    });
  });

  test('an invoice that is credited and billed again lifts nothing', async () => {
    const [booking] = await collectStories({
      id: 'a',
      versions: [{ booked: '1200' }],
      billings: [
        invoice('i1', '1200'),
        { id: 'c1', kind: 'credit of invoice', amount: '1200', of: 'i1', date: '2024-01-20' },
        invoice('i2', '1200', { date: '2024-01-21' }),
      ],
    });
    expect(booking).toMatchObject({ amount: '1200', lifted: '0', conceded: '0' });
  });

  test('what was billed in another currency than the booking leaves it alone', async () => {
    const story = { id: 'a', versions: [{ booked: '100' }], billings: [invoice('i1', '900')] };
    expect(await collectStories(story)).toMatchObject([{ amount: '100', lifted: '800' }]);
    const rows = tenantOf([{ ...story, versions: [...story.versions, { booked: '100' }] }]);
    const dear = (account: Row) => ({ ...account, Currency: 'EUR', UpdatedDate: '2024-02-01T00:00:00Z' });
    const rate = { Id: 'eur', FromCurrency: 'EUR', ToCurrency: 'USD', Rate: '1.1', RateDate: '2023-01-01' };
    const [booking] = await collect({
      ...rows,
      Account: (rows['Account'] ?? []).map(dear),
      ExchangeRate: [rate],
    });
    expect(booking).toMatchObject({ amount: '100', lifted: '0' });
    expect(await systemCreditsOf(database, org)).toEqual([]);
  });
});
