import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { OpenedRun, OpenRunRequest } from '../../activities/open-run.ts';
import type { ObjectDescription } from '../../src/billing/port.ts';
import { CATALOGUE } from '../../src/domain/catalogue/catalogue.ts';
import { RevsyncError } from '../../src/domain/errors.ts';
import { completeRun, type Owner } from '../../src/store/runs.ts';
import {
  type ActivityGround,
  exported,
  failureOf,
  newOwner,
  openActivityGround,
  runFor,
} from '../support/activities.ts';

describe('what Billing lets us export, kept by two workers', () => {
  type Worker = Pick<ActivityGround, 'activities'>;
  type Queries = ReadonlyMap<string, string>;
  const SINCE = /UpdatedDate >= /;
  const LIGHT = { light: true };
  let ground: ActivityGround;
  let one: Worker;
  let two: Worker;
  /** What Billing lets us read, by object; a test takes it away. */
  let told: (object: string, description: ObjectDescription | null) => ObjectDescription | null;
  /** What it leaves out of every export without a word, or refuses to take an export with. */
  let leavesOut: string | null;
  let refuses: string | null;
  let described: number;
  let queries: Map<string, string>;

  beforeEach(async () => {
    ground = await openActivityGround();
    one = { activities: ground.activities };
    two = { activities: ground.anotherWorker() };
    told = (_object, description) => description;
    leavesOut = null;
    refuses = null;
    ground.world.billing = (real) => ({
      ...real,
      describe: async (object) => {
        described += 1;
        return told(object, await real.describe(object));
      },
      submitExport: async (job) => {
        queries = new Map(job.queries.map(({ name, query }) => [name, query]));
        if (refuses === null || !queries.has(refuses)) return real.submitExport(job);
        const details = { code: 'BILLING_PERMISSION_MISSING', fate: 'fix-input', remedy: 'Ask.' } as const;
        throw new RevsyncError('No.', details);
      },
      exportStatus: async (job) => {
        const status = await real.exportStatus(job);
        if (status.state !== 'completed') return status;
        return { ...status, files: status.files.filter(({ name }) => name !== leavesOut) };
      },
    });
  });
  afterEach(() => ground.close());

  /** A run a minute later that brings nothing; answers what it asked for, and how often something was described for it. */
  const runs = async (worker: Worker, request: OpenRunRequest = LIGHT): Promise<[Queries, number]> => {
    ground.world.now += 60_000;
    described = 0;
    const run = runFor(worker, newOwner());
    const opened = await run('openSyncRun', request);
    await run('submitExport', { ...opened, again: false });
    await completeRun(ground.database.db, opened.run, 'nothing-to-do');
    return [queries, described];
  };
  /** Each worker has described once, and trusts that. */
  const bothKnow = async (): Promise<void> => {
    await runs(one);
    await runs(two);
    expect([(await runs(one))[1], (await runs(two))[1]]).toEqual([0, 0]);
  };
  const withoutDescription = (object: string, description: ObjectDescription | null) =>
    object !== 'Product' || description === null
      ? description
      : { ...description, fields: description.fields.filter(({ name }) => name !== 'Description') };
  const without = (gone: string) => (object: string, description: ObjectDescription | null) =>
    object === gone ? null : description;
  const turns = (): Worker[] => [two, one, two, one];

  test('reads a new column from the beginning once, whichever worker comes next', async () => {
    told = withoutDescription;
    await bothKnow();
    told = (_object, description) => description;
    const [first] = await runs(one, {});
    expect(first.get('Product')).toMatch(/Description.* from Product$/);
    const costs: number[] = [];
    for (const worker of turns()) {
      const [asked, cost] = await runs(worker);
      expect(asked.get('Product')).toMatch(/Description.* where UpdatedDate >= /);
      costs.push(cost);
    }
    expect(costs, 'only who knew better asked').toEqual([CATALOGUE.length, 0, 0, 0]);
  });

  test('asks no more for a column that was taken away, whichever worker comes next', async () => {
    await bothKnow();
    told = withoutDescription;
    await runs(one, {});
    for (const worker of turns()) {
      const product = (await runs(worker))[0].get('Product');
      expect(product).not.toContain('Description');
      expect(product).toMatch(SINCE);
    }
  });

  test('asks for an object that another worker found first', async () => {
    told = without('AccountingCode');
    await bothKnow();
    told = (_object, description) => description;
    expect((await runs(one, {}))[0].get('AccountingCode')).not.toMatch(SINCE);
    for (const worker of turns()) expect((await runs(worker))[0].get('AccountingCode')).toMatch(SINCE);
  });

  test('asks no more for an object that another worker found gone', async () => {
    await bothKnow();
    told = without('AccountingCode');
    await runs(one, {});
    for (const worker of turns()) expect((await runs(worker))[0].has('AccountingCode')).toBe(false);
  });

  test('takes nothing for known where no run tells what it asked for', async () => {
    await bothKnow();
    await sql`update control.run set asked = '{}'`.execute(ground.database.db);
    expect((await runs(one))[1]).toBe(CATALOGUE.length);
  });

  /** A light run that asks for an object whose right is gone. */
  const leftOut = async (): Promise<{ owner: Owner; opened: OpenedRun }> => {
    await bothKnow();
    told = without('AccountingCode');
    leavesOut = 'AccountingCode';
    ground.world.now += 60_000;
    const owner = newOwner();
    const opened = await runFor(one, owner)('openSyncRun', LIGHT);
    const failure = await failureOf(exported({ ...ground, ...one }, owner, opened));
    expect(failure).toMatchObject({ type: 'BILLING_PERMISSION_MISSING', nonRetryable: true });
    expect(failure.message).toContain('AccountingCode');
    return { owner, opened };
  };

  test.each([
    ['the same worker', () => one],
    ['the other one', () => two],
  ])('goes on at once without an object whose right is gone, when %s tries again', async (_who, worker) => {
    const { owner, opened } = await leftOut();
    const files = await exported({ ...ground, ...worker() }, owner, opened);
    expect(files.map(({ object }) => object)).not.toContain('AccountingCode');
    expect(queries.has('AccountingCode')).toBe(false);
    expect(queries.get('Account')).toMatch(SINCE);
  });

  test.each([
    ['the same worker', () => one],
    ['the other one', () => two],
  ])('lets no later run ask for what was left out of one given up: %s', async (_who, worker) => {
    const { owner, opened } = await leftOut();
    await runFor(one, owner)('abandonRun', { run: opened.run, reason: 'test' });
    expect((await runs(worker()))[0].has('AccountingCode')).toBe(false);
    expect((await runs(worker()))[1], 'and all is as usual').toBe(0);
  });

  test('goes on without an object that Billing takes no export with any more', async () => {
    await bothKnow();
    told = without('AccountingCode');
    refuses = 'AccountingCode';
    expect((await runs(one))[0].has('AccountingCode')).toBe(false);
    expect((await runs(two))[0].has('AccountingCode')).toBe(false);
  });

  test('describes anew after an export that failed', async () => {
    await bothKnow();
    const owner = newOwner();
    ground.world.now += 60_000;
    const opened = await runFor(one, owner)('openSyncRun', LIGHT);
    const { jobId } = await runFor(one, owner)('submitExport', { ...opened, again: false });
    const usual = ground.world.billing;
    ground.world.billing = (real) => ({
      ...real,
      exportStatus: async () => ({ state: 'failed', reason: 'no such column' }),
    });
    await failureOf(runFor(one, owner)('awaitExport', { ...opened, jobId }));
    ground.world.billing = usual;
    await runFor(one, owner)('abandonRun', { run: opened.run, reason: 'test' });
    expect((await runs(one))[1]).toBe(CATALOGUE.length);
  });

  test('keeps what it knows while an export is still running', async () => {
    await bothKnow();
    const owner = newOwner();
    ground.world.now += 60_000;
    const opened = await runFor(one, owner)('openSyncRun', LIGHT);
    const usual = ground.world.billing;
    ground.world.billing = (real) => ({ ...real, exportStatus: async () => ({ state: 'running' }) });
    await failureOf(runFor(one, owner)('awaitExport', { ...opened, jobId: 'job' }));
    ground.world.billing = usual;
    await runFor(one, owner)('abandonRun', { run: opened.run, reason: 'test' });
    expect((await runs(one))[1]).toBe(0);
  });
});
