import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { changedRow, sampleTenant } from '../../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';

const SECOND_SUBSCRIPTION = { Id: 'sub2', Version: '2', PreviousSubscriptionId: 'sub1' };
const SECOND_CHARGE = { Id: 'rpc1v2', SubscriptionId: 'sub2', Version: '2' };
const SECOND_PRICE = { Id: 'ccv2', RatePlanChargeId: 'rpc1v2', Amount: '600.00' };

describe('what a deleted driver leaves behind', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity: org, org });
  const collect = () => collectOrg(database, org);
  const all = async <Row>(query: ReturnType<typeof sql<Row>>) => (await query.execute(database.db)).rows;
  const lines = async () => {
    const rows = await all(sql<{ line: string }>`
      select l.id || ' ' || case when r.line is null then s.status else 'collected' end as line
      from staging.line as l
      left join staging.line_state as s on s.entity = l.entity and s.id = l.id
      left join revenue.line as r on r.entity = l.entity and r.line = l.id
      where l.entity = ${org} order by l.id collate "C"`);
    return rows.map(({ line }) => line);
  };
  const holds = async () =>
    (
      await all(sql<{ hold: string }>`
        select line || ' ' || limitation as hold from staging.hold where entity = ${org} order by 1`)
    ).map(({ hold }) => hold);
  const lineOf = async (id: string) =>
    (
      await all(sql<Record<string, unknown>>`
        select to_jsonb(l) as line from staging.line as l where entity = ${org} and id = ${id}`)
    )[0]?.['line'] as Record<string, unknown> | undefined;

  const item1 = (change: Readonly<Record<string, string | null>>) =>
    changedRow('InvoiceItem', 'item1', change);
  const gone = item1({ Deleted: 'true' });
  const back = item1({ Deleted: null, UpdatedDate: '2024-01-21T00:00:00Z' });
  const BOTH = ['INV:item1 ready', 'INV:item2 ready', 'SO:orig.1@1 ready'];

  test('an uncollected line is superseded, as it was last formed; the others go on', async () => {
    await sync(sampleTenant());
    const before = await lineOf('INV:item1');
    const { balance } = await sync(item1({ Deleted: 'true', ChargeAmount: '7.00' }));
    expect(await lines()).toEqual(['INV:item1 superseded', ...BOTH.slice(1)]);
    expect(await lineOf('INV:item1')).toEqual(before);
    expect(balance.rows.map(({ measure, excluded, exclusions }) => [measure, excluded, exclusions])).toEqual([
      ['count', '1', { deleted: '1' }],
      ['amount', '7', { deleted: '7' }],
    ]);
    expect(balance.balanced).toBe(true);
    expect(await collect()).toMatchObject({ lines: '2', collected: '2' });
  });

  test('its holds go with it', async () => {
    await sync({ ...sampleTenant(), ...item1({ ChargeAmount: null }) });
    expect(await holds()).toEqual(['INV:item1 missing-ext-sell-price']);
    await sync(gone);
    expect(await holds()).toEqual([]);
    expect(await lines()).toContain('INV:item1 superseded');
  });

  test('a line that waits for its booking is superseded, too, and waits no longer', async () => {
    const { RatePlanCharge: charges = [], ...rest } = sampleTenant();
    await sync({ ...rest, RatePlanCharge: charges.map((row) => ({ ...row, OriginalOrderDate: null })) });
    await collect();
    expect(await holds()).toContain('INV:item1 waits-for-booking');
    await sync(gone);
    expect(await holds()).not.toContain('INV:item1 waits-for-booking');
    expect(await lines()).toContain('INV:item1 superseded');
  });

  test('a collected line stays collected, and so do the figures of its contract', async () => {
    await sync(sampleTenant());
    await collect();
    const collected = await lines();
    const figures = () => all(sql`select line, amount from revenue.line where org = ${org} order by line`);
    const before = await figures();
    await sync(gone);
    await collect();
    expect(await lines()).toEqual(collected);
    expect(await figures()).toEqual(before);
  });

  test('a row that comes back forms its line anew, with the values it has now and the id it had', async () => {
    await sync(sampleTenant());
    await sync(gone);
    await sync(item1({ Deleted: null, ChargeAmount: '70.00', UpdatedDate: '2024-01-21T00:00:00Z' }));
    expect(await lines()).toEqual(BOTH);
    expect(await lineOf('INV:item1')).toMatchObject({ ext_sell_price: 70, form: 1 });
    expect(await collect()).toMatchObject({ collected: '3' });
  });

  test('a row may go and come back any number of times', async () => {
    await sync(sampleTenant());
    for (const day of ['21', '22']) {
      await sync(item1({ Deleted: 'true', UpdatedDate: `2024-01-${day}T00:00:00Z` }));
      expect(await lines()).toContain('INV:item1 superseded');
      await sync(item1({ Deleted: null, UpdatedDate: `2024-01-${day}T12:00:00Z` }));
      expect(await lines()).toEqual(BOTH);
    }
  });

  test('a row that was deleted before it formed a line forms none', async () => {
    const tenant = sampleTenant();
    await sync({
      ...tenant,
      InvoiceItem: [...(tenant['InvoiceItem'] ?? []).slice(1), ...(gone['InvoiceItem'] ?? [])],
    });
    expect(await lines()).toEqual(BOTH.slice(1));
  });

  test('a line that a newer version superseded stays so, whether its charge goes or comes back', async () => {
    await sync(sampleTenant());
    await sync(secondVersion());
    await collect();
    const settled = await lines();
    expect(settled).toContain('SO:orig.1@1 superseded');
    const charge = (change: Readonly<Record<string, string | null>>) =>
      changedRow('RatePlanCharge', 'rpc1', change);
    await sync(charge({ Deleted: 'true' }));
    expect(await lines()).toEqual(settled);
    await sync(charge({ Deleted: null, UpdatedDate: '2024-01-21T00:00:00Z' }));
    expect(await lines()).toEqual(settled);
  });

  test('the version before goes on when a version is deleted that nobody has collected', async () => {
    await sync(sampleTenant());
    await sync(secondVersion());
    await sync(secondVersion({ Deleted: 'true' }));
    await collect();
    expect(await lines()).toEqual([
      'INV:item1 collected',
      'INV:item2 collected',
      'SO:orig.1@1 collected',
      'SO:orig.1@2 superseded',
    ]);
  });

  describe('when an order is deleted and made again', () => {
    const again = {
      Subscription: { ...SECOND_SUBSCRIPTION, Id: 'sub2b' },
      RatePlanCharge: { ...SECOND_CHARGE, Id: 'rpc1v2b', SubscriptionId: 'sub2b' },
      ChargeContractualValueAllCharges: { ...SECOND_PRICE, Id: 'ccv2b', RatePlanChargeId: 'rpc1v2b' },
    };
    const madeAgain = (amount: string): Rows => ({
      ...changedRow('Subscription', 'sub1', again.Subscription),
      ...changedRow('RatePlanCharge', 'rpc1', again.RatePlanCharge),
      ...changedRow('ChargeContractualValueAllCharges', 'ccv1', {
        ...again.ChargeContractualValueAllCharges,
        Amount: amount,
      }),
    });
    const together = (one: Rows, other: Rows): Rows =>
      Object.fromEntries(
        Object.keys(one).map((name) => [name, [...(one[name] ?? []), ...(other[name] ?? [])]]),
      );

    test.each(['one run', 'two runs'])(
      'the new charge takes the id over that the old one had, in %s',
      async (how) => {
        await sync(sampleTenant());
        await sync(secondVersion());
        const deleted = secondVersion({ Deleted: 'true' });
        if (how === 'two runs') await sync(deleted);
        const { balance } = await sync(
          how === 'two runs' ? madeAgain('700.00') : together(deleted, madeAgain('700.00')),
        );
        expect(balance.unequal).toEqual([]);
        expect(await lines()).toEqual([...BOTH, 'SO:orig.1@2 ready']);
        expect(await lineOf('SO:orig.1@2')).toMatchObject({
          source_id: 'rpc1v2b',
          ext_sell_price: 700,
          form: 1,
        });
      },
    );

    test('with other values than those collected, the new charge is stopped and not lost', async () => {
      await sync(together(sampleTenant(), secondVersion()));
      await collect();
      const { balance } = await sync(together(secondVersion({ Deleted: 'true' }), madeAgain('700.00')));
      expect(balance.unequal).toEqual([]);
      expect(await lines()).toContain('SO:orig.1@2#2 stopped');
      expect(await lines()).toContain('SO:orig.1@2 collected');
    });
  });

  test('a run that is given up leaves the deletion to the next', async () => {
    await sync(sampleTenant());
    await syncRows(database, gone, { entity: org, org, complete: false });
    await sql`update control.run set state = 'aborted', closed_at = now() where entity = ${org} and state = 'open'`.execute(
      database.db,
    );
    const { balance } = await sync(back);
    expect(balance.balanced).toBe(true);
    expect(await lines()).toEqual(BOTH);
  });

  test('deletions of one organisation leave the lines of another alone', async () => {
    await sync(sampleTenant());
    const other = `${org}-other`;
    await syncRows(database, sampleTenant(), { entity: other, org: other });
    await syncRows(database, gone, { entity: other, org: other });
    expect(await lines()).toEqual(BOTH);
  });

  /** The subscription amended: its charge has another value from the second version on. */
  function secondVersion(change: Readonly<Record<string, string | null>> = {}): Rows {
    return {
      ...changedRow('Subscription', 'sub1', { ...SECOND_SUBSCRIPTION, ...change }),
      ...changedRow('RatePlanCharge', 'rpc1', { ...SECOND_CHARGE, ...change }),
      ...changedRow('ChargeContractualValueAllCharges', 'ccv1', { ...SECOND_PRICE, ...change }),
    };
  }
});
