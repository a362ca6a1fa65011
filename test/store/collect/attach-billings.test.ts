import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { openPeriod } from '../../../src/store/periods.ts';
import { type Billing, type Story, tenantOf } from '../../support/charge-stories.ts';
import { contractAmounts } from '../../support/contract-amounts.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { collectOrg, recordTenant, type Rows, syncRows } from '../../support/sync-rows.ts';

const invoice = (more: Partial<Billing> = {}): Billing => ({
  id: 'i1',
  kind: 'invoice',
  amount: '100',
  ...more,
});
const year: Story = { id: 'a', versions: [{ booked: '1200' }] };

describe('a billing', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity: org, org });
  const collect = () => collectOrg(database, org);
  const open = (period: string) => openPeriod(database.db, { org, period, by: 'ann', reason: 'test' });
  const collected = async () =>
    (
      await sql<{ line: string }>`
        select line from revenue.line where org = ${org} order by line collate "C"`.execute(database.db)
    ).rows.map(({ line }) => line);
  const hold = async (line = 'INV:i1') =>
    (
      await sql<{ limitation: string; message: string; remedy: string }>`
        select limitation, message, remedy from staging.hold where org = ${org} and line = ${line}`.execute(
        database.db,
      )
    ).rows;
  const settle = (line: string, status: string, withheld: string | null) =>
    database.db.transaction().execute(async (trx) => {
      await sql`update staging.line set withheld = ${withheld === null ? null : [withheld]}
        where org = ${org} and id = ${line}`.execute(trx);
      await sql`update staging.line_state set status = ${status} where org = ${org} and id = ${line}`.execute(
        trx,
      );
    });

  test('dated 04/01/2020 is collected with its booking of 04/02/2020, once that is eligible', async () => {
    await recordTenant(database, org, org);
    await open('2020-03');
    const versions = [{ booked: '1200', dated: '2020-04-02' }];
    await sync(tenantOf([{ ...year, versions, billings: [invoice({ date: '2020-04-01' })] }]));
    await collect();
    expect(await collected()).toEqual([]);
    expect(await hold('SO:a.1@1')).toMatchObject([{ limitation: 'waits-for-open-period' }]);
    expect(await hold()).toMatchObject([{ limitation: 'waits-for-booking' }]);
    await open('2020-04');
    expect(await collect()).toMatchObject({ collected: '2', waiting: '0' });
    expect(await collected()).toEqual(['INV:i1', 'SO:a.1@1']);
    expect(await contractAmounts(database, org)).toMatchObject([
      { key: 'S-a|1', bookings: '1200.00', billings: '100.00', lines: 2 },
    ]);
    expect(await hold()).toEqual([]);
  });

  test('waits for its booking, then for the charge version it was billed under, then for the period of its date', async () => {
    const later = [...year.versions, { booked: '1300', dated: '2024-03-05' }];
    const billings = [invoice({ version: 2, date: '2024-04-01' })];
    const { RatePlanCharge = [], ...others } = tenantOf([{ ...year, versions: later, billings }]);
    const [first = {}, second = {}] = RatePlanCharge;
    await sync({ ...others, RatePlanCharge: [{ ...first, OriginalOrderDate: null }, second] });
    await collect();
    expect(await hold()).toMatchObject([{ limitation: 'waits-for-booking' }]);
    await sync({ RatePlanCharge: [first] });
    await collect();
    expect(await hold()).toMatchObject([{ limitation: 'waits-for-charge-version' }]);
    await open('2024-03');
    await collect();
    expect(await hold()).toMatchObject([{ limitation: 'waits-for-open-period' }]);
    await open('2024-04');
    await collect();
    expect(await collected()).toEqual(['INV:i1', 'SO:a.1@1', 'SO:a.1@2']);
  });

  test.each([
    ['held', 'missing-ordered-qty', /is held/],
    ['stopped', 'change-plan-order-action', /is stopped/],
    ['rejected', null, /was rejected.*\n.*standalone/],
    ['superseded', null, /is superseded.*\n.*deleted/],
  ])('waits while the booking of its charge version is %s, and says so', async (status, withheld, said) => {
    const versions = [...year.versions, { booked: '1300' }];
    const billings = [invoice({ id: 'i0' }), invoice({ version: 2 })];
    await sync(tenantOf([year]));
    await collect();
    await sync(tenantOf([{ ...year, versions, billings }]));
    await settle('SO:a.1@2', status, withheld);
    await collect();
    expect(await collected(), 'what was billed under the older version goes on').toEqual([
      'INV:i0',
      'SO:a.1@1',
    ]);
    const [found] = await hold();
    expect(found).toMatchObject({ limitation: 'waits-for-booking' });
    expect(`${found?.message}\n${found?.remedy}`).toMatch(said);
    expect(found?.message).toContain('a.1');
  });

  test('goes on under a newer version of its booking, whatever became of its own', async () => {
    await sync(tenantOf([{ ...year, versions: [...year.versions, { booked: '1300' }, { booked: '1400' }] }]));
    await settle('SO:a.1@2', 'rejected', null);
    await collect();
    await sync(
      tenantOf([
        { ...year, versions: [...year.versions, { booked: '1300' }], billings: [invoice({ version: 2 })] },
      ]),
    );
    await collect();
    expect(await collected()).toEqual(['INV:i1', 'SO:a.1@3']);
  });
});
