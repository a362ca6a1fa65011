import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type RunGauges, runGauges } from '../../../src/store/metrics/run-gauges.ts';
import { abortRun, openRun } from '../../../src/store/runs.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { openReader } from '../../support/reader.ts';
import { loadRows, recordTenant, syncRows } from '../../support/sync-rows.ts';

const ACCOUNT = { Id: 'acc', Currency: 'USD', UpdatedDate: '2024-01-01T00:00:00Z' };

describe('runGauges', () => {
  let database: TestDatabase;
  let gauges: RunGauges;

  const begin = async (entity: string, runId: string): Promise<string> => {
    const opened = await openRun(database.db, {
      entity,
      org: entity,
      owner: { workflowId: `revenue-sync/${entity}`, runId },
      window: {
        from: null,
        to: '2024-02-01T10:00:00Z',
        lookBack: false,
        movesMark: true,
        selection: {},
      },
    });
    return opened?.run ?? '';
  };
  const of = (entity: string) => gauges.entities.find((each) => each.entity === entity);
  const runsOf = (entity: string) =>
    Object.fromEntries(
      gauges.runs.filter((each) => each.entity === entity).map(({ outcome, count }) => [outcome, count]),
    );

  beforeAll(async () => {
    database = await openTestDatabase();
    const { db } = database;
    for (const org of ['north', 'south'])
      await syncRows(database, { Account: [ACCOUNT] }, { entity: org, org });
    await sql`update control.mark set high_water = now() - interval '3 hours' where entity = 'north'`.execute(
      db,
    );
    await sql`update control.run set opened_at = closed_at - interval '90 seconds' where entity = 'north'`.execute(
      db,
    );
    // Folded idle runs of a loop, beside one that is not folded.
    await sql`
      insert into control.run (entity, org, state, owner_workflow, owner_run, window_to, look_back, sides, asked,
        outcome, closed_at, idle_runs, idle_since)
      values ('north', 'north', 'completed', 'w', 'r', now(), false, '{}', '{}', 'nothing-to-do',
        now(), 41, now() - interval '1 hour')`.execute(db);

    await recordTenant(database, 'west', 'west');
    await abortRun(db, await begin('west', 'first'), 'the contract with Zuora ended');
    const open = await begin('west', 'second');
    await sql`update control.run set opened_at = now() - interval '10 minutes' where run = ${open}`.execute(
      db,
    );
    await loadRows(database, { run: open, entity: 'west', org: 'west' }, 'Account', [
      ACCOUNT,
      { ...ACCOUNT, UpdatedDate: 'not an instant', Id: 'bad' },
    ]);
    await recordTenant(database, 'never', 'never');
    gauges = await runGauges(db);
  });
  afterAll(() => database.close());

  test('the lag of the mark grows while it stands still', () => {
    expect(of('north')?.lag).toBeGreaterThanOrEqual(3 * 3600);
    expect(of('north')?.lag).toBeLessThan(3 * 3600 + 60);
    expect(of('north')?.mark).toBeCloseTo(Date.now() / 1000 - 3 * 3600, -3);
    expect(of('south')?.mark).toBe(Date.parse('2024-02-15T00:00:00Z') / 1000);
  });

  test('a success and its duration are those of the newest run that was completed', async () => {
    expect(of('south')?.lastSuccess).toBeCloseTo(Date.now() / 1000, -3);
    expect(of('south')?.open).toBe(0);
    await sql`delete from control.run where idle_runs > 0`.execute(database.db);
    const { entities } = await runGauges(database.db);
    expect(entities.find(({ entity }) => entity === 'north')?.lastDuration).toBe(90);
  });

  test('an entity whose runs all failed has neither mark nor success, and says how long the open one is open', () => {
    expect(of('west')).toMatchObject({ mark: null, lag: null, lastSuccess: 0 });
    expect(of('west')?.open).toBeGreaterThanOrEqual(600);
    expect(of('west')?.open).toBeLessThan(660);
  });

  test('an entity that never ran is not there', () => {
    expect(gauges.entities.map(({ entity }) => entity)).toEqual(['north', 'south', 'west']);
  });

  test('runs that are over are counted by outcome, folded ones included, whatever reason was given', () => {
    expect(runsOf('north')).toEqual({ completed: 1, 'nothing-to-do': 42 });
    expect(runsOf('west')).toEqual({ aborted: 1 });
  });

  test('rows are those of the newest run, also while it is open', () => {
    expect(gauges.rows.filter(({ entity }) => entity === 'west')).toEqual([
      { entity: 'west', object: 'Account', extracted: 2, changed: 1, unchanged: 0, rejected: 1 },
    ]);
  });

  describe('differences of the balance', () => {
    const differences = async (entity: string) =>
      (await runGauges(database.db)).entities.find((each) => each.entity === entity)?.differences;
    const unequal = (entity: string) =>
      sql`update control.balance set staged = staged + 1
        where run = (select max(run) from control.run where entity = ${entity})`.execute(database.db);

    test('are the objects that do not add up in a completed run', async () => {
      expect(await differences('south')).toBe(0);
      await unequal('south');
      expect(await differences('south')).toBe(1);
    });

    test('are not told of an open run before it is at its balance', async () => {
      await unequal('west');
      expect(await differences('west')).toBe(0);
      await sql`update control.run set rules = 'x' where entity = 'west' and state = 'open'`.execute(
        database.db,
      );
      expect(await differences('west')).toBe(1);
    });
  });

  test('a reader is told of its organisations only', async () => {
    const reader = await openReader(database, ['south']);
    try {
      const seen = await runGauges(reader.db);
      expect(seen.entities.map(({ entity }) => entity)).toEqual(['south']);
      expect(new Set(seen.runs.map(({ entity }) => entity))).toEqual(new Set(['south']));
      expect(new Set(seen.rows.map(({ entity }) => entity))).toEqual(new Set(['south']));
    } finally {
      await reader.close();
    }
  });
});
