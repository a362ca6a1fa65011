import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Billing, BillingEntity } from '../../src/billing/port.ts';
import { listFindings } from '../../src/store/list-findings.ts';
import { rememberTenantName } from '../../src/store/tenant-name.ts';
import {
  type ActivityGround,
  failureOf,
  newOwner,
  openActivityGround,
  runFor,
  synced,
} from '../support/activities.ts';

const readEntities = (ground: ActivityGround) => runFor(ground, newOwner())('readEntities');
const open = (ground: ActivityGround, entity?: string, owner = newOwner()) =>
  runFor(ground, owner)('openSyncRun', { entity });
const openFindings = ({ database }: ActivityGround) =>
  listFindings(database.db, { finding: 'home-currency-changed', open: true });

describe('the name of a tenant without entities', () => {
  let ground: ActivityGround;
  beforeAll(async () => void (ground = await openActivityGround()));
  afterAll(() => ground.close());

  const names = async (tenantName: string | null) => {
    ground.world.tenantName = tenantName;
    await readEntities(ground);
    const { rows } = await ground.database.pool.query('select entity_name, display_name from control.entity');
    return rows;
  };

  test('is its key, until the enablement is told one; what is configured goes before it', async () => {
    expect(await names(null)).toEqual([{ entity_name: 'demo', display_name: 'demo' }]);
    await rememberTenantName(ground.database.db, 'Acme Inc.', 'ann');
    expect(await names(null)).toEqual([{ entity_name: 'Acme Inc.', display_name: 'Acme Inc.' }]);
    expect(await names('Configured')).toEqual([{ entity_name: 'Configured', display_name: 'Configured' }]);
    expect(await names(null)).toEqual([{ entity_name: 'Acme Inc.', display_name: 'Acme Inc.' }]);
  });
});

describe('the name of a tenant that changes after lines were collected', () => {
  let ground: ActivityGround;
  beforeAll(async () => void (ground = await openActivityGround()));
  afterAll(() => ground.close());

  const lines = async () => {
    const { rows } = await ground.database.pool.query<Line>(`
      select l.id, l.business_unit, l.company_code, r.line is not null as collected
      from staging.line as l left join revenue.line as r on r.entity = l.entity and r.line = l.id order by l.id`);
    return rows;
  };

  test('stays on every one of them, whatever is synced again', async () => {
    await synced(ground);
    const collecting = runFor(ground, newOwner('data-collection/default'));
    await collecting('collectLines', await collecting('openDataCollection', { org: 'default' }));
    const before = await lines();
    const collected = before.filter((line) => line.collected);
    expect(collected.length).toBeGreaterThan(10);

    ground.world.tenantName = 'Another Inc.';
    ground.world.now += 3_600_000;
    const touched = collected.flatMap(({ id }) => (id.startsWith('INV:') ? [{ Id: id.slice(4) }] : []));
    await ground.sandbox('changes', { object: 'InvoiceItem', rows: touched.slice(0, 5) });
    await synced(ground);
    await synced(ground, newOwner(), { to: new Date(ground.world.now).toISOString() });
    expect(await lines()).toEqual(before);
    expect(new Set(before.map((line) => line.business_unit))).toEqual(new Set(['Demo Inc.']));
    const { rows } = await ground.database.pool.query('select display_name from control.entity');
    expect(rows).toEqual([{ display_name: 'Another Inc.' }]);
  });
});

interface Line {
  readonly id: string;
  readonly collected: boolean;
  readonly business_unit: string;
  readonly company_code: string;
}

describe('a home currency that is another in Billing', () => {
  let ground: ActivityGround;
  beforeAll(
    async () => void (ground = await openActivityGround('items=40,seed=7,entities=2,currencies=USD,EUR')),
  );
  afterAll(() => ground.close());

  const tell = (homes: Readonly<Record<string, string | null>>): void => {
    const changed = (entity: BillingEntity): BillingEntity =>
      entity.name in homes ? { ...entity, homeCurrency: homes[entity.name] ?? null } : entity;
    ground.world.billing = (real: Billing) => ({
      ...real,
      entities: async () => (await real.entities()).map(changed),
    });
  };

  test('stops the sync of its entity, which waits for a person', async () => {
    tell({});
    await readEntities(ground);
    tell({ 'Entity 2': 'GBP' });
    const failure = await failureOf(open(ground, 'Sandbox-Entity-2'));
    expect(failure).toMatchObject({ type: 'HOME_CURRENCY_CHANGED', nonRetryable: true });
    expect(failure.message).toBe(
      'Billing tells GBP as the home currency of Sandbox-Entity-2, which is EUR here and cannot change.',
    );
    expect(await openFindings(ground)).toMatchObject([
      { entity: 'Sandbox-Entity-2', org: 'Sandbox-Entity-2' },
    ]);
    const { rows } = await ground.database.pool.query('select entity from control.run');
    expect(rows).toEqual([]);
  });

  test('lets other entities go on', async () => {
    expect(await open(ground, 'Sandbox-Entity-1')).toMatchObject({ entity: 'Sandbox-Entity-1' });
  });

  test('does not hide behind a list that is kept from us', async () => {
    ground.world.billing = (real) => ({ ...real, entities: async () => [] });
    expect(await failureOf(open(ground, 'Sandbox-Entity-2'))).toMatchObject({
      type: 'HOME_CURRENCY_CHANGED',
    });
  });

  test('is resolved once Billing tells the old one, and the sync goes on', async () => {
    tell({});
    expect(await open(ground, 'Sandbox-Entity-2')).toMatchObject({ entity: 'Sandbox-Entity-2' });
    expect(await openFindings(ground)).toEqual([]);
  });

  test('of a parent concerns whoever has none of its own', async () => {
    tell({ Global: 'JPY', 'Entity 1': null });
    await readEntities(ground);
    expect((await openFindings(ground)).map(({ entity }) => entity)).toEqual([
      'Sandbox-Entity-1',
      'Sandbox-Global',
    ]);
  });
});

describe('a home currency that is set in Billing after runs without one', () => {
  let ground: ActivityGround;
  beforeAll(async () => void (ground = await openActivityGround()));
  afterAll(() => ground.close());

  const tell = (code: string | null): void => {
    ground.world.billing = (real) => ({
      ...real,
      setting: async (key) => (key === 'fx-currencies' ? { homeCurrencyCode: code } : real.setting(key)),
    });
  };
  const home = async () => {
    const { rows } = await ground.database.pool.query('select home_currency from control.entity');
    return rows;
  };

  test('is taken once, and any other stops the sync from then on', async () => {
    tell(null);
    const owner = newOwner();
    const { run } = await open(ground, undefined, owner);
    await runFor(ground, owner)('abandonRun', { run, reason: 'a test' });
    expect(await home()).toEqual([{ home_currency: null }]);
    tell('EUR');
    await readEntities(ground);
    expect(await home()).toEqual([{ home_currency: 'EUR' }]);
    tell('USD');
    expect(await failureOf(open(ground))).toMatchObject({ type: 'HOME_CURRENCY_CHANGED' });
    expect(await home()).toEqual([{ home_currency: 'EUR' }]);
  });
});
