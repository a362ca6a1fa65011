import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { listFindings } from '../../../src/store/list-findings.ts';
import { contractAmounts } from '../../support/contract-amounts.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { lineId, stageBookings } from '../../support/staged-bookings.ts';
import { collectOrg } from '../../support/sync-rows.ts';

describe('a version that comes late', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const version = (number: number, amount = '100') => ({ soLineId: 'a.1', version: number, amount });
  const collected = async (...versions: readonly ReturnType<typeof version>[]) => {
    await stageBookings(database, org, versions);
    return collectOrg(database, org);
  };
  const findings = () => listFindings(database.db, { org });

  test('is superseded, never collected, and found with both versions and its amount', async () => {
    await collected(version(3, '300'));
    expect(await collected(version(2, '200'))).toMatchObject({ collected: '0' });
    expect(await contractAmounts(database, org)).toMatchObject([{ bookings: '300.00' }]);
    expect(await findings()).toEqual([
      {
        id: expect.any(String),
        finding: 'stale-version',
        entity: org,
        org,
        object: 'RatePlanCharge',
        source: 'a.1-2',
        line: lineId(version(2)),
        amount: '200.00',
        currency: 'USD',
        message:
          'RatePlanCharge a.1-2 came late: version 2 of its line SO:a.1@2 is older than version 3, which was collected before; it is superseded.',
        remedy: expect.stringMatching(/\.$/),
        since: expect.any(String),
        resolved: null,
      },
    ]);
    const { rows } = await sql`
      select f.detail, b.contract from staging.finding as f join revenue.booking as b on b.org = f.org
      where f.org = ${org}`.execute(database.db);
    const [row] = rows as { detail: unknown; contract: string }[];
    expect(row?.detail).toEqual({ standing: 'SO:a.1@3', contract: row?.contract });
  });

  test('is found with what its sign would have done, where it is the opposite', async () => {
    await collected(version(3, '-300'));
    await collected(version(2, '200'));
    expect(await contractAmounts(database, org)).toMatchObject([{ bookings: '-300.00' }]);
    expect(await findings()).toMatchObject([
      {
        finding: 'stale-version',
        message: expect.stringContaining('collected before with the opposite sign'),
        remedy: expect.stringContaining('booking-sign-flipped would have stopped the newer version'),
      },
    ]);
  });

  test('is found once, however often is collected', async () => {
    await collected(version(3));
    await collected(version(2));
    const before = await findings();
    await collectOrg(database, org);
    expect(await findings()).toEqual(before);
  });

  test('is not late when it comes with the newer one, or before it', async () => {
    await collected(version(1), version(2));
    await collected(version(3));
    expect(await findings()).toEqual([]);
  });
});
