import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { changePlanOrderAction } from '../../src/limitations/change-plan-order-action.ts';
import { listHolds } from '../../src/store/list-holds.ts';
import { type Chapter, tenantWith } from '../support/action-stories.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { foundInBilling, foundInStaging } from '../support/limitation-tenant.ts';
import { collectOrg, syncRows } from '../support/sync-rows.ts';

const CHANGED: Chapter = { charge: { Version: '2' } };

describe('change-plan-order-action', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());

  const inBilling = () => foundInBilling(database.db, changePlanOrderAction);
  const inStaging = () => foundInStaging(database.db, changePlanOrderAction);

  test.each(['ChangePlan', 'Change Plan', 'change_plan'])(
    'stops what an order action %s changed, and nothing else',
    async (action) => {
      await syncRows(
        database,
        tenantWith({
          swapped: [{}, { ...CHANGED, action }],
          // The action changed another charge of the subscription.
          kept: [{}, { action }],
          updated: [{}, { ...CHANGED, action: 'UpdateProduct' }],
          // The action came after what made the charge.
          before: [CHANGED, {}, { action }],
        }),
      );
      expect(await inBilling()).toEqual(['RatePlanCharge swapped-rpc2']);
      expect(await inStaging()).toEqual(['SO:swapped.1@2']);
      expect(await listHolds(database.db, {})).toMatchObject([
        {
          line: 'SO:swapped.1@2',
          kind: 'limitation',
          message:
            'RatePlanCharge swapped-rpc2 cannot be booked: version 2 of subscription S-swapped was made by a Change Plan action, and Change Plan is not supported.',
        },
      ]);
    },
  );

  test('stops what an amendment of that type changed', async () => {
    const rows = tenantWith({
      swapped: [{}, { ...CHANGED, amendment: 'ChangePlan' }],
      renewed: [{}, { ...CHANGED, amendment: 'Renewal' }],
    });
    await syncRows(database, rows);
    expect(await inStaging()).toEqual(['SO:swapped.1@2']);
  });

  test('finds the version by its number and by its amendment, too', async () => {
    const rows = tenantWith({
      numbered: [{}, CHANGED],
      amended: [{}, { ...CHANGED, amendment: 'UpdateProduct' }],
    });
    const at = '2024-01-05T10:00:00Z';
    const action = { Type: 'ChangePlan', UpdatedDate: at };
    await syncRows(database, {
      ...rows,
      OrderAction: [
        { ...action, Id: 'a', SubscriptionNumber: 'S-numbered', SubscriptionVersion: '2' },
        { ...action, Id: 'b', SubscriptionId: 'amended-sub1', SubscriptionVersionAmendmentId: 'amended-am2' },
      ],
    });
    expect(await inStaging()).toEqual(['SO:amended.1@2', 'SO:numbered.1@2']);
  });

  test.each([
    ['Draft', []],
    ['Scheduled', []],
    ['Cancelled', []],
    ['Completed', ['SO:swapped.1@2']],
    [null, ['SO:swapped.1@2']],
  ])('of an order that is %s stops %j', async (Status, stopped) => {
    const rows = tenantWith({ swapped: [{}, { ...CHANGED, action: 'ChangePlan' }] });
    const actions = (rows['OrderAction'] ?? []).map((row) => ({ ...row, OrderId: 'o' }));
    const order = { Id: 'o', OrderNumber: 'O-1', UpdatedDate: '2024-01-05T10:00:00Z' };
    await syncRows(database, { ...rows, OrderAction: actions, Order: [{ ...order, Status }] });
    expect(await inStaging()).toEqual(stopped);
    expect(await inBilling()).toHaveLength(stopped.length);
    await syncRows(database, {
      Order: [{ ...order, Status: 'Completed', UpdatedDate: '2024-03-01T00:00:00Z' }],
    });
    expect(await inStaging()).toEqual(['SO:swapped.1@2']);
  });

  test('stops the version that an action names only where that is of the same order', async () => {
    const rows = tenantWith({ own: [{}, CHANGED], other: [{}, CHANGED] });
    const subscriptions = (rows['Subscription'] ?? []).map((row) => ({ ...row, OrderId: `of-${row['Id']}` }));
    const action = { Type: 'ChangePlan', UpdatedDate: '2024-01-05T10:00:00Z' };
    await syncRows(database, {
      ...rows,
      Subscription: subscriptions,
      OrderAction: [
        { ...action, Id: 'a', SubscriptionId: 'own-sub2', OrderId: 'of-own-sub2' },
        { ...action, Id: 'b', SubscriptionId: 'other-sub2', OrderId: 'of-another' },
        { ...action, Id: 'c', SubscriptionId: 'other-sub2' },
      ],
    });
    expect(await inStaging()).toEqual(['SO:own.1@2']);
  });

  test('goes on stopping what later versions carry over, until one changes it', async () => {
    const swap = { ...CHANGED, action: 'ChangePlan' };
    await syncRows(
      database,
      tenantWith({
        carried: [{}, swap, { action: 'UpdateProduct' }],
        changed: [{}, swap, { charge: { Version: '3' }, action: 'UpdateProduct' }],
      }),
    );
    expect(await inStaging()).toEqual(['SO:carried.1@2', 'SO:carried.1@3', 'SO:changed.1@2']);
    expect(await inBilling()).toEqual(['RatePlanCharge carried-rpc3']);
    // What a newer version of took the place is nobody's concern any more.
    await collectOrg(database);
    expect(await inStaging()).toEqual(['SO:carried.1@2', 'SO:carried.1@3']);
    const superseded = async () => {
      const lines = database.db
        .selectFrom('staging.line_state')
        .select('id')
        .where('status', '=', 'superseded');
      return (await lines.execute()).map(({ id }) => id).toSorted();
    };
    expect(await superseded()).toEqual(['SO:changed.1@1', 'SO:changed.1@2']);
    await syncRows(database, {});
    await collectOrg(database);
    expect(await superseded()).toEqual(['SO:changed.1@1', 'SO:changed.1@2']);
    expect((await listHolds(database.db, {})).map(({ line }) => line)).toEqual([
      'SO:carried.1@2',
      'SO:carried.1@3',
    ]);
  });

  test('goes on by itself when the action is gone, and stops what it is told of late', async () => {
    const swapped = tenantWith({ swapped: [{}, { ...CHANGED, action: 'ChangePlan' }] });
    const { OrderAction: actions = [], ...rows } = swapped;
    await syncRows(database, rows);
    expect(await inStaging()).toEqual([]);
    await syncRows(database, { OrderAction: actions });
    expect(await inStaging()).toEqual(['SO:swapped.1@2']);
    await syncRows(database, { OrderAction: actions.map((row) => ({ ...row, Deleted: 'true' })) });
    expect(await inBilling()).toEqual([]);
    expect(await listHolds(database.db, {})).toEqual([]);
  });
});
