import type { ApplicationFailure } from '@temporalio/common';
import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';

import type { Billing, DataQuery, DataQueryStatus } from '../../src/billing/port.ts';
import { RevsyncError } from '../../src/domain/errors.ts';
import {
  type ActivityGround,
  exported,
  failureOf,
  newOwner,
  openActivityGround,
  runFor,
  sidesRead,
  synced,
  whenReady,
} from '../support/activities.ts';

const SPEC = 'items=40,seed=7';
const HOUR = 3_600_000;

describe('what a run reads beside its export', () => {
  let ground: ActivityGround;
  afterEach(() => ground.close());

  const select = async <Row>(text: string): Promise<Row[]> =>
    (await sql<Row>`${sql.raw(text)}`.execute(ground.database.db)).rows;
  const bookings = () =>
    select(`select l.id, l.ext_sell_price, s.status from staging.line as l
      left join staging.line_state as s using (entity, id) where l.type = 'SO' order by l.id`);
  const holds = () =>
    select<{ limitation: string }>(`select distinct limitation from staging.hold order by limitation`);
  const tombstones = (object: string) =>
    select<{ id: string }>(`select id from prestaging.${object} where deleted order by id`);
  const anItem = async (): Promise<string> =>
    (await select<{ id: string }>(`select min(id) as id from prestaging.invoice_item`))[0]?.id ?? '';

  /** A later run of the same tenant, of which something is to be seen. */
  const later = async (): Promise<Record<string, string>> => {
    ground.world.now += HOUR;
    const owner = newOwner();
    const opened = await runFor(ground, owner)('openSyncRun', {});
    for (const file of await exported(ground, owner, opened))
      await runFor(ground, owner)('loadFile', opened, file);
    const notes = await sidesRead(ground, owner, opened);
    await runFor(ground, owner)('abandonRun', { run: opened.run, reason: 'seen enough' });
    return notes;
  };
  /** Billing's exports know nothing of deletions; Data Query may. */
  const withoutDeletedColumns = (real: Billing): Billing => ({
    ...real,
    submitExport: ({ name, queries }) =>
      real.submitExport({
        name,
        queries: queries.map(({ name: object, query }) => ({ name: object, query })),
      }),
  });

  describe('contractual values of charges', () => {
    test('come by Data Query where the export has none, and price the same bookings', async () => {
      ground = await openActivityGround(SPEC);
      await synced(ground);
      const expected = await bookings();
      await ground.close();

      ground = await openActivityGround(`${SPEC},ccv=data-query`);
      await synced(ground);
      expect(expected.length).toBeGreaterThan(10);
      expect(await bookings()).toEqual(expected);
    });

    test('are held for when Billing has them nowhere, and do not keep a line waiting', async () => {
      ground = await openActivityGround(`${SPEC},ccv=none`);
      await synced(ground);
      expect(await holds()).toContainEqual({ limitation: 'missing-ext-sell-price' });
      expect(await holds()).not.toContainEqual({ limitation: 'waits-for-price' });
    });

    test('are read from a mark of their own, which moves with the run', async () => {
      ground = await openActivityGround(`${SPEC},ccv=data-query`);
      const { window } = await synced(ground);
      const [mark] = await select<{ side: string; high_water: string }>(
        `select side, high_water from control.side_mark`,
      );
      expect(mark?.side).toBe('prices');
      expect(Date.parse(mark?.high_water ?? '')).toBe(Date.parse(window.to));
      expect(await later()).toMatchObject({ prices: expect.stringMatching(/^0 values/) });
    });

    /** Billing with Data Query as a test wants it, and what it was asked. */
    const dataQuery = (
      answer: (sql: string, status: DataQueryStatus) => DataQueryStatus,
      submitted: (real: Billing, query: DataQuery) => Promise<string> = (real, query) =>
        real.submitDataQuery(query),
    ): string[] => {
      const asked: string[] = [];
      const byJob = new Map<string, string>();
      ground.world.billing = (real) => ({
        ...real,
        submitDataQuery: async (query) => {
          asked.push(query.sql);
          const job = await submitted(real, query);
          byJob.set(job, query.sql);
          return job;
        },
        dataQueryStatus: async (job) => answer(byJob.get(job) ?? '', await real.dataQueryStatus(job)),
      });
      return asked;
    };
    const isCount = (query: string): boolean => query.includes('date_trunc');
    const failed = (reason: string): DataQueryStatus => ({ state: 'failed', reason });
    const missing = "line 1:15: Table 'zuora.chargecontractualvalue' does not exist";
    const retried = async (): Promise<string> => {
      const owner = newOwner();
      const opened = await runFor(ground, owner)('openSyncRun', {});
      await exported(ground, owner, opened);
      const read = () => whenReady(() => runFor(ground, owner)('readSide', opened, 'prices'));
      try {
        return await read().catch((error: ApplicationFailure) => {
          if (error.type !== 'EXPORT_FAILED') throw error;
          return read();
        });
      } finally {
        await runFor(ground, owner)('abandonRun', { run: opened.run, reason: 'seen enough' });
      }
    };

    test('are counted and cut into slices where there are too many for one query', async () => {
      ground = await openActivityGround(`${SPEC},ccv=data-query`);
      await synced(ground);
      const expected = await bookings();
      const asked = dataQuery((sql, status) =>
        status.state === 'completed' && !isCount(sql) && asked.length === 1
          ? { ...status, rows: '500000' }
          : status,
      );
      expect((await later())['prices']).toMatch(/ values/);
      expect(asked.map(isCount)).toEqual([false, true, ...asked.slice(2).map(() => false)]);
      expect(await bookings()).toEqual(expected);
    });

    test('are asked for again when a query fails, and say why; a counted span is not counted again', async () => {
      ground = await openActivityGround(`${SPEC},ccv=data-query`);
      const asked = dataQuery((sql, status) =>
        status.state === 'completed' && !isCount(sql) ? failed('no worker available') : status,
      );
      const failure = await failureOf(retried());
      expect(failure).toMatchObject({ type: 'EXPORT_FAILED', message: expect.stringContaining('no worker') });
      expect(asked.filter(isCount)).toHaveLength(1);
    });

    test('are never taken from a result that Data Query may have cut', async () => {
      ground = await openActivityGround(`${SPEC},ccv=data-query`);
      dataQuery((sql, status) =>
        status.state === 'completed' && !isCount(sql) ? { ...status, rows: '500000' } : status,
      );
      expect(await failureOf(retried())).toMatchObject({ type: 'RESULT_TOO_LARGE', nonRetryable: true });
    });

    test('are believed to be nowhere at the second time only, and their mark stays', async () => {
      ground = await openActivityGround(`${SPEC},ccv=data-query`);
      const asked = dataQuery((_sql, status) => (status.state === 'completed' ? failed(missing) : status));
      expect(await retried()).toContain('no contractual values');
      expect(asked).toHaveLength(2);
      ground.world.billing = (real) => real;
      await synced(ground);
      expect(await holds(), 'all of them came when Billing had them').toEqual([]);
    });

    test.each(["Column 'elp' cannot be resolved", 'S3: The specified key does not exist'])(
      'are not taken for absent by words that say something else: %s',
      async (reason) => {
        ground = await openActivityGround(`${SPEC},ccv=data-query`);
        dataQuery((_sql, status) => (status.state === 'completed' ? failed(reason) : status));
        expect(await failureOf(retried())).toMatchObject({ type: 'EXPORT_FAILED' });
      },
    );

    test('are held for where the credentials may not use Data Query at all', async () => {
      ground = await openActivityGround(`${SPEC},ccv=data-query`);
      dataQuery(
        (_sql, status) => status,
        async () => {
          throw new RevsyncError('No.', {
            code: 'BILLING_PERMISSION_MISSING',
            fate: 'fix-input',
            remedy: 'Ask.',
          });
        },
      );
      await synced(ground);
      expect(await holds()).toContainEqual({ limitation: 'missing-ext-sell-price' });
      expect(await select(`select * from control.side_mark`)).toEqual([]);
    });
  });

  describe('deleted rows that the export cannot tell', () => {
    test('come by Data Query', async () => {
      ground = await openActivityGround(SPEC);
      await ground.sandbox('faults', { kind: 'no-deletes', code: '90012', times: 'until removed' });
      await synced(ground);
      const item = await anItem();
      await ground.sandbox('changes', { object: 'InvoiceItem', deletedIds: [item] });
      expect((await later())['deletes']).toMatch(/^1 rows were deleted/);
      expect(await tombstones('invoice_item')).toEqual([{ id: item }]);
    });
  });

  describe('the keys of everything', () => {
    const vanish = async (id: string): Promise<void> => {
      ground.world.billing = withoutDeletedColumns;
      await ground.sandbox('changes', { object: 'InvoiceItem', deletedIds: [id] });
    };

    test('are compared when a run looks back, and show what vanished without a tombstone', async () => {
      ground = await openActivityGround(SPEC);
      await synced(ground);
      const item = await anItem();
      await vanish(item);
      expect(await later()).toEqual({});
      expect(await tombstones('invoice_item')).toEqual([]);

      ground.world.now += 168 * HOUR;
      expect((await later())['keys']).toMatch(/^1 rows have vanished/);
      expect(await tombstones('invoice_item')).toEqual([{ id: item }]);
    });

    test('are not believed when most of them are missing: a person has to look', async () => {
      ground = await openActivityGround('items=240,seed=7');
      await synced(ground);
      const items = await select<{ id: string }>(
        `select id from prestaging.invoice_item order by id limit 130`,
      );
      ground.world.billing = withoutDeletedColumns;
      await ground.sandbox('changes', { object: 'InvoiceItem', deletedIds: items.map(({ id }) => id) });
      ground.world.now += 200 * HOUR;
      const failure = await failureOf(later());
      expect(failure).toMatchObject({ type: 'KEYS_VANISHED', nonRetryable: true });
      expect(failure.message).toContain('130');
      expect(await tombstones('invoice_item')).toEqual([]);
      const left = await select(`select 1 from control.side_job where side = 'keys' and job is not null`);
      expect(left, 'a retry asks for new keys').toEqual([]);
    });

    test('of a state object are those in its file: what is missing there is gone at once', async () => {
      ground = await openActivityGround(SPEC);
      await synced(ground);
      const [contact] = await select<{ id: string }>(`select min(id) as id from prestaging.contact`);
      ground.world.billing = withoutDeletedColumns;
      await ground.sandbox('changes', { object: 'Contact', deletedIds: [contact?.id ?? ''] });
      await later();
      expect(await tombstones('contact')).toEqual([contact]);
    });

    test('are asked for once, however often the activity is tried', async () => {
      ground = await openActivityGround(SPEC);
      await synced(ground);
      ground.world.now += 200 * HOUR;
      await later();
      const keyJobs = await select(
        `select distinct job from control.side_job where side = 'keys' and job is not null`,
      );
      expect(keyJobs).toHaveLength(1);
    });
  });

  test('waits without an alarm while Billing works, and goes on from the jobs it has asked for', async () => {
    ground = await openActivityGround(`${SPEC},ccv=data-query`);
    const owner = newOwner();
    const opened = await runFor(ground, owner)('openSyncRun', {});
    await exported(ground, owner, opened);
    const read = () => runFor(ground, owner)('readSide', opened, 'prices');
    expect(await failureOf(read())).toMatchObject({
      type: 'EXPORT_RUNNING',
      nonRetryable: false,
      category: 'BENIGN',
    });
    await whenReady(read);
    expect(await read(), 'a repeated try answers what the first one did').toMatch(/^\d+ values/);
    const jobs = await select<{ part: string }>(`select part from control.side_job where side = 'prices'`);
    expect(jobs.every(({ part }) => part.startsWith('slice|'))).toBe(true);
    expect(ground.calls.get('submitDataQuery')).toBe(1 + jobs.length);
  });

  test('can be skipped: its mark stays, so that a later run reads it', async () => {
    ground = await openActivityGround(`${SPEC},ccv=data-query`);
    const owner = newOwner();
    const opened = await runFor(ground, owner)('openSyncRun', {});
    await exported(ground, owner, opened);
    await failureOf(runFor(ground, owner)('readSide', opened, 'prices'));
    await runFor(ground, owner)('skipSide', { run: opened.run, side: 'prices', reason: 'down', by: 'ann' });
    expect(await select(`select state, note from control.side_extract`)).toEqual([
      { state: 'skipped', note: 'skipped by ann: down' },
    ]);
    expect(await select(`select * from control.side_mark`)).toEqual([]);
  });

  test('is called off with the run', async () => {
    ground = await openActivityGround(`${SPEC},ccv=data-query`);
    const owner = newOwner();
    const opened = await runFor(ground, owner)('openSyncRun', {});
    await exported(ground, owner, opened);
    await failureOf(runFor(ground, owner)('readSide', opened, 'prices'));
    await runFor(ground, owner)('cancelSides', { entity: opened.entity, run: opened.run });
    expect(ground.calls.get('cancelDataQuery')).toBe(1);
  });
});
