import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { OpenedRun, OpenRunRequest } from '../../activities/open-run.ts';
import type { ExportQuery, ObjectDescription } from '../../src/billing/port.ts';
import { CATALOGUE } from '../../src/domain/catalogue/catalogue.ts';
import { RevsyncError } from '../../src/domain/errors.ts';
import type { Owner } from '../../src/store/runs.ts';
import {
  type ActivityGround,
  exported,
  failureOf,
  newOwner,
  openActivityGround,
  runFor,
  synced,
} from '../support/activities.ts';

function withoutUpdatedDate(description: ObjectDescription | null): ObjectDescription | null {
  if (description === null) return null;
  return { ...description, fields: description.fields.filter(({ name }) => name !== 'UpdatedDate') };
}

describe('the export', () => {
  let ground: ActivityGround;
  let owner: Owner;
  let opened: OpenedRun;
  beforeAll(async () => void (ground = await openActivityGround('items=40,seed=7')));
  afterAll(() => ground.close());
  afterEach(async () => {
    ground.world.billing = (real) => real;
    await runFor(ground, owner)('abandonRun', { run: opened.run, reason: 'test' });
    await sql`delete from control.deletes_capability`.execute(ground.database.db);
  });

  const begin = async (request = {}): Promise<void> => {
    owner = newOwner();
    opened = await runFor(ground, owner)('openSyncRun', request);
  };
  const submit = (again = false, attempt = 1) =>
    runFor(ground, owner, attempt)('submitExport', { ...opened, again });
  const submissions = () => ground.calls.get('submitExport') ?? 0;

  /** What the next job asks for. */
  const asked = async (again = false): Promise<readonly ExportQuery[]> => {
    let queries: readonly ExportQuery[] = [];
    ground.world.billing = (real) => ({
      ...real,
      submitExport: async (job) => {
        queries = job.queries;
        return real.submitExport(job);
      },
    });
    await submit(again);
    return queries;
  };

  test('asks Billing once, however often the activity is tried', async () => {
    await begin();
    const before = submissions();
    const first = await submit();
    expect(await submit(false, 2)).toEqual(first);
    expect(await submit(false, 3)).toEqual(first);
    expect(submissions() - before).toBe(1);
  });

  test('asks anew when the job cannot be used any more, and remembers the new one', async () => {
    await begin();
    const first = await submit();
    const second = await submit(true);
    expect(second.jobId).not.toBe(first.jobId);
    expect(await submit()).toEqual(second);
  });

  test('asks one query per object that the tenant has, in one job', async () => {
    await begin();
    const queries = await asked();
    const memos = ['CreditMemo', 'CreditMemoItem', 'DebitMemo', 'DebitMemoItem'];
    const names = CATALOGUE.map(({ name }) => name).filter((name) => !memos.includes(name));
    expect(queries.map(({ name }) => name)).toEqual(names);
  });

  test('takes a tenant that exports memos for one with Invoice Settlement, which it never loses again', async () => {
    const settlement = async () => {
      const { rows } = await sql<{
        on: boolean | null;
      }>`select invoice_settlement as on from control.entity`.execute(ground.database.db);
      return rows.map(({ on }) => on);
    };
    await begin();
    await submit();
    expect(await settlement()).toEqual([false]);
    // Only the one object that the role may read tells it.
    ground.world.billing = (real) => ({
      ...real,
      describe: (name) => real.describe(name === 'DebitMemoItem' ? 'InvoiceItem' : name),
      submitExport: (job) =>
        real.submitExport({ ...job, queries: job.queries.filter(({ name }) => name !== 'DebitMemoItem') }),
    });
    await submit(true);
    expect(await settlement()).toEqual([true]);
    ground.world.billing = (real) => real;
    await submit(true);
    expect(await settlement()).toEqual([true]);
    await sql`update control.entity set invoice_settlement = null`.execute(ground.database.db);
  });

  test('lets memos take over on the day that it is, not on that of a window that lags', async () => {
    const { world, database } = ground;
    const { now, windowPolicy } = world;
    world.now = Date.parse('2025-08-01T01:00:00Z');
    world.windowPolicy = { ...windowPolicy, lagSeconds: 7_200 };
    await begin();
    await sql`update control.entity set invoice_settlement = false, timezone = 'UTC'`.execute(database.db);
    await submit();
    const { rows } = await sql`select settled_on::text as day from control.entity`.execute(database.db);
    expect(opened.window.to).toBe('2025-07-31T23:00:00Z');
    expect(rows).toEqual([{ day: '2025-08-01' }]);
    await sql`update control.entity set invoice_settlement = null, settled_on = null`.execute(database.db);
    Object.assign(world, { now, windowPolicy });
  });

  test('reads state objects whole and transaction objects by the window', async () => {
    await begin({ from: '2024-02-01T00:00:00.000Z', to: '2024-03-01T00:00:00.000Z' });
    const queries = new Map((await asked()).map(({ name, query }) => [name, query]));
    expect(queries.get('Account')).not.toContain('where');
    expect(queries.get('InvoiceItem')).toContain(
      "where UpdatedDate >= '2024-02-01T00:00:00+0000' and UpdatedDate < '2024-03-01T00:00:00+0000'",
    );
  });

  test.each([
    ['is not described', () => null],
    ['has no UpdatedDate to read', withoutUpdatedDate],
  ])('asks for nothing while an object that lines need %s', async (_what, told) => {
    await begin();
    ground.world.billing = (real) => ({
      ...real,
      submitExport: async () => 'a job',
      describe: async (object) => {
        const description = await real.describe(object);
        return object === 'InvoiceItem' ? told(description) : description;
      },
    });
    const failure = await failureOf(submit());
    expect(failure).toMatchObject({ type: 'BILLING_PERMISSION_MISSING', nonRetryable: true });
    expect(failure.message).toContain('InvoiceItem');
  });

  test('limits transaction objects to a chosen subscription, whatever its name has in it', async () => {
    await begin({ subscription: "O'Neill" });
    const queries = new Map((await asked()).map(({ name, query }) => [name, query]));
    expect(queries.get('Subscription')).toContain("Name = 'O\\'Neill'");
    expect(queries.get('InvoiceItem')).toContain("Subscription.Name = 'O\\'Neill'");
    expect(queries.get('Product')).not.toContain('Neill');
  });

  test.each([
    ['none', []],
    ['some', ['InvoiceItem', 'Invoice']],
  ])('asks for deleted rows, and only where Billing can tell them: %s', async (_which, able) => {
    await begin({ from: '2024-02-01T00:00:00.000Z', to: '2024-03-01T00:00:00.000Z' });
    const tried: string[][] = [];
    ground.world.billing = (real) => ({
      ...real,
      deletesOf: async () => new Set(able),
      submitExport: async (job) => {
        tried.push(
          job.queries.flatMap(({ name, deletedColumn }) => (deletedColumn === undefined ? [] : [name])),
        );
        if (tried.length > 1) return real.submitExport(job);
        throw new RevsyncError('Stateless jobs do not tell deleted rows.', {
          code: 'BILLING_DELETES_UNSUPPORTED',
          fate: 'fix-input',
          remedy: 'Ask which do.',
        });
      },
    });
    await submit();
    expect(tried[0]).toContain('RatePlanCharge');
    expect(new Set(tried[1])).toEqual(new Set(able));
    await submit(true);
    expect(new Set(tried[2]), 'what was found out is remembered').toEqual(new Set(able));
  });

  test('hands any other refusal on, and remembers no job', async () => {
    await begin();
    ground.world.billing = (real) => ({
      ...real,
      submitExport: async () => {
        throw new RevsyncError('No.', {
          code: 'BILLING_PERMISSION_MISSING',
          fate: 'fix-input',
          remedy: 'Ask.',
        });
      },
    });
    expect(await failureOf(submit())).toMatchObject({
      type: 'BILLING_PERMISSION_MISSING',
      nonRetryable: true,
    });
    const { rows } = await sql<{ export_job: string | null }>`
      select export_job from control.run where run = ${opened.run}`.execute(ground.database.db);
    expect(rows).toEqual([{ export_job: null }]);
  });

  test('asks for nothing once the run is over', async () => {
    await begin();
    await runFor(ground, owner)('abandonRun', { run: opened.run, reason: 'test' });
    const before = submissions();
    expect(await failureOf(submit())).toMatchObject({ type: 'RUN_IS_OVER', nonRetryable: true });
    expect(submissions()).toBe(before);
  });

  test('waits longer from try to try, to a minute at most, and is no alarm meanwhile', async () => {
    await begin();
    ground.world.billing = (real) => ({ ...real, exportStatus: async () => ({ state: 'running' }) });
    const delays: unknown[] = [];
    for (const attempt of [1, 2, 3, 8, 50, 2_000]) {
      const failure = await failureOf(
        runFor(ground, owner, attempt)('awaitExport', { ...opened, jobId: 'job' }),
      );
      expect(failure).toMatchObject({ type: 'EXPORT_RUNNING', nonRetryable: false, category: 'BENIGN' });
      delays.push(failure.nextRetryDelay);
    }
    expect(delays).toEqual([500, 1_000, 2_000, 60_000, 60_000, 60_000]);
  });

  test('says why Billing could not run the job', async () => {
    await begin();
    ground.world.billing = (real) => ({
      ...real,
      exportStatus: async () => ({ state: 'failed', reason: 'no such column: Foo' }),
    });
    const failure = await failureOf(runFor(ground, owner)('awaitExport', { ...opened, jobId: 'job' }));
    expect(failure).toMatchObject({ type: 'EXPORT_FAILED', nonRetryable: true });
    expect(failure.message).toContain('no such column: Foo');
  });

  test('asks without deleted columns when a job that was taken is refused for them later', async () => {
    await begin({ from: '2024-02-01T00:00:00.000Z', to: '2024-03-01T00:00:00.000Z' });
    await submit();
    ground.world.billing = (real) => ({
      ...real,
      exportStatus: async () => ({ state: 'failed', reason: 'job deleted_notallowed' }),
    });
    const { jobId } = await submit();
    const failure = await failureOf(runFor(ground, owner)('awaitExport', { ...opened, jobId }));
    expect(failure).toMatchObject({ type: 'EXPORT_FAILED' });
    expect((await asked(true)).every(({ deletedColumn }) => deletedColumn === undefined)).toBe(true);
  });

  test('notices what Billing left out of the export without a word', async () => {
    await begin();
    const { jobId } = await submit();
    await exported(ground, owner, opened);
    ground.world.billing = (real) => ({
      ...real,
      exportStatus: async (job) => {
        const status = await real.exportStatus(job);
        return status.state === 'completed' ? { ...status, files: status.files.slice(2) } : status;
      },
    });
    const failure = await failureOf(runFor(ground, owner)('awaitExport', { ...opened, jobId }));
    expect(failure).toMatchObject({ type: 'BILLING_PERMISSION_MISSING', nonRetryable: true });
    expect(failure.message).toContain('Account');
  });

  test('answers a file per object with the count that the load is held to', async () => {
    await begin();
    const files = await exported(ground, owner, opened);
    expect(files.find(({ object }) => object === 'InvoiceItem')).toMatchObject({ recordCount: '40' });
    expect(new Set(files.flatMap(({ fileIds }) => fileIds)).size).toBe(files.length);
  });

  test('cancels the job of a run, and needs none to do so', async () => {
    await begin();
    const cancelled: string[] = [];
    ground.world.billing = (real) => ({
      ...real,
      cancelExport: async (job) => void cancelled.push(job),
    });
    const cancel = () => runFor(ground, owner)('cancelExport', { entity: 'demo', run: opened.run });
    await cancel();
    const { jobId } = await submit();
    await cancel();
    expect(cancelled).toEqual([jobId]);
  });
});

describe('the export after a run that could not read everything', () => {
  let ground: ActivityGround;
  beforeAll(async () => void (ground = await openActivityGround('items=40,seed=7')));
  afterAll(() => ground.close());

  const queriesOf = async (request = {}): Promise<ReadonlyMap<string, string>> => {
    const queries = new Map<string, string>();
    ground.world.billing = (real) => ({
      ...real,
      submitExport: async (job) => {
        for (const { name, query } of job.queries) queries.set(name, query);
        return real.submitExport(job);
      },
    });
    const owner = newOwner();
    const opened = await runFor(ground, owner)('openSyncRun', request);
    await runFor(ground, owner)('submitExport', { ...opened, again: false });
    await runFor(ground, owner)('abandonRun', { run: opened.run, reason: 'test' });
    return queries;
  };

  test('reads from the beginning what is there now, by the standing window only', async () => {
    ground.world.billing = (real) => ({
      ...real,
      describe: async (object) => (object === 'Amendment' ? null : real.describe(object)),
    });
    await synced(ground);
    ground.world.now += 3_600_000;

    const queries = await queriesOf();
    expect(queries.get('Amendment')).toMatch(/ where UpdatedDate < '[^']+'$/);
    expect(queries.get('InvoiceItem')).toMatch(/ where UpdatedDate >= '[^']+' and UpdatedDate < '[^']+'$/);
    const chosen = await queriesOf({ from: '2024-02-01T00:00:00.000Z' });
    expect(chosen.get('Amendment')).toContain("UpdatedDate >= '2024-02-01");
  });
});

describe('the export of a loop', () => {
  let ground: ActivityGround;
  let described = 0;
  beforeAll(async () => {
    ground = await openActivityGround('items=40,seed=7');
    await synced(ground, newOwner(), { light: true });
  });
  afterAll(() => ground.close());
  afterEach(() => void (ground.world.billing = (real) => real));

  /** Opens a run a minute later, asks for its export and gives it up; answers what it asked for. */
  const asks = async (
    request: OpenRunRequest = { light: true },
    later = 60_000,
  ): Promise<{ queries: ReadonlyMap<string, string>; sides: readonly string[] }> => {
    ground.world.now += later;
    const queries = new Map<string, string>();
    ground.world.billing = (real) => ({
      ...real,
      submitExport: async (job) => {
        for (const { name, query } of job.queries) queries.set(name, query);
        return real.submitExport(job);
      },
      describe: async (object) => {
        described += 1;
        return real.describe(object);
      },
    });
    described = 0;
    const owner = newOwner();
    const opened = await runFor(ground, owner)('openSyncRun', request);
    const { sides = [] } = await runFor(ground, owner)('submitExport', { ...opened, again: false });
    await runFor(ground, owner)('abandonRun', { run: opened.run, reason: 'test' });
    return { queries, sides };
  };
  const SINCE = / where UpdatedDate >= '[^']+'$/;

  test('asks for the state objects that changed since the window began, as they are now', async () => {
    const { queries } = await asks();
    for (const { name, kind } of CATALOGUE) {
      const query = queries.get(name);
      if (query === undefined) continue;
      expect(query, name).toMatch(
        kind === 'state' ? SINCE : / where UpdatedDate >= '[^']+' and UpdatedDate < '[^']+'$/,
      );
    }
    expect(queries.has('Account')).toBe(true);
  });

  test('takes what Billing has for known, for an hour, unless another run asks', async () => {
    await asks();
    expect(described).toBe(0);
    await asks({});
    expect(described).toBe(CATALOGUE.length);
    await asks();
    expect(described).toBe(0);
  });

  test.each<[string, OpenRunRequest, number]>([
    ['a run that no loop started', {}, 60_000],
    ['a run an hour after the last one', { light: true }, 3_600_000],
    ['a run that looks back', { light: true }, 200 * 3_600_000],
    ['a run over a chosen window', { light: true, from: '2024-02-01T00:00:00.000Z' }, 60_000],
  ])('reads state objects whole by %s', async (_which, request, later) => {
    const { now } = ground.world;
    expect((await asks(request, later)).queries.get('Account')).not.toContain('where');
    ground.world.now = now;
  });

  test('reads a state object from the beginning that has a new field', async () => {
    ground.world.billing = (real) => real;
    ground.world.now += 3_600_000;
    await synced(ground, newOwner(), { light: true });
    await sql`update control.run set asked = array_remove(asked, (
      select a from unnest(asked) as a where a like 'Product %'))`.execute(ground.database.db);
    const { queries } = await asks();
    expect(queries.get('Product')).not.toContain('where');
    expect(queries.get('Account')).toMatch(SINCE);
  });

  test('asks for deleted rows beside the export only when it reads state objects whole', async () => {
    await sql`update control.deletes_capability set supported = false`.execute(ground.database.db);
    expect((await asks()).sides).not.toContain('deletes');
    expect((await asks({})).sides).toContain('deletes');
    await sql`update control.deletes_capability set supported = true`.execute(ground.database.db);
  });

  test('loads the files without rows while it waits, and answers the others', async () => {
    ground.world.now += 60_000;
    const owner = newOwner();
    const opened = await runFor(ground, owner)('openSyncRun', { light: true });
    const { rows } = await sql<{ id: string }>`select id from prestaging.account`.execute(ground.database.db);
    await ground.sandbox('changes', { object: 'Account', rows: [{ Id: rows[0]?.id, Name: 'Renamed' }] });
    const files = await exported(ground, owner, opened);
    expect(files.map(({ object }) => object)).toContain('Account');
    expect(files.filter(({ recordCount }) => recordCount === '0')).toEqual([]);
    const loaded = await sql<{ object: string }>`
      select object from control.extract where run = ${opened.run}`.execute(ground.database.db);
    expect(loaded.rows.map(({ object }) => object)).toContain('InvoiceItem');
    expect(loaded.rows.map(({ object }) => object)).not.toContain('Account');
    await runFor(ground, owner)('abandonRun', { run: opened.run, reason: 'test' });
  });

  test('asks again when a file that should be empty is not', async () => {
    ground.world.now += 60_000;
    ground.world.billing = (real) => ({
      ...real,
      exportStatus: async (job) => {
        const status = await real.exportStatus(job);
        if (status.state !== 'completed') return status;
        return { ...status, files: status.files.map((file) => ({ ...file, recordCount: '0' })) };
      },
    });
    const owner = newOwner();
    const opened = await runFor(ground, owner)('openSyncRun', { light: true });
    expect(await failureOf(exported(ground, owner, opened))).toMatchObject({
      type: 'EXPORT_FAILED',
      nonRetryable: true,
    });
    await runFor(ground, owner)('abandonRun', { run: opened.run, reason: 'test' });
  });
});
