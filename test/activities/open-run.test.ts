import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import {
  type ActivityGround,
  extractedAndTransformed,
  failureOf,
  newOwner,
  NOW,
  openActivityGround,
  runFor,
  synced,
} from '../support/activities.ts';

describe('openSyncRun', () => {
  let ground: ActivityGround;
  beforeAll(async () => void (ground = await openActivityGround()));
  afterAll(() => ground.close());
  afterEach(async () => {
    ground.world.now = NOW;
    ground.world.isOver = async () => false;
    await sql`update control.run set state = 'aborted', closed_at = now() where state = 'open'`.execute(
      ground.database.db,
    );
  });

  const open = (owner = newOwner(), request = {}) => runFor(ground, owner)('openSyncRun', request);

  test('answers the same run to its owner however often it is tried', async () => {
    const owner = newOwner();
    const first = await open(owner);
    expect(first).toMatchObject({ entity: 'demo', org: 'default', window: { from: null } });
    expect(await runFor(ground, owner, 2)('openSyncRun', {})).toEqual(first);
  });

  test('freezes the window: a retry an hour later answers the window of the first try', async () => {
    const owner = newOwner();
    const first = await open(owner);
    ground.world.now += 3_600_000;
    expect(await runFor(ground, owner, 2)('openSyncRun', {})).toEqual(first);
  });

  test('lets a second workflow wait, and names the first', async () => {
    await open(newOwner('revenue-sync/by-ann'));
    const failure = await failureOf(open());
    expect(failure).toMatchObject({ type: 'RUN_IN_PROGRESS', nonRetryable: false, category: 'BENIGN' });
    expect(failure.nextRetryDelay).toBe(5_000);
    expect(failure.message).toContain('revenue-sync/by-ann');
  });

  test('takes its turn as soon as the first one is over', async () => {
    const first = newOwner();
    const { run } = await open(first);
    const second = newOwner();
    await failureOf(open(second));
    await runFor(ground, first)('abandonRun', { run, reason: 'test' });
    expect((await open(second)).run).not.toBe(run);
  });

  test('refuses a second workflow that does not want to queue', async () => {
    await open(newOwner('revenue-sync/by-ann'));
    const failure = await failureOf(open(newOwner(), { queue: false }));
    expect(failure).toMatchObject({ type: 'RUN_REFUSED', nonRetryable: true });
    expect(failure.message).toContain('revenue-sync/by-ann');
  });

  test('opens one run when two workflows ask at the same moment', async () => {
    const answers = await Promise.allSettled([open(), open(), open()]);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('asks about the owner of an open run, and leaves it alone while that works', async () => {
    const first = newOwner();
    await open(first);
    const asked: unknown[] = [];
    ground.world.isOver = async (owner) => {
      asked.push(owner);
      return false;
    };
    await failureOf(open());
    expect(asked).toEqual([first]);
  });

  test('takes a chosen window as it is, also without its beginning', async () => {
    const owner = newOwner();
    const to = '2024-06-01T00:00:00.000Z';
    const { window } = await open(owner, { to });
    expect(window.from).toBeNull();
    expect(Date.parse(window.to)).toBe(Date.parse(to));
  });

  test('ends a window where the run was due, and says so', async () => {
    const owner = newOwner();
    const due = new Date(NOW - 86_400_000).toISOString();
    const first = await open(owner, { due });
    expect(first).toMatchObject({ note: `due at ${due}` });
    expect(Date.parse(first.window.to)).toBe(NOW - 86_400_000);
    expect(await runFor(ground, owner, 2)('openSyncRun', { due })).toEqual(first);
  });

  test('takes a chosen end instead of when the run was due', async () => {
    const to = '2024-06-01T00:00:00.000Z';
    const opened = await open(newOwner(), { to, due: '2024-01-01T00:00:00.000Z' });
    expect(Date.parse(opened.window.to)).toBe(Date.parse(to));
    expect(opened).not.toHaveProperty('note');
  });

  test('names the entities there are when it knows none of that name', async () => {
    const failure = await failureOf(open(newOwner(), { entity: 'nobody' }));
    expect(failure).toMatchObject({ type: 'ENTITY_UNKNOWN', nonRetryable: true });
    expect(failure.message).toContain('demo');
  });
});

describe('openSyncRun after a run whose workflow is over', () => {
  let ground: ActivityGround;
  beforeAll(async () => void (ground = await openActivityGround()));
  afterAll(() => ground.close());

  test('gives that run up, and the next run transforms what it had loaded', async () => {
    const dead = newOwner('revenue-sync/dead');
    const left = await extractedAndTransformed(ground, dead);
    await sql`delete from staging.line_state`.execute(ground.database.db);
    await sql`delete from staging.line`.execute(ground.database.db);
    ground.world.isOver = async ({ workflowId }) => workflowId === 'revenue-sync/dead';

    const heir = newOwner();
    const opened = await runFor(ground, heir)('openSyncRun', {});
    expect(opened.run).not.toBe(left.run);
    const { rows } = await sql<{ state: string; outcome: string }>`
      select state, outcome from control.run where run = ${left.run}`.execute(ground.database.db);
    expect(rows).toEqual([{ state: 'aborted', outcome: 'its workflow is over' }]);

    const formed = await runFor(ground, heir)('transform', opened, 'INV');
    expect(Number(formed.drivers)).toBeGreaterThan(0);
    expect(Number(formed.lines)).toBeGreaterThan(0);

    const { run, finished } = await synced(ground, heir);
    expect({ run, outcome: finished.outcome }).toEqual({ run: opened.run, outcome: 'completed' });
  });
});

describe('openSyncRun of a tenant with several entities', () => {
  let ground: ActivityGround;
  beforeAll(
    async () => void (ground = await openActivityGround('items=40,seed=7,entities=2,currencies=USD,EUR')),
  );
  afterAll(() => ground.close());

  const open = (request = {}) => runFor(ground, newOwner())('openSyncRun', request);

  test('lists the entities by key, the bare parent too', async () => {
    const { entities } = await runFor(ground, newOwner())('readEntities');
    expect(entities).toEqual(['Sandbox-Entity-1', 'Sandbox-Entity-2', 'Sandbox-Global']);
  });

  test('asks for an entity, with the JSON that names one', async () => {
    const failure = await failureOf(open());
    expect(failure).toMatchObject({ type: 'ENTITY_NEEDED', nonRetryable: true });
    const [details] = failure.details as [{ remedy: string }];
    expect(details.remedy).toContain('{"entity": "Sandbox-Entity-1"}');
  });

  test('finds the entity by its key, its Billing id and its display name', async () => {
    const byKey = await open({ entity: 'Sandbox-Entity-1' });
    expect(byKey).toMatchObject({ entity: 'Sandbox-Entity-1', org: 'Sandbox-Entity-1' });
    const { rows } = await sql<{ billing_id: string }>`
      select billing_id from control.entity where entity = 'Sandbox-Entity-1'`.execute(ground.database.db);
    for (const name of [rows[0]?.billing_id, 'Sandbox Entity 1']) {
      const failure = await failureOf(open({ entity: name }));
      expect(failure.message).toContain('A run of Sandbox-Entity-1 is open');
    }
  });

  test('opens runs of two entities side by side', async () => {
    expect(await open({ entity: 'Sandbox-Entity-2' })).toMatchObject({ entity: 'Sandbox-Entity-2' });
  });

  test('opens none of an entity that the credentials may not read', async () => {
    ground.world.billing = (real) => ({
      ...real,
      entities: async () =>
        (await real.entities()).map((entity) =>
          entity.name === 'Entity 2' ? { ...entity, homeCurrency: null, readable: false } : entity,
        ),
    });
    const failure = await failureOf(open({ entity: 'Sandbox-Entity-2' }));
    expect(failure).toMatchObject({ type: 'BILLING_PERMISSION_MISSING', nonRetryable: true });
    expect(failure.message).toContain('Sandbox-Entity-2');
    ground.world.billing = (real) => real;
  });

  test('invents no entity where Billing keeps the list from us', async () => {
    ground.world.billing = (real) => ({ ...real, entities: async () => [] });
    const { entities } = await runFor(ground, newOwner())('readEntities');
    expect(entities).toEqual(['Sandbox-Entity-1', 'Sandbox-Entity-2', 'Sandbox-Global']);
    ground.world.billing = (real) => real;
  });

  test('keeps each entity’s home currency', async () => {
    const { rows } = await sql<{ entity: string; home_currency: string }>`
      select entity, home_currency from control.entity order by entity`.execute(ground.database.db);
    expect(rows.map(({ home_currency: currency }) => currency)).toEqual(['USD', 'EUR', 'USD']);
  });
});
