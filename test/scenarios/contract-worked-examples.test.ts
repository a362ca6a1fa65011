import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { ReleasedAs } from '../../schema/database.ts';
import { contentOf } from '../../src/store/lines/content.ts';
import { amendedTenant, billedRows, type SegmentOf, type VersionOf } from '../support/amended-tenant.ts';
import { bookedOf, contractsAfter, contractsOf, newestVersion } from '../support/contract-story.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { collectOrg, type Rows, syncRows } from '../support/sync-rows.ts';
import { withPolicies } from '../support/template-policies.ts';

/** When Billing changed a row after it was collected. */
const later = '2024-02-10T00:00:00Z';

/** The examples with figures that the sources give (domain.md 4). */
describe('a contract whose subscription is amended', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const upTo = (versions: readonly VersionOf[], newest: number) =>
    amendedTenant(versions.filter(({ version }) => version <= newest));
  const after = (...batches: readonly Rows[]) => contractsAfter(database, org, ...batches);

  test('books 10 units at 5 for a year as 600, and with 3 more from April as 150 and 585', async () => {
    const fee = { charge: 'fee', from: '2024-01-01', to: '2025-01-01', amount: '600.00', quantity: '10' };
    const versions: VersionOf[] = [
      { version: 1, segments: [fee] },
      {
        version: 2,
        segments: [
          { ...fee, to: '2024-04-01', amount: '150.00' },
          { ...fee, segment: 2, from: '2024-04-01', amount: '585.00', quantity: '13' },
        ],
      },
    ];
    const { 'S-1|1': before } = await after(upTo(versions, 1));
    expect(before?.bookings).toBe('600.00');
    const { 'S-1|1': contract } = await after(upTo(versions, 2));
    expect(contract).toMatchObject({ bookings: '735.00', obligations: 1 });
    expect(contract && bookedOf(contract)).toEqual({ 'Fee fee': { 'fee.1': '150.00', 'fee.2': '585.00' } });
  });

  describe('through a price rise, a second unit, another product and a renewal', () => {
    const year: SegmentOf = { charge: 'a', from: '2024-01-01', to: '2025-01-01', amount: '1200.00' };
    const half: SegmentOf = { ...year, to: '2024-07-01', amount: '600.00' };
    const dear: SegmentOf = {
      charge: 'a',
      segment: 2,
      from: '2024-07-01',
      to: '2025-01-01',
      amount: '900.00',
    };
    const quarter: SegmentOf = { ...dear, to: '2024-10-01', amount: '450.00' };
    const two: SegmentOf = { ...dear, segment: 3, from: '2024-10-01', amount: '900.00', quantity: '2' };
    const once: SegmentOf = {
      charge: 'b',
      from: '2024-11-01',
      to: '2024-11-02',
      amount: '500.00',
      with: { ChargeType: 'OneTime' },
    };
    const next: SegmentOf = { ...two, segment: 4, from: '2025-01-01', to: '2026-01-01', amount: '3600.00' };
    const versions: VersionOf[] = [
      { version: 1, segments: [year] },
      { version: 2, segments: [half, dear] },
      { version: 3, segments: [half, quarter, two] },
      { version: 4, segments: [half, quarter, two, once] },
      {
        version: 5,
        segments: [half, quarter, two, once, next],
        with: { TermStartDate: '2025-01-01', TermEndDate: '2026-01-01', SubscriptionEndDate: '2026-01-01' },
      },
    ];

    test('has the bookings of every step, one version each, and the renewal in a contract of its own', async () => {
      const contracts = await after(...versions.map(({ version }) => upTo(versions, version)));
      const { 'S-1|1': contract, 'S-1|2': renewed } = contracts;
      expect(
        contract?.versions.map(({ cause, changes }) => [cause, ...changes.map(({ amount }) => amount)]),
      ).toEqual([
        ['New contract', '1200.00'],
        ['Price change', '600.00', '900.00'],
        ['Quantity change', '450.00', '900.00'],
        ['New product', '500.00'],
      ]);
      expect(contract).toMatchObject({ bookings: '2450.00', obligations: 2 });
      expect(contract && bookedOf(contract)).toEqual({
        'Fee a': { 'a.1': '600.00', 'a.2': '450.00', 'a.3': '900.00' },
        'Fee b': { 'b.1': '500.00' },
      });
      expect(renewed).toMatchObject({ version: 1, bookings: '3600.00', obligations: 1 });
      expect(renewed?.versions).toMatchObject([{ cause: 'Renewal' }]);
    });

    test.each([
      ['all together', [[1, 2, 3, 4, 5]]],
      ['the newest version’s', [[5], [4], [3], [2], [1]]],
      ['some late, some together', [[2], [1, 4], [3, 5]]],
    ])('comes to the same contracts whatever prices come first: %s', async (_how, order) => {
      const { ChargeContractualValueAllCharges: prices = [], ...rest } = amendedTenant(versions);
      const arriving = order.map((some) => ({
        ...rest,
        ChargeContractualValueAllCharges: prices.filter(({ Id }) =>
          some.some((version) => Id?.endsWith(`-v${version}`)),
        ),
      }));
      const contracts = await after(...arriving);
      const { 'S-1|1': contract, 'S-1|2': renewed } = contracts;
      expect(contract && bookedOf(contract)).toEqual({
        'Fee a': { 'a.1': '600.00', 'a.2': '450.00', 'a.3': '900.00' },
        'Fee b': { 'b.1': '500.00' },
      });
      expect(renewed && bookedOf(renewed)).toEqual({ 'Fee a': { 'a.4': '3600.00' } });
      expect(Object.keys(contracts)).toHaveLength(2);
    });
  });

  test('of a ramp has a line for each interval and one obligation for the charge', async () => {
    const interval = (segment: number, amount: string): SegmentOf => ({
      charge: 'ramp',
      segment,
      from: `${2023 + segment}-01-01`,
      to: `${2024 + segment}-01-01`,
      amount,
    });
    const { 'S-1|1': contract } = await after({
      ...amendedTenant([
        {
          version: 1,
          segments: [interval(1, '1000.00'), interval(2, '2000.00'), interval(3, '3000.00')],
          with: { RampId: 'ramp', SubscriptionEndDate: '2027-01-01', TermEndDate: '2027-01-01' },
        },
      ]),
      Ramp: [{ Id: 'ramp', Number: 'R-7', Name: 'Ramp' }],
    });
    expect(contract).toMatchObject({ bookings: '6000.00', obligations: 1 });
    expect(contract && newestVersion(contract).changes).toEqual([
      'ramp.1: new-so, new-pob, none -> 1000.00',
      'ramp.2: new-so, new-pob, none -> 2000.00',
      'ramp.3: new-so, new-pob, none -> 3000.00',
    ]);
    const { rows } = await sql<{ ref: string }>`
      select distinct ramp_deal_ref as ref from staging.line where org = ${org} and type = 'SO'`.execute(
      database.db,
    );
    expect(rows).toEqual([{ ref: 'R-7' }]);
  });

  test('has the intervals of a ramp as new lines, too, when its first version comes with a later one', async () => {
    const interval = (segment: number): SegmentOf => ({
      charge: 'ramp',
      segment,
      from: `${2023 + segment}-01-01`,
      to: `${2024 + segment}-01-01`,
      amount: '1000.00',
    });
    const ramp = { RampId: 'ramp' } as const;
    const { 'S-1|1': contract } = await after({
      ...amendedTenant([
        { version: 1, segments: [interval(1), interval(2)], with: ramp },
        { version: 2, segments: [interval(1), interval(2)], with: ramp },
      ]),
      Ramp: [{ Id: 'ramp', Number: 'R-7', Name: 'Ramp' }],
    });
    expect(contract && newestVersion(contract).changes).toEqual([
      'ramp.1: new-so, new-pob, none -> 1000.00',
      'ramp.2: new-so, new-pob, none -> 1000.00',
    ]);
  });

  describe('that is evergreen', () => {
    const evergreen = { TermType: 'EVERGREEN', SubscriptionEndDate: null, TermEndDate: null } as const;
    const endless: SegmentOf = { charge: 'fee', from: '2024-01-01', to: null, amount: '700.00' };
    const versions: VersionOf[] = [{ version: 1, segments: [endless], with: evergreen }];
    const billed = billedRows(
      { charge: 'fee', version: 1 },
      { id: 'jan', amount: '100.00', from: '2024-01-01', to: '2024-02-01' },
    );

    test('is booked at zero and grows with its invoices, each growth a version', async () => {
      await after(amendedTenant(versions));
      const { 'S-1|1': contract } = await after({ ...amendedTenant(versions), ...billed });
      expect(contract?.obligationItems).toMatchObject([
        {
          template: 'As Billed',
          ratableMethod: 'Invoice Ratable',
          releaseEvent: 'Upon Billing',
          soLines: [{ amount: '0.00', lifted: '100.00', invoiceDriven: true, end: '2024-02-01' }],
        },
      ]);
      expect(contract && newestVersion(contract)).toEqual({
        version: 2,
        cause: 'Evergreen billed',
        changes: ['fee.1: growth, evergreen, 0.00 -> 100.00'],
      });
      expect(contract?.bookings).toBe('100.00');
    });

    test('is booked at its estimated contract value, and recognised from its booking, by the policy ccv', async () => {
      await withPolicies(database, org, 'SO', { evergreen: 'ccv' });
      const { 'S-1|1': contract } = await after({ ...amendedTenant(versions), ...billed });
      expect(contract?.obligationItems).toMatchObject([
        {
          template: 'Ratable',
          releaseEvent: 'Upon Booking',
          soLines: [{ amount: '700.00', lifted: '0.00', invoiceDriven: false }],
        },
      ]);
    });
  });

  test('shares an obligation between a charge and the percentage discount on it', async () => {
    const { 'S-1|1': contract } = await after(
      amendedTenant([
        {
          version: 1,
          segments: [
            { charge: 'fee', from: '2024-01-01', to: '2025-01-01', amount: '1200.00' },
            { charge: 'off', from: '2024-01-01', to: '2025-01-01', amount: '120.00', discounts: 'fee.1' },
          ],
        },
      ]),
    );
    expect(contract && bookedOf(contract)).toEqual({
      'Fee fee': { 'fee.1': '1200.00', 'fee.1.off.1': '-120.00' },
    });
  });

  describe('whose version comes again with other figures', () => {
    const fee: SegmentOf = { charge: 'fee', from: '2024-01-01', to: '2025-01-01', amount: '1200.00' };
    const again = amendedTenant([
      { version: 1, segments: [{ ...fee, amount: '1250.00', quantity: '5', with: { UpdatedDate: later } }] },
    ]);
    const AGAIN = 'SO:fee.1@1#2';

    const release = (as: ReleasedAs) =>
      sql`insert into staging.release (entity, org, line, released_as, content, reason, released_by)
        select l.entity, l.org, l.id, ${as}, ${contentOf('l')}, 'agreed with sales', 'ann'
        from staging.line as l where l.entity = ${org} and l.id = ${AGAIN}`.execute(database.db);

    test.each([
      ['correction', 'Correction'],
      ['amendment', 'Amendment'],
    ] as const)('stands at them once a person released them as %s, and says who', async (as, cause) => {
      const { 'S-1|1': before } = await after(amendedTenant([{ version: 1, segments: [fee] }]), again);
      expect(before).toMatchObject({ version: 1, bookings: '1200.00' });
      await release(as);
      await collectOrg(database, org);
      const { 'S-1|1': contract } = await contractsOf(database, org);
      expect(contract).toMatchObject({ version: 2, bookings: '1250.00', obligations: 1 });
      expect(contract && newestVersion(contract)).toEqual({
        version: 2,
        cause,
        changes: [`fee.1: ${as}, quantity, 1200.00 -> 1250.00`],
      });
      expect(contract?.versions[1]).toMatchObject({
        by: 'ann',
        changes: [{ line: AGAIN, was: 'SO:fee.1@1', fields: { 'Ordered Qty': { was: '1', is: '5' } } }],
      });
    });

    test('goes to a contract of its own with all it comes to, and the old contract says where', async () => {
      const other: SegmentOf = { ...fee, charge: 'other', amount: '5.00' };
      const billed = billedRows(
        { charge: 'fee', version: 1 },
        { id: 'jan', amount: '1300.00', from: '2024-01-01', to: '2024-02-01' },
      );
      await after({ ...amendedTenant([{ version: 1, segments: [fee, other] }]), ...billed }, again);
      await release('new-contract');
      await collectOrg(database, org);
      const { 'S-1|1': old, ...others } = await contractsOf(database, org);
      const [made] = Object.values(others);
      expect(old).toMatchObject({ version: 2, bookings: '5.00', billings: '0.00', obligations: 1 });
      expect(made).toMatchObject({ version: 1, bookings: '1300.00', billings: '1300.00', obligations: 1 });
      expect(old && newestVersion(old)).toEqual({
        version: 2,
        cause: `Moved to ${made?.id}`,
        changes: ['fee.1: moved-out, null, 1300.00 -> none'],
      });
      expect(made && newestVersion(made)).toEqual({
        version: 1,
        cause: 'New contract',
        changes: [
          'fee.1: moved-in, quantity, none -> 1350.00',
          'fee.1: growth, overstated-invoice, 100.00 -> 50.00',
        ],
      });
      expect([old?.versions[1]?.by, made?.versions[0]?.by]).toEqual(['ann', 'ann']);
    });

    test('keeps the next version of the subscription when an old one is released after it', async () => {
      const versions: VersionOf[] = [
        { version: 1, segments: [fee] },
        { version: 2, segments: [{ ...fee, to: '2024-07-01', amount: '600.00' }] },
      ];
      await after(upTo(versions, 1), again, { ...amendedTenant(versions), ...again });
      await syncRows(database, amendedTenant(versions.slice(1)), { entity: org, org });
      await release('correction');
      await collectOrg(database, org);
      const { 'S-1|1': contract } = await contractsOf(database, org);
      expect(contract?.obligationItems).toMatchObject([
        { soLines: [{ line: 'SO:fee.1@2', amount: '600.00' }] },
      ]);
    });
  });
});
