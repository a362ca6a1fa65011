import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Billing } from '../../src/billing/port.ts';
import { RevsyncError } from '../../src/domain/errors.ts';
import type { SettingsReport } from '../../src/domain/settings/settings-result.ts';
import { digest } from '../../src/store/digest.ts';
import { lookupValue } from '../../src/store/lookups.ts';
import { profileValue, setByHand } from '../../src/store/profiles.ts';
import {
  type ActivityGround,
  failureOf,
  newOwner,
  openActivityGround,
  runFor,
} from '../support/activities.ts';

type Answer = (key: string, body: unknown) => unknown;

/** Billing whose settings are answered otherwise. */
const answering =
  (answer: Answer) =>
  (real: Billing): Billing => ({
    ...real,
    setting: async (key) => answer(key, await real.setting(key)),
  });
const refused = (): never => {
  throw new RevsyncError('Not for you.', {
    code: 'BILLING_PERMISSION_MISSING',
    fate: 'fix-input',
    remedy: 'Ask for it.',
  });
};

async function synced(
  ground: ActivityGround,
  owner = newOwner('settings-sync/demo'),
): Promise<SettingsReport> {
  const run = runFor(ground, owner);
  await run('readSettings');
  return run('configureSettings');
}
const fitsOf = ({ rules }: SettingsReport, rule: string) =>
  rules.filter((each) => each.rule === rule).map(({ entity, value, fits }) => [entity, value, fits]);
const named = ({ changes }: SettingsReport) =>
  changes.map(({ name, code, before, after }) => [code ?? name, before, after]);

describe('the settings of a tenant without entities', () => {
  let ground: ActivityGround;
  beforeAll(async () => void (ground = await openActivityGround()));
  afterAll(() => ground.close());

  test('are read and judged, and configure what follows', async () => {
    const report = await synced(ground);
    expect(report).toMatchObject({ outcome: 'completed', entities: ['demo'], kept: [] });
    expect(report.rules.filter(({ fits }) => fits !== true).map(({ rule }) => rule)).toEqual([
      'recurring-credit-proration',
    ]);
    expect(report.features.map(({ feature, on }) => [feature, on])).toEqual(
      expect.arrayContaining([
        ['Orders', false],
        ['Invoice Settlement', false],
        ['Currency Conversion', true],
        ['Multi-entity', false],
      ]),
    );
    const { db } = ground.database;
    const profiles = [
      'ZBILLING_INTEGRATION',
      'ZBILL_MULTI_ENTITY_MULTI_ORG',
      'MAINTAIN_OPEN_PERIOD',
      'KS_ENABLE_ZBILL_EXCHG_RATE',
      'KS_ENABLE_PENDING_ORDERS_GEN',
      'BILLING_EXCHANGE_RATE_DATE',
      'REPORTING_CURRENCY',
    ];
    expect(await Promise.all(profiles.map((name) => profileValue(db, name)))).toEqual([
      'Yes',
      'No',
      'Org',
      'Y',
      'N',
      'Latest Rate Available',
      null,
    ]);
    expect(await lookupValue(db, 'RPRO_KS_ZUORA_ENTITIES', 'demo')).toBe('default');
    expect(await lookupValue(db, 'AUTO_REVENUE_SYNC', 'Auto_Collect')).toBe('Y');
    expect(await lookupValue(db, 'AUTO_REVENUE_SYNC', 'RevenueSync_Duration')).toBe('30');
  });

  test('write nothing when they are read again and are the same', async () => {
    const before = await digest(ground.database.db);
    expect(await synced(ground)).toMatchObject({ outcome: 'nothing-to-do', changes: [], kept: [] });
    expect(await digest(ground.database.db)).toEqual(before);
  });

  test('write the difference, and only that, when one changes', async () => {
    ground.world.billing = answering((key, body) =>
      key === 'fx-currencies' ? { ...(body as object), exportEnabled: false } : body,
    );
    const report = await synced(ground);
    expect(named(report)).toEqual([
      ['currency-conversion-export', 'true', 'false'],
      ['KS_ENABLE_ZBILL_EXCHG_RATE', 'Y', 'N'],
    ]);
    expect(fitsOf(report, 'currency-conversion-export')).toEqual([['demo', 'false', false]]);
  });

  test('leave alone what a person set', async () => {
    const { db } = ground.database;
    await setByHand(db, {
      name: 'KS_ENABLE_ZBILL_EXCHG_RATE',
      code: null,
      value: 'N',
      by: 'ann',
      reason: 'We reconcile by invoice date.',
    });
    ground.world.billing = (real) => real;
    const report = await synced(ground);
    expect(named(report)).toEqual([['currency-conversion-export', 'false', 'true']]);
    expect(report.kept).toMatchObject([
      { name: 'KS_ENABLE_ZBILL_EXCHG_RATE', value: 'N', setBy: 'ann', wouldBe: 'Y' },
    ]);
    expect(await profileValue(db, 'KS_ENABLE_ZBILL_EXCHG_RATE')).toBe('N');
    const again = await synced(ground);
    expect([again.outcome, again.kept.length]).toEqual(['nothing-to-do', 1]);
  });

  test('are reported whole by an attempt whose forerunner died after it had written', async () => {
    ground.world.billing = answering((key, body) =>
      key === 'billing-rules' ? { ...(body as object), oneTimeCreditBack: false } : body,
    );
    const owner = newOwner('settings-sync/demo');
    await runFor(ground, owner)('readSettings');
    await runFor(ground, owner, 2)('readSettings');
    await runFor(ground, owner)('configureSettings');
    const report = await runFor(ground, owner, 2)('configureSettings');
    expect(named(report)).toEqual([['one-time-credit-back', 'true', 'false']]);
    expect(report.outcome).toBe('completed');
  });

  test('are not known where they may not be read, and then leave profiles as they are', async () => {
    ground.world.billing = answering((key, body) => (key === 'billing-rules' ? refused() : body));
    const report = await synced(ground);
    expect(fitsOf(report, 'days-in-month')).toEqual([['demo', null, null]]);
    expect(report.changes.filter(({ kind }) => kind !== 'billing-setting')).toEqual([]);
  });

  test('fail the activity, to be tried again, where Billing is broken', async () => {
    ground.world.billing = answering(() => {
      throw new RevsyncError('Broken.', { code: 'BILLING_BUSY', fate: 'retry', remedy: 'Wait.' });
    });
    const failure = await failureOf(runFor(ground, newOwner())('readSettings'));
    expect(failure).toMatchObject({ type: 'BILLING_BUSY', nonRetryable: false });
  });

  test('are unknown where the integration user may not read the home currency, and all others are read', async () => {
    ground.world.billing = (real) => ({
      ...real,
      setting: async (key) => (key === 'fx-currencies' ? refused() : real.setting(key)),
    });
    const report = await synced(ground);
    expect(fitsOf(report, 'currency-conversion-export')).toEqual([['demo', null, null]]);
    expect(fitsOf(report, 'one-time-credit-back')).toEqual([['demo', 'true', true]]);
  });
});

describe('the settings of a tenant without Currency Conversion', () => {
  let ground: ActivityGround;
  beforeAll(async () => {
    ground = await openActivityGround();
    ground.world.billing = answering((key, body) => (key === 'fx-currencies' ? null : body));
  });
  afterAll(() => ground.close());

  test('say plainly that the home currency is required, and where to set it', async () => {
    const report = await synced(ground);
    const [rule] = report.rules.filter((each) => each.rule === 'home-currency');
    expect(rule).toMatchObject({ value: null, fits: false });
    expect(rule?.why).toMatch(/required.*Finance > Manage Currency Conversion.*parent entity/);
    expect(report.features).toContainEqual(
      expect.objectContaining({ feature: 'Currency Conversion', on: false }),
    );
    expect(await profileValue(ground.database.db, 'KS_ENABLE_ZBILL_EXCHG_RATE')).toBe('N');
  });

  test('fit once it is set in Billing, which is taken then', async () => {
    ground.world.billing = (real) => real;
    const report = await synced(ground);
    expect(fitsOf(report, 'home-currency')).toEqual([['demo', 'USD', true]]);
    const { rows } = await ground.database.pool.query('select home_currency from control.entity');
    expect(rows).toEqual([{ home_currency: 'USD' }]);
    expect(await profileValue(ground.database.db, 'KS_ENABLE_ZBILL_EXCHG_RATE')).toBe('Y');
  });
});

describe('the settings of a tenant with entities', () => {
  let ground: ActivityGround;
  let ids: ReadonlyMap<string, string>;
  beforeAll(async () => {
    ground = await openActivityGround('items=40,seed=7,entities=2,currencies=USD,EUR');
    await runFor(ground, newOwner())('readEntities');
    const { rows } = await ground.database.pool.query<{ entity: string; billing_id: string }>(
      'select entity, billing_id from control.entity',
    );
    ids = new Map(rows.map((row) => [row.entity, row.billing_id]));
  });
  afterAll(() => ground.close());

  test('are read of each, and configure the mapping and the zones, and choose no reporting currency', async () => {
    const report = await synced(ground);
    expect(report.entities).toEqual(['Sandbox-Entity-1', 'Sandbox-Entity-2', 'Sandbox-Global']);
    expect(fitsOf(report, 'home-currency')).toEqual([
      ['Sandbox-Entity-1', 'USD', true],
      ['Sandbox-Entity-2', 'EUR', true],
      ['Sandbox-Global', 'USD', true],
    ]);
    expect(report.features.filter(({ feature }) => feature === 'Orders').map(({ on }) => on)).toEqual([
      true,
      true,
      true,
    ]);
    const { db } = ground.database;
    expect(await profileValue(db, 'ZBILL_MULTI_ENTITY_MULTI_ORG')).toBe('Yes');
    expect(await profileValue(db, 'REPORTING_CURRENCY')).toBeNull();
    const id = ids.get('Sandbox-Entity-2') ?? '';
    expect(await lookupValue(db, 'RPRO_KS_ZUORA_ENTITIES', id)).toBe('Sandbox-Entity-2');
    expect(await lookupValue(db, 'RPRO_KS_ZUORA_ENTITIES_TIMEZONE', id)).toBe('Europe/Berlin');
  });

  test('differ between entities: one that changes is reported of that entity', async () => {
    ground.world.billing = (real) => ({
      ...real,
      setting: async (key) => {
        const body = await real.setting(key);
        const { homeCurrencyCode } = (await real.setting('fx-currencies')) as { homeCurrencyCode: string };
        const other = key === 'billing-rules' && homeCurrencyCode === 'EUR';
        return other ? { ...(body as object), daysInMonth: 'Assume30Days' } : body;
      },
    });
    const report = await synced(ground);
    expect(report.changes).toMatchObject([
      { kind: 'billing-setting', name: 'days-in-month', entity: 'Sandbox-Entity-2', after: 'Assume30Days' },
    ]);
    expect(fitsOf(report, 'days-in-month').map(([, , fits]) => fits)).toEqual([true, false, true]);
    ground.world.billing = (real) => real;
  });

  test('of an entity that may not be read are not known, and are not asked for', async () => {
    ground.world.billing = (real) => ({
      ...real,
      entities: async () =>
        (await real.entities()).map((entity) =>
          entity.name === 'Entity 2' ? { ...entity, homeCurrency: null, readable: false } : entity,
        ),
    });
    const report = await synced(ground);
    const unknown = report.rules.filter(({ fits, rule }) => fits === null && !rule.startsWith('recurring'));
    expect(new Set(unknown.map(({ entity }) => entity))).toEqual(new Set(['Sandbox-Entity-2']));
    expect(report.features).toContainEqual(
      expect.objectContaining({ entity: 'Sandbox-Entity-2', feature: 'Orders', on: null }),
    );
    expect(fitsOf(report, 'home-currency')[1]).toEqual(['Sandbox-Entity-2', 'EUR', true]);
    ground.world.billing = (real) => real;
  });
});
