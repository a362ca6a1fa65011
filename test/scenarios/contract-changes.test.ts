import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { amendedTenant, type SegmentOf, type VersionOf } from '../support/amended-tenant.ts';
import { bookedOf, contractsAfter, newestVersion } from '../support/contract-story.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

const YEAR = { from: '2024-01-01', to: '2025-01-01' } as const;
const SECOND_HALF = { from: '2024-07-01', to: '2025-01-01' } as const;
const FIRST_HALF = { from: '2024-01-01', to: '2024-07-01' } as const;

/** 1200 for the year, as the subscription starts. */
const FEE: SegmentOf = { charge: 'fee', ...YEAR, amount: '1200.00' };
const FIRST: VersionOf = { version: 1, segments: [FEE] };
/** Its first half, after something happened in July. */
const CUT: SegmentOf = { ...FEE, ...FIRST_HALF, amount: '600.00' };
const TERM = { SubscriptionEndDate: '2025-01-01' } as const;

/** The table order action -> SO action (domain.md 4.3), one test a row. */
describe('what Billing does to a subscription', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  /** Every version is synced and collected before the next one is made. */
  const after = (...versions: readonly VersionOf[]) =>
    contractsAfter(database, org, ...versions.map((_, index) => amendedTenant(versions.slice(0, index + 1))));
  /** The contract of the first term. */
  const contractAfter = async (...versions: readonly VersionOf[]) => {
    const { 'S-1|1': contract, ...others } = await after(...versions);
    expect(Object.keys(others)).toEqual([]);
    if (contract === undefined) throw new Error('there is no contract');
    return contract;
  };

  test('a new subscription makes a contract with a new SO line for each of its charges', async () => {
    const setup: SegmentOf = {
      charge: 'setup',
      from: '2024-01-01',
      to: '2024-01-02',
      amount: '50.00',
      with: { ChargeType: 'OneTime' },
    };
    const contract = await contractAfter({ version: 1, segments: [FEE, setup] });
    expect(newestVersion(contract)).toEqual({
      version: 1,
      cause: 'New contract',
      changes: ['fee.1: new-so, new-pob, none -> 1200.00', 'setup.1: new-so, new-pob, none -> 50.00'],
    });
    expect(contract).toMatchObject({ bookings: '1250.00', obligations: 2 });
  });

  test('a product that is added is a new SO line and a new obligation of the same contract', async () => {
    const added: SegmentOf = { charge: 'more', ...SECOND_HALF, amount: '300.00' };
    const contract = await contractAfter(FIRST, { version: 2, segments: [FEE, added] });
    expect(newestVersion(contract)).toEqual({
      version: 2,
      cause: 'New product',
      changes: ['more.1: new-so, new-pob, none -> 300.00'],
    });
    expect(contract).toMatchObject({ bookings: '1500.00', obligations: 2 });
  });

  test('a product that is added in several segments is new in each of them', async () => {
    const half: SegmentOf = { charge: 'more', ...FIRST_HALF, amount: '1.00' };
    const rest: SegmentOf = { charge: 'more', segment: 2, ...SECOND_HALF, amount: '2.00' };
    const contract = await contractAfter(FIRST, { version: 2, segments: [FEE, half, rest] });
    expect(newestVersion(contract)).toMatchObject({
      cause: 'New product',
      changes: ['more.1: new-so, new-pob, none -> 1.00', 'more.2: new-so, new-pob, none -> 2.00'],
    });
    expect(contract.obligations).toBe(2);
  });

  test('a price change ends the segment early, which is recast, and books the rest as a new SO line', async () => {
    const rest: SegmentOf = { charge: 'fee', segment: 2, ...SECOND_HALF, amount: '900.00' };
    const contract = await contractAfter(FIRST, { version: 2, segments: [CUT, rest] });
    expect(newestVersion(contract)).toEqual({
      version: 2,
      cause: 'Price change',
      changes: ['fee.1: update-so, price, 1200.00 -> 600.00', 'fee.2: new-so, price, none -> 900.00'],
    });
    const { changes } = contract.versions[1] ?? {};
    expect(changes?.map(({ orderAction, skipCtMod }) => [orderAction, skipCtMod])).toEqual([
      ['Update product', true],
      ['Update product', false],
    ]);
    expect(changes?.[0]).toMatchObject({
      line: 'SO:fee.1@2',
      was: 'SO:fee.1@1',
      currency: 'USD',
      fields: {
        'Ext Sell Price': { was: '1200', is: '600' },
        'Revenue End Date': { was: '2025-01-01', is: '2024-07-01' },
        Duration: { was: '12', is: '6' },
        'Skip CT Mod': { was: 'No', is: 'Yes' },
      },
    });
  });

  test('a quantity change does the same; more units are no new contract and no new obligation', async () => {
    const rest: SegmentOf = { charge: 'fee', segment: 2, ...SECOND_HALF, amount: '1800.00', quantity: '3' };
    const contract = await contractAfter(FIRST, { version: 2, segments: [CUT, rest] });
    expect(newestVersion(contract)).toEqual({
      version: 2,
      cause: 'Quantity change',
      changes: ['fee.1: update-so, quantity, 1200.00 -> 600.00', 'fee.2: new-so, quantity, none -> 1800.00'],
    });
    expect(bookedOf(contract)).toEqual({ 'Fee fee': { 'fee.1': '600.00', 'fee.2': '1800.00' } });
  });

  test('a change on the first day of a segment cancels its line, which is no recast', async () => {
    const away: SegmentOf = { ...FEE, to: FEE.from, amount: '0.00' };
    const rest: SegmentOf = { charge: 'fee', segment: 2, ...YEAR, amount: '1800.00' };
    const contract = await contractAfter(FIRST, { version: 2, segments: [away, rest] });
    expect(newestVersion(contract)).toEqual({
      version: 2,
      cause: 'Price change',
      changes: ['fee.1: update-so, price, 1200.00 -> 0.00', 'fee.2: new-so, price, none -> 1800.00'],
    });
    expect(contract.versions[1]?.changes.map(({ skipCtMod }) => skipCtMod)).toEqual([false, false]);
  });

  test('a change that leaves the segment its dates updates its line', async () => {
    const contract = await contractAfter(FIRST, {
      version: 2,
      segments: [{ ...FEE, quantity: '2', amount: '2400.00' }],
    });
    expect(newestVersion(contract)).toEqual({
      version: 2,
      cause: 'Quantity change',
      changes: ['fee.1: update-so, quantity, 1200.00 -> 2400.00'],
    });
  });

  test('a renewal books a new segment in a contract of its own and leaves the old one as it is', async () => {
    const next: SegmentOf = {
      charge: 'fee',
      segment: 2,
      from: '2025-01-01',
      to: '2026-01-01',
      amount: '1300.00',
    };
    const contracts = await after(FIRST, {
      version: 2,
      segments: [FEE, next],
      with: { TermStartDate: '2025-01-01', TermEndDate: '2026-01-01', SubscriptionEndDate: '2026-01-01' },
    });
    expect(Object.keys(contracts)).toEqual(expect.arrayContaining(['S-1|1', 'S-1|2']));
    expect(contracts['S-1|1']).toMatchObject({ version: 1, bookings: '1200.00' });
    expect(contracts['S-1|2'] && newestVersion(contracts['S-1|2'])).toEqual({
      version: 1,
      cause: 'Renewal',
      changes: ['fee.2: new-so, new-pob, none -> 1300.00'],
    });
  });

  test('a product that is removed ends its line early: a contraction', async () => {
    const contract = await contractAfter(FIRST, { version: 2, segments: [CUT] });
    expect(newestVersion(contract)).toEqual({
      version: 2,
      cause: 'Contraction',
      changes: ['fee.1: update-so, contraction, 1200.00 -> 600.00'],
    });
    expect(contract.versions[1]?.changes[0]).toMatchObject({
      orderAction: 'Remove product',
      skipCtMod: false,
    });
  });

  test('a cancellation of the subscription is a contraction of every line, though its term ends with them', async () => {
    const contract = await contractAfter(FIRST, {
      version: 2,
      segments: [CUT],
      with: { Status: 'Cancelled', SubscriptionEndDate: '2024-07-01', TermEndDate: '2024-07-01' },
    });
    expect(newestVersion(contract)).toMatchObject({
      cause: 'Cancellation',
      changes: ['fee.1: update-so, contraction, 1200.00 -> 600.00'],
    });
  });

  test('an evergreen line that gets an end is contracted', async () => {
    const evergreen = { TermType: 'EVERGREEN', SubscriptionEndDate: null, TermEndDate: null } as const;
    const endless: SegmentOf = { ...FEE, to: null };
    const contract = await contractAfter(
      { version: 1, segments: [endless], with: evergreen },
      {
        version: 2,
        segments: [{ ...endless, to: '2024-07-01' }],
        with: { ...evergreen, Status: 'Cancelled' },
      },
    );
    expect(newestVersion(contract).changes).toEqual(['fee.1: update-so, contraction, 0.00 -> 0.00']);
  });

  test('new terms and conditions that move the end of the subscription move the line: the term', async () => {
    const contract = await contractAfter(FIRST, {
      version: 2,
      segments: [{ ...FEE, to: '2025-04-01', amount: '1500.00' }],
      with: { SubscriptionEndDate: '2025-04-01', TermEndDate: '2025-04-01' },
    });
    expect(newestVersion(contract)).toEqual({
      version: 2,
      cause: 'Terms and conditions',
      changes: ['fee.1: update-so, term, 1200.00 -> 1500.00'],
    });
  });

  test('a charge that ends later while its subscription does not is extended', async () => {
    const contract = await contractAfter(
      { version: 1, segments: [CUT], with: TERM },
      { version: 2, segments: [FEE], with: TERM },
    );
    expect(newestVersion(contract)).toMatchObject({
      cause: 'Extension',
      changes: ['fee.1: update-so, extension, 600.00 -> 1200.00'],
    });
  });

  test('a suspension ends the line early, a resumption books the rest as a new SO line: an extension', async () => {
    const suspended: SegmentOf = { ...CUT, with: { AmendmentId: 'stop' } };
    const resumed: SegmentOf = {
      charge: 'fee',
      segment: 2,
      from: '2024-09-01',
      to: '2025-01-01',
      amount: '400.00',
    };
    const versions: VersionOf[] = [
      FIRST,
      { version: 2, segments: [suspended] },
      { version: 3, segments: [suspended, resumed] },
    ];
    const stop = [{ Id: 'stop', SubscriptionId: 'sub-v1', Type: 'SuspendSubscription' }];
    const [first, ...later] = versions.map((_, index) => ({
      ...amendedTenant(versions.slice(0, index + 1)),
      Amendment: stop,
    }));
    const { 'S-1|1': stopped } = await contractsAfter(database, org, first ?? {}, later[0] ?? {});
    expect(stopped && newestVersion(stopped)).toMatchObject({
      cause: 'Suspension',
      changes: ['fee.1: update-so, contraction, 1200.00 -> 600.00'],
    });
    const { 'S-1|1': going } = await contractsAfter(database, org, later[1] ?? {});
    expect(going && newestVersion(going)).toMatchObject({
      version: 3,
      cause: 'Resumption',
      changes: ['fee.2: new-so, extension, none -> 400.00'],
    });
    expect(going && bookedOf(going)).toEqual({ 'Fee fee': { 'fee.1': '600.00', 'fee.2': '400.00' } });
  });

  test('an owner transfer changes no segment and makes no version', async () => {
    const contract = await contractAfter(FIRST, {
      version: 2,
      segments: [FEE],
      with: { AccountId: 'owner', InvoiceOwnerId: 'acc' },
    });
    expect(contract).toMatchObject({ version: 1, bookings: '1200.00', lines: 2 });
  });

  test('a segment that is carried over as it was is no change, even when its line is of a new version', async () => {
    const rest: SegmentOf = { charge: 'fee', segment: 2, ...SECOND_HALF, amount: '900.00' };
    const contract = await contractAfter(
      FIRST,
      { version: 2, segments: [CUT, rest] },
      { version: 3, segments: [CUT, { ...rest, to: '2024-10-01', amount: '450.00' }] },
    );
    expect(newestVersion(contract).changes).toEqual(['fee.2: update-so, contraction, 900.00 -> 450.00']);
    expect(contract.obligationItems[0]?.soLines.map(({ line }) => line)).toEqual([
      'SO:fee.1@3',
      'SO:fee.2@3',
    ]);
  });

  test('several changes of one collection are one version with all their causes', async () => {
    const rest: SegmentOf = { charge: 'fee', segment: 2, ...SECOND_HALF, amount: '900.00' };
    const added: SegmentOf = { charge: 'more', ...SECOND_HALF, amount: '10.00' };
    const contract = await contractAfter(FIRST, { version: 2, segments: [CUT, rest, added] });
    expect(newestVersion(contract)).toMatchObject({ version: 2, cause: 'New product, Price change' });
    expect(contract.versions[1]?.changes).toHaveLength(3);
  });
});
