import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { stoppedOtherwise, takeStoppedStates } from '../../../src/store/limitations/stopped-states.ts';
import { STAGING } from '../../../src/store/transform/line-tables.ts';
import { listHolds } from '../../../src/store/list-holds.ts';
import { tenantWith } from '../../support/action-stories.ts';
import { amendedTenant } from '../../support/amended-tenant.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { run } from '../../support/server-database.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';

describe('stoppedOtherwise', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const found = () =>
    database.db.transaction().execute(async (trx) => {
      await takeStoppedStates(trx, 'demo');
      const { rows } = await sql<{ id: string }>`${stoppedOtherwise('demo', STAGING)} order by 1`.execute(
        trx,
      );
      return rows.map(({ id }) => id);
    });

  test('finds no line that is as the rules say, and those that are not', async () => {
    const changed = { charge: { Version: '2' } };
    await syncRows(
      database,
      tenantWith({
        swapped: [{}, { ...changed, action: 'ChangePlan', subscription: { TermType: 'EVERGREEN' } }],
        prepaid: [{ charge: { IsPrepaid: 'true' } }],
        orphan: [{ charge: { AccountId: 'gone', IsPrepaid: 'true' } }],
        incomplete: [{ charge: { OriginalOrderDate: null } }],
        sound: [{}],
      }),
    );
    expect(await found()).toEqual([]);
    await run(database.url, `update staging.line set withheld = null where id = 'SO:swapped.1@2'`);
    await run(
      database.url,
      `update staging.line set withheld = '{overage-smoothing:it was so}' where id = 'SO:sound.1@1'`,
    );
    expect(await found()).toEqual(['sound-rpc1', 'swapped-rpc2']);
  });
});

describe('what stops a charge', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());

  const YEAR = { from: '2024-01-01', to: '2025-01-01' };
  const PREPAID = { IsPrepaid: 'true' };
  /** Two fees with a discount on both, which is one driver and two lines. */
  const discounted = (fee: Readonly<Record<string, string>>, versions = [1]): Rows => {
    const rows = amendedTenant(
      versions.map((version) => ({
        version,
        segments: [
          { charge: 'fee', ...YEAR, amount: '1200', with: { ...fee, Version: '1' } },
          { charge: 'other', ...YEAR, amount: '600', with: { Version: '1' } },
          { charge: 'off', ...YEAR, amount: '120', discounts: 'fee.1', with: { Version: '1' } },
        ],
      })),
    );
    const values = rows['DiscountContractualValues'] ?? [];
    const others = values.map((row) => ({
      ...row,
      Amount: '60',
      RatePlanChargeId: row['RatePlanChargeId']?.replace('fee', 'other') ?? null,
    }));
    return { ...rows, DiscountContractualValues: [...values, ...others] };
  };
  const statuses = async () => {
    const { rows } = await sql<{ told: string }>`
      select l.id || ': ' || coalesce(s.status, 'collected') as told from staging.line as l
      left join staging.line_state as s on s.entity = l.entity and s.id = l.id`.execute(database.db);
    return rows.map(({ told }) => told).toSorted();
  };
  const formed = async () =>
    (await sql`select id, run from staging.line order by id`.execute(database.db)).rows;

  test('stops what a percentage discount takes off it, until the charge goes on', async () => {
    await syncRows(database, discounted(PREPAID));
    await collectOrg(database);
    expect(await statuses()).toEqual([
      'SO:fee.1.off.1@1: stopped',
      'SO:fee.1@1: stopped',
      'SO:other.1.off.1@1: collected',
      'SO:other.1@1: collected',
    ]);
    expect(await listHolds(database.db, {})).toContainEqual(
      expect.objectContaining({
        line: 'SO:fee.1.off.1@1',
        limitation: 'prepayment-charge',
        message:
          'RatePlanCharge off-1-v1 cannot be booked: what it discounts, RatePlanCharge fee-1-v1, is stopped: its charge "Fee fee" is prepaid, and prepayment is not supported.',
      }),
    );
    const before = await formed();
    await syncRows(database, {});
    expect(await formed()).toEqual(before);
    const [fee] = discounted({ IsPrepaid: 'false' })['RatePlanCharge'] ?? [];
    await syncRows(database, { RatePlanCharge: [{ ...fee, UpdatedDate: '2024-03-01T00:00:00Z' }] });
    await collectOrg(database);
    expect((await statuses()).filter((told) => !told.endsWith('collected'))).toEqual([]);
  });

  test('stops its discount by what was done to it, too, though its own rows did not change', async () => {
    const action = { Id: 'a', Type: 'ChangePlan', UpdatedDate: '2024-01-20T00:00:00Z' };
    const rows = discounted({}, [1, 2]);
    const changed = (rows['RatePlanCharge'] ?? []).map((row) =>
      row['Id'] === 'fee-1-v2' ? { ...row, Version: '2' } : row,
    );
    await syncRows(database, { ...rows, RatePlanCharge: changed });
    const stopped = async () => (await statuses()).filter((told) => told.endsWith('stopped'));
    expect(await stopped()).toEqual([]);
    const { Name = null } = rows['Subscription']?.[0] ?? {};
    await syncRows(database, {
      OrderAction: [{ ...action, SubscriptionNumber: Name, SubscriptionVersion: '2' }],
    });
    expect(await stopped()).toEqual(['SO:fee.1.off.1@2: stopped', 'SO:fee.1@2: stopped']);
    await syncRows(database, { OrderAction: [{ ...action, Deleted: 'true' }] });
    expect(await stopped()).toEqual([]);
  });

  test('is what the deleted product charge says, whoever asks: an empty sync forms nothing', async () => {
    const rows = discounted({});
    const [product] = rows['ProductRatePlanCharge'] ?? [];
    const prepaid = { ...product, ...PREPAID };
    await syncRows(database, { ...rows, ProductRatePlanCharge: [prepaid] });
    await syncRows(database, {
      ProductRatePlanCharge: [{ ...prepaid, Deleted: 'true', UpdatedDate: '2024-03-01T00:00:00Z' }],
    });
    const before = await formed();
    expect(await statuses()).toContain('SO:fee.1@1: stopped');
    await syncRows(database, {});
    expect(await formed()).toEqual(before);
  });
});
