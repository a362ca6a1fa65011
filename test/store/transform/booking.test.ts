import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { lineReader } from '../../support/line-reader.ts';
import { richTenant } from '../../support/rich-tenant.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { type Rows, syncRows } from '../../support/sync-rows.ts';
import { withPolicies } from '../../support/template-policies.ts';

describe('bookings', () => {
  let database: TestDatabase;
  let read: ReturnType<typeof lineReader>;
  let entity = '';
  let entities = 0;
  beforeAll(async () => {
    database = await openTestDatabase();
    read = lineReader(database);
  });
  beforeEach(() => void (entity = `entity-${(entities += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity, org: entity });

  /** The sample in a second version, where its segment ends on `end` and the next one may start on `next`. */
  function amended({ end, next, status = 'Active' }: { end: string; next?: string; status?: string }): Rows {
    const tenant = sampleTenant();
    const first = (object: string) => tenant[object]?.[0] ?? {};
    const charge = { ...first('RatePlanCharge'), SubscriptionId: 'sub2', Version: '2' };
    const cut = { ...charge, Id: 'cut', EffectiveEndDate: end };
    const second = { ...charge, Id: 'second', Segment: '2', EffectiveStartDate: next ?? null };
    const charges = [cut, ...(next === undefined ? [] : [second])];
    return {
      ...tenant,
      Subscription: [
        first('Subscription'),
        {
          ...first('Subscription'),
          Id: 'sub2',
          Version: '2',
          PreviousSubscriptionId: 'sub1',
          Status: status,
        },
      ],
      RatePlanCharge: [first('RatePlanCharge'), ...charges],
      ChargeContractualValueAllCharges: ['rpc1', ...charges.map(({ Id }) => Id)].map((id) => ({
        ...first('ChargeContractualValueAllCharges'),
        RatePlanChargeId: id ?? null,
      })),
    };
  }
  const skips = async () =>
    Object.fromEntries((await read.lines(entity)).map(({ id, skip_ct_mod: skip }) => [id, skip]));

  test('skip contract modification on the segment that a change of price or quantity cut short, and only there', async () => {
    await sync(amended({ end: '2024-04-01', next: '2024-04-01' }));
    expect(await skips()).toMatchObject({ 'SO:orig.1@1': 'No', 'SO:orig.1@2': 'Yes', 'SO:orig.2@2': 'No' });
  });

  test.each([
    ['was changed on its first day, and so cancelled', { end: '2024-01-01', next: '2024-01-01' }],
    ['was cancelled', { end: '2024-04-01', status: 'Cancelled' }],
    ['was suspended, and resumed later', { end: '2024-04-01', next: '2024-06-01' }],
    ['was renewed', { end: '2025-01-01', next: '2025-01-01' }],
  ])('do not skip it on a segment that %s', async (_what, amendment) => {
    await sync(amended(amendment));
    expect(await skips()).toMatchObject({ 'SO:orig.1@2': 'No' });
  });

  test('skip it whichever segment arrives first', async () => {
    const rows = amended({ end: '2024-04-01', next: '2024-04-01' });
    const { RatePlanCharge: charges = [] } = rows;
    await sync({ ...rows, RatePlanCharge: charges.filter(({ Id }) => Id !== 'second') });
    expect(await skips()).toMatchObject({ 'SO:orig.1@2': 'No' });
    await sync({ RatePlanCharge: charges.filter(({ Id }) => Id === 'second') });
    expect(await skips()).toMatchObject({ 'SO:orig.1@2': 'Yes', 'SO:orig.2@2': 'No' });
  });

  test('of a ramp name it by id and by number', async () => {
    await sync(richTenant());
    expect(await read.line(entity, 'SO:orig.2@4')).toMatchObject({ ramp_id: 'ramp', ramp_deal_ref: 'R-1' });
  });

  describe('of a discount of a fixed amount', () => {
    const tiers = [
      { Id: 't2', RatePlanChargeId: 'rpc1', Tier: '2', DiscountAmount: '7.00' },
      { Id: 't1', RatePlanChargeId: 'rpc1', Tier: '1', DiscountAmount: '15.00' },
    ].map((tier) => ({ ...tier, UpdatedDate: '2024-01-05T10:00:00Z' }));
    const discounted = withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', {
      ChargeModel: 'Discount-Fixed Amount',
      Quantity: null,
    });

    test('take off the amount of their tier, on a line of their own', async () => {
      await sync({ ...discounted, RatePlanChargeTier: tiers });
      expect(await read.line(entity, 'SO:orig.1@1')).toMatchObject({
        status: 'stopped',
        amount: '-15',
        ext_list_price: '0',
        ordered_qty: '1',
        so_line_id: 'orig.1',
      });
    });

    test('have their contractual value until the tier comes', async () => {
      const { ChargeContractualValueAllCharges: _, ...rest } = discounted;
      await sync(rest);
      expect(await read.line(entity, 'SO:orig.1@1')).toMatchObject({ status: 'stopped', amount: null });
      await sync({ RatePlanChargeTier: tiers });
      expect(await read.line(entity, 'SO:orig.1@1')).toMatchObject({ status: 'stopped', amount: '-15' });
    });

    test('are not to be mistaken for a charge that has a tier', async () => {
      await sync({ ...sampleTenant(), RatePlanChargeTier: tiers });
      expect(await read.line(entity, 'SO:orig.1@1')).toMatchObject({ amount: '1200' });
    });
  });

  test('of evergreen subscriptions are their estimated value where the template’s policy says so', async () => {
    const evergreen = withChanged(sampleTenant(), 'Subscription', 'sub1', { TermType: 'EVERGREEN' });
    await sync(evergreen);
    expect(await read.line(entity, 'SO:orig.1@1')).toMatchObject({ amount: '0' });
    entity = `${entity}-ccv`;
    await withPolicies(database, entity, 'SO', { evergreen: 'ccv' });
    await sync(evergreen);
    expect(await read.line(entity, 'SO:orig.1@1')).toMatchObject({ amount: '1200', ext_list_price: '1500' });
  });
});
