import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { openPeriod } from '../../../src/store/periods.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';

describe('collect', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity: org, org });
  const collect = () => collectOrg(database, org);
  const all = async <Row>(query: ReturnType<typeof sql<Row>>) => (await query.execute(database.db)).rows;
  const holds = async () =>
    (
      await all(
        sql<{
          line: string;
          limitation: string;
        }>`select line, limitation from staging.hold where org = ${org} order by line`,
      )
    ).map(({ line, limitation }) => `${line} ${limitation}`);
  const collected = async () =>
    (
      await all(
        sql<{ line: string }>`select line from revenue.line where org = ${org} order by line collate "C"`,
      )
    ).map(({ line }) => line);
  const contracts = () =>
    all(sql<Record<string, unknown>>`
      select c.key, c.version, sum(o.amount)::text as bookings, count(*)::text as obligations
      from revenue.contract as c join revenue.booking as o on o.org = c.org and o.contract = c.id
      where c.org = ${org} group by c.key, c.version order by c.key`);

  test('groups a booking and its billings into the contract of their subscription and term', async () => {
    await sync(sampleTenant());
    expect(await collect()).toMatchObject({
      contracts: '1',
      lines: '3',
      collected: '3',
      waiting: '0',
      stopped: '0',
    });
    expect(await collected()).toEqual(['INV:item1', 'INV:item2', 'SO:orig.1@1']);
    expect(await contracts()).toEqual([{ key: 'S-1|1', version: 1, bookings: '1200', obligations: '1' }]);
  });

  test('changes nothing when it is done again', async () => {
    await sync(sampleTenant());
    await collect();
    const before = await contracts();
    expect(await collect()).toMatchObject({ contracts: '0', lines: '0', collected: '0' });
    expect(await contracts()).toEqual(before);
  });

  test('collects an invoice dated before its booking once the booking is eligible: 04/01/2020 and 04/02/2020', async () => {
    const rows = withChanged(
      withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', { OriginalOrderDate: '2020-04-02' }),
      'Invoice',
      'inv1',
      { InvoiceDate: '2020-04-01' },
    );
    await openPeriod(database.db, { org: await recorded(), period: '2020-03', by: 'ann', reason: 'test' });
    await sync(rows);
    await collect();
    expect(await collected()).toEqual([]);
    expect(await holds()).toEqual([
      'INV:item1 waits-for-booking',
      'INV:item2 waits-for-booking',
      'SO:orig.1@1 waits-for-open-period',
    ]);
    await openPeriod(database.db, { org, period: '2020-04', by: 'ann', reason: 'test' });
    await collect();
    expect(await collected()).toEqual(['INV:item1', 'INV:item2', 'SO:orig.1@1']);
    expect(await holds()).toEqual([]);
  });

  /** The organisation exists only after a first sync; an empty one makes it. */
  const recorded = async (): Promise<string> => {
    const { recordTenant } = await import('../../support/sync-rows.ts');
    await recordTenant(database, org, org);
    return org;
  };

  test('lets a billing wait while its booking is held, and names the booking', async () => {
    await sync(withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', { OriginalOrderDate: null }));
    expect(await collect()).toMatchObject({ collected: '0', waiting: '2', stopped: '1' });
    const [hold] = await all(
      sql<{ message: string }>`select message from staging.hold where org = ${org} and line = 'INV:item1'`,
    );
    expect(hold?.message).toContain('orig.1');
    await sync({ RatePlanCharge: sampleTenant()['RatePlanCharge'] ?? [] });
    expect(await collect()).toMatchObject({ collected: '3', waiting: '0', stopped: '0' });
  });

  test('collects only the newest of two versions that come together, and supersedes the older', async () => {
    await sync(twoVersions());
    await collect();
    expect(await collected()).toEqual(['INV:item1', 'INV:item2', 'SO:orig.1@2']);
    const states = await all(
      sql<{ id: string; status: string }>`select id, status from staging.line_state where org = ${org}`,
    );
    expect(states).toEqual([{ id: 'SO:orig.1@1', status: 'superseded' }]);
    expect(await contracts()).toEqual([{ key: 'S-1|1', version: 1, bookings: '600', obligations: '1' }]);
  });

  test('makes a new contract version when a later subscription version changes the booking, and keeps the old figure', async () => {
    await sync(sampleTenant());
    await collect();
    await sync(twoVersions());
    await collect();
    expect(await contracts()).toEqual([{ key: 'S-1|1', version: 2, bookings: '600', obligations: '1' }]);
    const versions = await all(sql<{ version: number; cause: string; changes: unknown }>`
      select version, cause, changes from revenue.contract_version where org = ${org} order by version`);
    expect(versions).toMatchObject([
      { version: 1, cause: 'New contract' },
      {
        version: 2,
        cause: 'Contraction',
        changes: [{ line: 'SO:orig.1@2', amount: '600', was: 'SO:orig.1@1', wasAmount: '1200' }],
      },
    ]);
  });

  test('never lets an older version that arrives late replace the newer one', async () => {
    const {
      Subscription = [],
      RatePlanCharge = [],
      ChargeContractualValueAllCharges = [],
      ...rest
    } = twoVersions();
    const newer = (rows: Rows[string]) =>
      rows.filter((row) => !['sub1', 'rpc1'].includes(row['Id'] ?? '') && row['RatePlanChargeId'] !== 'rpc1');
    await sync({
      ...rest,
      Subscription: newer(Subscription),
      RatePlanCharge: newer(RatePlanCharge),
      ChargeContractualValueAllCharges: newer(ChargeContractualValueAllCharges),
    });
    await collect();
    await sync({ Subscription, RatePlanCharge, ChargeContractualValueAllCharges });
    await collect();
    expect(await collected()).toEqual(['INV:item1', 'INV:item2', 'SO:orig.1@2']);
    expect(await contracts()).toMatchObject([{ key: 'S-1|1', bookings: '600' }]);
  });

  test('stops a collected version that comes again with another guarded field, and names the field', async () => {
    await sync(sampleTenant());
    await collect();
    const before = await contracts();
    const { balance } = await sync({
      RatePlanCharge:
        withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', {
          OriginalOrderDate: '2024-01-03',
          UpdatedDate: '2024-02-01T00:00:00Z',
        })['RatePlanCharge'] ?? [],
    });
    expect(
      balance.rows.find(({ object, measure }) => object === 'RatePlanCharge' && measure === 'count'),
    ).toMatchObject({ held: '1' });
    expect(await holds()).toEqual(['SO:orig.1@1#2 same-version-recollection']);
    const [hold] = await all(sql<{ message: string }>`select message from staging.hold where org = ${org}`);
    expect(hold?.message).toContain('SO Book Date (was 2024-01-02, is 2024-01-03)');
    await collect();
    expect(await contracts()).toEqual(before);
  });

  test('takes a collected version that comes again with other fields changed as nothing', async () => {
    await sync(sampleTenant());
    await collect();
    const { balance } = await sync({
      RatePlanCharge:
        withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', {
          ChargedThroughDate: '2024-03-01',
          UpdatedDate: '2024-02-01T00:00:00Z',
        })['RatePlanCharge'] ?? [],
    });
    expect(balance.balanced).toBe(true);
    expect(await holds()).toEqual([]);
    expect(await collect()).toMatchObject({ lines: '0' });
  });

  test('keeps organisations apart even when their source ids collide', async () => {
    await sync(sampleTenant());
    const first = org;
    org = `${org}-b`;
    await sync(withChanged(sampleTenant(), 'ChargeContractualValueAllCharges', 'ccv1', { Amount: '999.00' }));
    await collect();
    expect(await contracts()).toMatchObject([{ bookings: '999' }]);
    org = first;
    await collect();
    expect(await contracts()).toMatchObject([{ bookings: '1200' }]);
  });

  test.each([
    ['PERIOD_NOT_OPEN', 'delete from control.period where org = $1'],
    ['PERIOD_PENDING_CLOSE', "update control.period set status = 'pending-close' where org = $1"],
  ])('collects nothing and says why: %s', async (code, change) => {
    await sync(sampleTenant());
    await database.pool.query(change, [org]);
    await expect(collect()).rejects.toMatchObject({ code, fate: 'fix-input' });
    expect(await collected()).toEqual([]);
    await database.pool.query(
      "update control.collection set state = 'aborted', closed_at = now() where org = $1 and state = 'open'",
      [org],
    );
  });

  test('opens no second collection of an organisation', async () => {
    const { openCollection } = await import('../../../src/store/collections.ts');
    await recorded();
    expect(await openCollection(database.db, org, { workflowId: 'a', runId: '1' })).toBeDefined();
    expect(await openCollection(database.db, org, { workflowId: 'b', runId: '2' })).toBeUndefined();
  });
});

/** The sample with a second subscription version that ends the segment in the middle of the year. */
function twoVersions(): Rows {
  const tenant = sampleTenant();
  const later = '2024-01-20T00:00:00Z';
  const of = (object: string) => tenant[object]?.[0] ?? {};
  return {
    ...tenant,
    Subscription: [
      of('Subscription'),
      { ...of('Subscription'), Id: 'sub2', Version: '2', PreviousSubscriptionId: 'sub1', UpdatedDate: later },
    ],
    RatePlanCharge: [
      of('RatePlanCharge'),
      {
        ...of('RatePlanCharge'),
        Id: 'rpc1v2',
        SubscriptionId: 'sub2',
        Version: '2',
        EffectiveEndDate: '2024-07-01',
        AmendedByOrderOn: '2024-01-20',
        UpdatedDate: later,
      },
    ],
    ChargeContractualValueAllCharges: [
      of('ChargeContractualValueAllCharges'),
      { ...of('ChargeContractualValueAllCharges'), RatePlanChargeId: 'rpc1v2', Amount: '600.00' },
    ],
  };
}
