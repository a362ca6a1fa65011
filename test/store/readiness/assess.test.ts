import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { CATALOGUE } from '../../../src/domain/catalogue/catalogue.ts';
import { ALL_RULES } from '../../../src/domain/settings/judge-rules.ts';
import type { ReadinessSetting, ReportedRule } from '../../../src/domain/readiness/report.ts';
import { LIMITATIONS } from '../../../src/limitations/all-limitations.ts';
import { PRACTICES } from '../../../src/limitations/all-practices.ts';
import { type Assessment, assess } from '../../../src/store/readiness/assess.ts';
import { readDataSources } from '../../../src/store/readiness/data-sources.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { openReader } from '../../support/reader.ts';
import { adjustment, richTenant } from '../../support/rich-tenant.ts';
import { sampleTenant } from '../../support/sample-tenant.ts';
import { type Rows, syncRows } from '../../support/sync-rows.ts';

/** Every object as an export brings it: what the tenant has none of is an empty file. */
const whole = (rows: Rows): Rows => ({
  ...Object.fromEntries(CATALOGUE.map(({ name }) => [name, []])),
  ...rows,
});

const FITTING: readonly ReadinessSetting[] = [...ALL_RULES.values()].map(
  ({ id, name, required, binding }) => ({
    entity: 'demo',
    setting: id,
    name,
    value: required,
    required,
    fits: true,
    binding,
    why: '',
  }),
);

async function assessed(
  { db }: Pick<TestDatabase, 'db'>,
  more: Partial<Parameters<typeof assess>[1]> = {},
): Promise<Assessment> {
  const data = await readDataSources(db);
  return assess(db, { data, settings: FITTING, access: () => null, ...more });
}

const ruleIn = (found: Assessment, id: string): ReportedRule => {
  const rule = [...found.limitations, ...found.practices].find((each) => each.id === id);
  if (rule === undefined) throw new Error(`no rule ${id}`);
  return rule;
};

describe('assess over a clean tenant', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    await syncRows(database, whole(sampleTenant()), { settlement: false });
  });
  afterAll(() => database.close());

  test('says of every limitation that it does not affect the tenant, or leaves nothing to be found', async () => {
    const { limitations } = await assessed(database);
    expect(limitations.map(({ id }) => id)).toEqual(LIMITATIONS.map(({ id }) => id));
    const others = limitations.filter(({ status }) => status !== 'not-affected' && status !== 'enforced');
    expect(others.map(({ id, why }) => `${id}: ${why}`)).toEqual([]);
    const enforced = limitations.filter(({ status }) => status === 'enforced').map(({ id }) => id);
    const silent = LIMITATIONS.filter(
      ({ inBilling, settings }) => inBilling === null && settings.length === 0,
    );
    expect(enforced).toEqual(silent.map(({ id }) => id));
  });

  test('finds no practice to avoid', async () => {
    const { practices } = await assessed(database);
    expect(practices).toHaveLength(PRACTICES.length);
    expect(practices.map(({ page }) => page)).toEqual(
      PRACTICES.map(({ id }) => `docs/limitations/README.md#${id}`),
    );
    expect(practices.filter(({ status }) => status !== 'not-affected').map(({ id }) => id)).toEqual([]);
  });

  test('a setting that does not fit makes its limitation block, though nothing was found', async () => {
    const [rule] = LIMITATIONS.filter(({ settings }) => settings.length > 0);
    const settings = FITTING.map((each) =>
      rule?.settings.includes(each.setting) === true ? { ...each, value: 'true', fits: false } : each,
    );
    const found = ruleIn(await assessed(database, { settings }), rule?.id ?? '');
    expect(found).toMatchObject({ status: 'affected', weight: 'blocks', count: '0' });
    expect(found.settings.map(({ setting }) => setting)).toEqual(rule?.settings);
  });

  test('says which types have rows, and by which templates they become lines', async () => {
    const { templates } = await assessed(database);
    expect(templates.map(({ type, rows, needed }) => [type, rows, needed])).toEqual([
      ['SO', '1', true],
      ['INV', '2', true],
      ['IIA', '0', false],
      ['CM', '0', false],
      ['DM', '0', false],
    ]);
    expect(templates.every(({ template }) => template !== null)).toBe(true);
  });

  test('cannot say it of a type whose rows were not read, unless Billing has none', async () => {
    const data = (await readDataSources(database.db)).map((each) => ({
      ...each,
      notRead: [...each.notRead, 'InvoiceItemAdjustment'],
    }));
    const adjustments = async (access: 'absent' | 'refused') =>
      (await assessed(database, { data, access: () => access })).templates.find(({ type }) => type === 'IIA');
    expect(await adjustments('refused')).toMatchObject({ rows: null, needed: null });
    expect(await adjustments('absent')).toMatchObject({ rows: '0', needed: false });
  });
});

describe('assess where something was not extracted', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    const { CreditBalanceAdjustment: _left, ...rest } = whole(sampleTenant());
    await syncRows(database, rest);
  });
  afterAll(() => database.close());

  test('nobody can tell what the object decides, and everything else is told', async () => {
    const found = await assessed(database);
    expect(ruleIn(found, 'credit-balance-adjustment')).toMatchObject({
      status: 'cannot-tell',
      untold: [{ entity: 'demo', object: 'CreditBalanceAdjustment', reason: 'not-read' }],
    });
    expect(found.limitations.filter(({ status }) => status === 'cannot-tell')).toHaveLength(1);
  });

  test('an object that Billing does not have needs no look; one that it keeps back is refused', async () => {
    const answered = (access: 'absent' | 'refused') =>
      assessed(database, {
        access: (_entity, object) => (object === 'CreditBalanceAdjustment' ? access : 'ok'),
      });
    const id = 'credit-balance-adjustment';
    expect(ruleIn(await answered('absent'), id).status).toBe('not-affected');
    expect(ruleIn(await answered('refused'), id).untold).toMatchObject([{ reason: 'refused' }]);
  });
});

describe('assess over a rich tenant', () => {
  let database: TestDatabase;
  const tenant = troubled();
  beforeAll(async () => {
    database = await openTestDatabase();
    await syncRows(database, whole(tenant), { settlement: false });
  });
  afterAll(() => database.close());

  test('its counts equal those of somebody who reads the rows one by one', async () => {
    const { limitations } = await assessed(database);
    const found = limitations.filter(({ count }) => count !== '0').map(({ id, count }) => [id, count]);
    const charges = tenant['RatePlanCharge'] ?? [];
    const counted = {
      'undated-pending-charges': charges.filter(
        (row) => row['EffectiveStartDate'] === null && row['SubscriptionId'] === 'pending',
      ),
      'usage-booking-based': charges.filter((row) => row['ChargeType'] === 'Usage'),
      'fixed-discount-booking-based': charges.filter((row) =>
        row['ChargeModel']?.startsWith('Discount-Fixed'),
      ),
      'standalone-billing-transactions': tenant['InvoiceItemAdjustment'] ?? [],
      'prepayment-charge': charges.filter((row) => row['IsPrepaid'] === 'true'),
    };
    expect(found).toEqual(Object.entries(counted).map(([id, rows]) => [id, String(rows.length)]));
  });

  test('its amounts add up exactly, and its samples are those with the most at stake', async () => {
    const found = await assessed(database);
    const prepaid = ruleIn(found, 'prepayment-charge');
    expect(prepaid).toMatchObject({
      status: 'affected',
      weight: 'stops',
      amounts: [{ currency: 'USD', amount: '210.75', gross: '210.75' }],
      entities: [{ entity: 'demo', count: '2' }],
    });
    expect(prepaid.samples.map(({ id, amount }) => [id, amount])).toEqual([
      ['prepaid-b', '140.5'],
      ['prepaid-a', '70.25'],
    ]);
    expect(ruleIn(found, 'standalone-billing-transactions').amounts).toEqual([
      { currency: 'USD', amount: '-42.5', gross: '42.5' },
    ]);
  });

  test('custom fields come with their fill rate and an attribute that is free', async () => {
    const { customFields } = await assessed(database);
    expect(customFields).toEqual([
      {
        entity: 'demo',
        object: 'RatePlanCharge',
        field: 'Region__c',
        filled: '1',
        rows: '7',
        rate: '14.3',
        mappedBy: [],
        suggestion: { type: 'SO', from: 'RatePlanCharge.Region__c', to: 'ATR1' },
      },
    ]);
  });
});

describe('assess for a reader of one organisation', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    const [charge = {}] = sampleTenant()['RatePlanCharge'] ?? [];
    const prepaid = {
      ...sampleTenant(),
      RatePlanCharge: [{ ...charge, IsPrepaid: 'true', Secret__c: 'yes' }],
    };
    await syncRows(database, whole(prepaid), { entity: 'theirs', org: 'theirs' });
    await syncRows(database, whole(sampleTenant()), { entity: 'ours', org: 'ours' });
  });
  afterAll(() => database.close());

  test('tells nothing of another one: no entity, no count, no field', async () => {
    const reader = await openReader(database, ['ours']);
    try {
      const data = await readDataSources(reader.db);
      expect(data.map(({ entity }) => entity)).toEqual(['ours']);
      const found = await assessed(reader);
      expect(ruleIn(found, 'prepayment-charge')).toMatchObject({ count: '0', status: 'not-affected' });
      expect(JSON.stringify(found)).not.toMatch(/theirs|Secret__c/);
      expect(ruleIn(await assessed(database), 'prepayment-charge').entities).toEqual([
        { entity: 'theirs', count: '1' },
      ]);
    } finally {
      await reader.close();
    }
  });
});

/** The rich tenant with charges of the kinds that are not supported, or not as one may expect. */
function troubled(): Rows {
  const rich = richTenant();
  const [charge = {}] = rich['RatePlanCharge'] ?? [];
  const [price = {}] = rich['ChargeContractualValueAllCharges'] ?? [];
  const another = (id: string, amount: string, change: Record<string, string | null>) => ({
    charge: { ...charge, Id: id, OriginalId: id, ChargeNumber: `C-${id}`, ...change },
    price: { ...price, Id: `ccv-${id}`, RatePlanChargeId: id, Amount: amount },
  });
  const others = [
    another('prepaid-a', '70.25', { IsPrepaid: 'true' }),
    another('prepaid-b', '140.50', { IsPrepaid: 'true' }),
    another('usage', '0', { ChargeType: 'Usage' }),
    another('undated', '10', { EffectiveStartDate: null, EffectiveEndDate: null }),
    another('pending', '20', {
      EffectiveStartDate: null,
      EffectiveEndDate: null,
      SubscriptionId: 'pending',
    }),
    another('fixed', '-5', { ChargeModel: 'Discount-Fixed Amount' }),
  ];
  const [subscription = {}] = rich['Subscription'] ?? [];
  const pending = { ...subscription, Id: 'pending', Name: 'S-2', Status: 'Pending Activation' };
  return {
    ...rich,
    Subscription: [subscription, pending],
    RatePlanCharge: [{ ...charge, Region__c: 'EMEA' }, ...others.map((each) => each.charge)],
    ChargeContractualValueAllCharges: [price, ...others.map((each) => each.price)],
    InvoiceItemAdjustment: [adjustment(), adjustment({ Id: 'adj2', Amount: '12.50' })],
  };
}
