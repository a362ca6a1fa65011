import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { applicationsOf, bookingsOf, systemCreditsOf } from '../../support/billed-charges.ts';
import { type Story, tenantOf } from '../../support/charge-stories.ts';
import { contractAmounts } from '../../support/contract-amounts.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { collectOrg, syncRows } from '../../support/sync-rows.ts';
import { withPolicies } from '../../support/template-policies.ts';

describe('credits that the integration makes itself', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(async () => {
    org = `org-${(orgs += 1)}`;
    await withPolicies(database, org, 'CM', { billRunCredits: 'CM-C' });
  });
  afterAll(() => database.close());

  const collect = async (story: Omit<Story, 'id'>) => {
    await syncRows(database, tenantOf([{ id: 'a', ...story }]), { entity: org, org, settlement: true });
    await collectOrg(database, org);
    const [contract] = await contractAmounts(database, org);
    const credits = await systemCreditsOf(database, org);
    return {
      bookings: contract?.bookings,
      billings: contract?.billings,
      credits: credits.map(({ type, amount }) => `${type} ${amount}`),
    };
  };
  const full = { id: 'i1', kind: 'invoice', amount: '1200' } as const;
  const lowered = [{ booked: '1200' }, { booked: '200', ends: '2024-03-01' }];

  test('a CM-C stands for what was invoiced beyond a lowered booking until Billing’s own credit comes', async () => {
    expect(await collect({ versions: lowered.slice(0, 1), billings: [full] })).toEqual({
      bookings: '1200.00',
      billings: '1200.00',
      credits: [],
    });
    expect(await collect({ versions: lowered, billings: [full] })).toEqual({
      bookings: '200.00',
      billings: '1200.00',
      credits: ['CM-C -1000'],
    });
    const own = { id: 'c1', kind: 'credit', amount: '400', version: 2, date: '2024-01-21' } as const;
    expect(await collect({ versions: lowered, billings: [full, own] })).toMatchObject({
      billings: '800.00',
      credits: ['CM-C -600'],
    });
    const rest = { ...own, id: 'c2', amount: '600' };
    expect(await collect({ versions: lowered, billings: [full, own, rest] })).toEqual({
      bookings: '200.00',
      billings: '200.00',
      credits: [],
    });
  });

  test('a discount is credited in its own direction', async () => {
    const versions = lowered.map(({ booked, ...more }) => ({ booked: `-${booked}`, ...more }));
    const after = await collect({ versions, billings: [{ ...full, amount: '-1200' }] });
    expect(after).toEqual({ bookings: '-200.00', billings: '-1200.00', credits: ['CM-C 1000'] });
  });

  test('a CM-RO stands for what CM-Cs take beyond the invoices, and goes when there is one to take from', async () => {
    const story = { versions: [{ booked: '1200' }] };
    const invoice = { ...full, amount: '100' };
    const credit = { id: 'c1', kind: 'credit', amount: '130', date: '2024-01-21' } as const;
    expect(await collect({ ...story, billings: [invoice, credit] })).toEqual({
      bookings: '1200.00',
      billings: '-30.00',
      credits: ['CM-RO -30'],
    });
    expect(await applicationsOf(database, org)).toMatchObject([{ amount: '100' }]);
    const another = { ...full, id: 'i2', amount: '100' };
    expect(await collect({ ...story, billings: [invoice, credit, another] })).toMatchObject({ credits: [] });
  });

  test('under ALLOW_OVERSTATED_INVOICE = No, an overstated invoice is credited and lifts nothing', async () => {
    const overstated = { versions: [{ booked: '1150' }], billings: [full] };
    await sql`insert into control.profile (name, value, changed_by) values ('ALLOW_OVERSTATED_INVOICE', 'No', 'ann')`.execute(
      database.db,
    );
    try {
      expect(await collect(overstated)).toEqual({
        bookings: '1150.00',
        billings: '1200.00',
        credits: ['CM-C -50'],
      });
    } finally {
      await sql`delete from control.profile`.execute(database.db);
    }
  });

  test('the reversal of a credit memo bills again what was credited: 100, 50, -50, +50', async () => {
    const cancelled = [{ booked: '100' }, { booked: '50', ends: '2024-01-16' }];
    const invoice = { ...full, amount: '100' };
    const credit = { id: 'c1', kind: 'credit', amount: '50', version: 2, date: '2024-01-16' } as const;
    const debit = {
      id: 'd1',
      kind: 'reversal',
      amount: '50',
      version: 2,
      date: '2024-01-20',
      of: 'c1',
    } as const;
    expect(await collect({ versions: cancelled.slice(0, 1), billings: [invoice] })).toEqual({
      bookings: '100.00',
      billings: '100.00',
      credits: [],
    });
    expect(await collect({ versions: cancelled, billings: [invoice, credit] })).toEqual({
      bookings: '50.00',
      billings: '50.00',
      credits: [],
    });
    expect(await collect({ versions: cancelled, billings: [invoice, credit, debit] })).toEqual({
      bookings: '100.00',
      billings: '100.00',
      credits: [],
    });
    expect(await bookingsOf(database, org)).toMatchObject([{ amount: '50', lifted: '50', conceded: '0' }]);
    const { rows } = await sql<{ line: string; amount: string }>`
      select line, trim_scale(amount)::text as amount from revenue.line
      where org = ${org} and type <> 'SO' order by line`.execute(database.db);
    expect(rows).toEqual([
      { line: 'CM-C:c1', amount: '-50' },
      { line: 'INV:d1', amount: '50' },
      { line: 'INV:i1', amount: '100' },
    ]);
    expect(await applicationsOf(database, org)).toEqual([
      { credit: 'CM-C:c1', invoice: 'INV:d1', amount: '50', referenced: false },
    ]);
  });
});
