import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { amendedTenant, type SegmentOf } from '../../support/amended-tenant.ts';
import { contractsAfter, contractsOf } from '../../support/contract-story.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { sampleTenant } from '../../support/sample-tenant.ts';
import { usedSetup } from '../../support/setups.ts';
import { collectOrg, recordTenant, syncRows } from '../../support/sync-rows.ts';

const YEAR = { from: '2024-01-01', to: '2025-01-01', amount: '100.00' } as const;
const fee = (charge: string, change: Partial<SegmentOf> = {}): SegmentOf => ({ charge, ...YEAR, ...change });

const TEMPLATES = [
  { name: 'Ratable', ratableMethod: 'Ratable', releaseEvent: 'Upon Booking' },
  { name: 'Other', ratableMethod: 'Immediate Using Start Date', releaseEvent: 'Manual' },
  {
    name: 'Go-live',
    ratableMethod: 'Immediate Using Open Period',
    releaseEvent: { event: 'Go-live', processing: 'by-amount' },
    accounting: 'partial-monthly',
    retain: 'amount',
  },
];
const AUTOMATIC = Object.fromEntries(
  ['recurring', 'oneTime', 'usage', 'evergreen', 'fixedDiscount', 'standalone'].map((kind) => [
    kind,
    'Ratable',
  ]),
);

describe('obligations', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(async () => {
    org = `org-${(orgs += 1)}`;
    await recordTenant(database, org, org);
  });
  afterAll(() => database.close());

  const goBy = (assignment: readonly object[], automatic: object = AUTOMATIC) =>
    usedSetup(database.db, 'obligations', {
      name: `of ${org}`,
      org,
      templates: TEMPLATES,
      assignment,
      automatic,
    });
  const after = async (...versions: readonly (readonly SegmentOf[])[]) => {
    const all = versions.map((segments, index) => ({ version: index + 1, segments }));
    await contractsAfter(database, org, ...all.map((_, index) => amendedTenant(all.slice(0, index + 1))));
    return templates();
  };
  /** By charge: what assigned which template. */
  const templates = async (): Promise<Record<string, string>> => {
    const { 'S-1|1': contract } = await contractsOf(database, org);
    return Object.fromEntries(
      (contract?.obligationItems ?? []).map(({ charge, assignedBy, template }) => [
        charge,
        `${assignedBy} ${template}`,
      ]),
    );
  };

  test('are automatic by the kind of charge: as billed where no booking can be recognised', async () => {
    const kinds = [
      fee('month'),
      fee('once', { to: '2024-01-02', with: { ChargeType: 'One-Time' } }),
      fee('calls', { with: { ChargeType: 'Usage' } }),
      fee('off', { with: { ChargeModel: 'Discount-Fixed Amount' } }),
    ];
    const { Invoice = [], InvoiceItem: [item] = [] } = sampleTenant();
    const billed = { ...item, RatePlanChargeId: 'off-1-v1', SubscriptionId: 'sub-v1' };
    await contractsAfter(database, org, {
      ...amendedTenant([{ version: 1, segments: kinds }]),
      Invoice,
      InvoiceItem: [billed],
    });
    expect(await templates()).toEqual({
      'REVSYNC-item1': 'automatic As Billed',
      calls: 'automatic As Billed',
      month: 'automatic Ratable',
      once: 'automatic Ratable',
    });
  });

  test('are assigned by rule before attributes, by attributes before items, by items before automatic', async () => {
    const item = { kind: 'item', items: ['Fee c', 'Fee b', 'Fee a'], template: 'Other' };
    const attributes = { kind: 'attributes', match: { 'SO Number': 'C-b' }, template: 'Other' };
    const rule = { kind: 'rule', when: "[SO Number] in ('C-a', 'C-x')", template: 'Other' };
    await goBy([item, attributes, rule]);
    expect(await after([fee('a'), fee('b'), fee('c'), fee('d')])).toEqual({
      a: 'rule Other',
      b: 'attributes Other',
      c: 'item Other',
      d: 'automatic Ratable',
    });
  });

  test('go by the attributes that say most, and by every kind of value', async () => {
    const broad = { kind: 'attributes', match: { 'Ordered Qty': '7' }, template: 'Ratable' };
    const narrow = {
      kind: 'attributes',
      match: { 'Ordered Qty': '7', 'Revenue Start Date': '2024-01-01', 'Rate Plan Charge Name': 'Fee a' },
      template: 'Other',
    };
    await goBy([broad, narrow], { ...AUTOMATIC, recurring: 'Other' });
    expect(await after([fee('a', { quantity: '7' }), fee('b', { quantity: '7' }), fee('c')])).toEqual({
      a: 'attributes Other',
      b: 'attributes Ratable',
      c: 'automatic Other',
    });
  });

  test('take items by the id of the product charge, too', async () => {
    await goBy([{ kind: 'item', items: ['prpc'], template: 'Other' }]);
    expect(await after([fee('a')])).toEqual({ a: 'item Other' });
  });

  test('never release amounts of what recurs: such an assignment passes it by', async () => {
    await goBy([
      { kind: 'rule', when: '[Ordered Qty] > 0', template: 'Go-live' },
      { kind: 'item', items: ['prpc'], template: 'Other' },
    ]);
    expect(await after([fee('month'), fee('once', { with: { ChargeType: 'OneTime' } })])).toEqual({
      month: 'item Other',
      once: 'rule Go-live',
    });
    const { 'S-1|1': contract } = await contractsOf(database, org);
    expect(contract?.obligationItems.find(({ charge }) => charge === 'once')).toMatchObject({
      setup: `of ${org}@1`,
      ratableMethod: 'Immediate Using Open Period',
      releaseEvent: 'Go-live',
      processing: 'by-amount',
      accounting: 'partial-monthly',
      retain: 'amount',
    });
  });

  test('keep their template whatever becomes of the default, and later segments keep it with them', async () => {
    const cut = fee('a', { to: '2024-07-01', amount: '50.00' });
    const rest = fee('a', { segment: 2, from: '2024-07-01', quantity: '9' });
    await after([fee('a')]);
    await goBy([{ kind: 'rule', when: '[Ordered Qty] > 0', template: 'Other' }]);
    expect(await after([fee('a')], [cut, rest, fee('b')])).toEqual({
      a: 'automatic Ratable',
      b: 'rule Other',
    });
    const { 'S-1|1': contract } = await contractsOf(database, org);
    expect(contract?.obligationItems[0]?.soLines.map(({ soLineId }) => soLineId)).toEqual(['a.1', 'a.2']);
  });

  test('belong to the charge that is discounted, whose template a discount does not change', async () => {
    await goBy([{ kind: 'item', items: ['Fee off'], template: 'Other' }]);
    expect(await after([fee('a'), fee('off', { amount: '10.00', discounts: 'a.1' })])).toEqual({
      a: 'automatic Ratable',
    });
  });

  test('come to the same when the first segment comes last, and a version says what that changed', async () => {
    const byQuantity = [{ kind: 'rule', when: '[Ordered Qty] = 1', template: 'Other' }];
    await goBy(byQuantity);
    const first = fee('a', { to: '2024-07-01', quantity: '1' });
    const second = fee('a', { segment: 2, from: '2024-07-01', quantity: '9' });
    const tenant = amendedTenant([{ version: 1, segments: [first, second] }]);
    const { ChargeContractualValueAllCharges: prices = [], ...rest } = tenant;
    await contractsAfter(database, org, {
      ...rest,
      ChargeContractualValueAllCharges: prices.filter(({ Id }) => Id === 'a-2-v1'),
    });
    expect(await templates()).toEqual({ a: 'automatic Ratable' });
    await goBy([{ kind: 'rule', when: '[Ordered Qty] = 1', template: 'Ratable' }]);
    const { 'S-1|1': contract } = await contractsAfter(database, org, tenant);
    expect(await templates()).toEqual({ a: 'rule Other' });
    expect(contract?.versions.at(-1)).toMatchObject({
      cause: 'New product, Obligation',
      changes: [
        { soLineId: 'a.1', action: 'new-so' },
        {
          soLineId: 'a.1',
          action: 'obligation',
          fields: { 'Obligation template': { was: 'Ratable', is: 'Other' } },
        },
      ],
    });
  });

  test('are not made by a collection that changes no booking', async () => {
    await after([fee('a')]);
    const before = await contractsOf(database, org);
    await collectOrg(database, org);
    expect(await contractsOf(database, org)).toEqual(before);
  });

  test('are not made without a default: the collection says so and changes nothing', async () => {
    await syncRows(database, amendedTenant([{ version: 1, segments: [fee('a')] }]), { entity: org, org });
    const seeded = (status: 'frozen' | 'default') =>
      sql`update revenue.setup set status = ${status} where kind = 'obligations' and seeded`.execute(
        database.db,
      );
    await seeded('frozen');
    await expect(collectOrg(database, org)).rejects.toMatchObject({
      code: 'OBLIGATION_SETUP_MISSING',
      fate: 'fix-input',
      remedy: expect.stringContaining('revsync obligation default'),
    });
    await seeded('default');
    expect(await contractsOf(database, org)).toEqual({});
  });
});
