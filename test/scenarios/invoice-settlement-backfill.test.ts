import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { LoopView } from '../../src/domain/instant-on/loop-view.ts';
import { setByHand } from '../../src/store/profiles.ts';
import { listReports } from '../../src/store/settlement/report.ts';
import type { BackfillOutcome } from '../../workflows/invoice-settlement-backfill.ts';
import { contractAmounts } from '../support/contract-amounts.ts';
import { memoOf } from '../support/settling-tenant.ts';
import {
  BACKFILL,
  type BackfillStage,
  endOf,
  LOOP,
  openBackfillStage,
  type SettlingScene,
} from './backfill-stage.ts';

const SWITCHED = '2025-08-01';
/** What the memos hang on, then May and before, June, July, and the first day of August. */
const MONTHS = 5;
/** What they hang on, June and before, and the rest: fewer, so that there are fewer to be stopped at. */
const QUARTERS = { chunk: 'quarter' };
const CHUNKS = 3;
/** 200, less adjustments of 30 and 10. */
const ADJUSTED = '160.00';
/** Of the memos, the one of 5 less and that of 7 more are new. */
const WITH_MEMOS = '162.00';

const billings = async ({ database }: SettlingScene) =>
  (await contractAmounts(database, 'default')).map((contract) => contract.billings);

/** What is left of a backfill and the ordinary sync after it. */
async function leftAfter(scene: SettlingScene): Promise<unknown> {
  scene.pass(60);
  await scene.sync();
  expect(await billings(scene)).toEqual([WITH_MEMOS]);
  return (await scene.left()).digest;
}

/** Lets an activity that was stopped at its beginning go on, or end there as if its worker had been killed. */
interface Stopped {
  readonly goOn: () => void;
  readonly kill: () => void;
}

/** Answers when the activity begins for the n-th time from now on; it waits there. */
function boundaries(scene: SettlingScene, activity: string): (nth: number) => Promise<Stopped> {
  let reached: (stopped: Stopped) => void = () => undefined;
  let left = Infinity;
  scene.hook = async (name) => {
    if (name !== activity) return;
    left -= 1;
    if (left !== 0) return;
    await new Promise<void>((goOn, fail) => reached({ goOn, kill: () => fail(new Error('killed')) }));
  };
  return (nth) => {
    left = nth;
    return new Promise((resolve) => (reached = resolve));
  };
}

describe('the backfill of Invoice Settlement', () => {
  let stage: BackfillStage;
  let undisturbed: unknown;
  beforeAll(async () => {
    stage = await openBackfillStage();
  }, 120_000);
  afterAll(() => stage.close());

  test('brings historical memos in chunks, counts none that an adjustment stands for, and proves it', async () => {
    await stage.play(async (scene) => {
      expect(await billings(scene)).toEqual([ADJUSTED]);
      const result = await scene.backfill();
      expect(result).toMatchObject({
        workflowId: BACKFILL,
        outcome: 'completed',
        entities: [
          {
            entity: 'demo',
            state: 'done',
            switchDate: SWITCHED,
            chunks: { done: MONTHS, total: MONTHS },
            memos: { memos: '4', items: '4', replacing: '1', undecided: '1' },
            schedules: { paused: [], resumed: [] },
          },
        ],
      });
      expect(result.entities[0]?.proof).toEqual({ compared: 4, different: 0, first: [] });
      const proof = async () => (await listReports(scene.database.db))[0]?.proof;
      const total = (count: string, amount: string) => ({
        billing: { count, amount },
        prestaging: { count, amount },
        equal: true,
      });
      expect(await proof()).toEqual([
        { object: 'CreditMemo', currency: 'USD', status: 'Posted', ...total('3', '45') },
        { object: 'DebitMemo', currency: 'USD', status: 'Posted', ...total('1', '7') },
        { object: 'CreditMemoItem', currency: null, status: null, ...total('3', '45') },
        { object: 'DebitMemoItem', currency: null, status: null, ...total('1', '7') },
      ]);
      undisturbed = await leftAfter(scene);
      const { balances } = await scene.left();
      expect(balances.map(({ balanced }) => balanced)).toEqual(balances.map(() => true));

      const again = await scene.backfill();
      expect(again).toMatchObject({
        outcome: 'nothing-to-do',
        entities: [{ proof: { compared: 4 }, switchDate: SWITCHED }],
      });
      expect((await scene.left()).digest).toEqual(undisturbed);
    });
  });

  test('leaves what the ordinary sync alone would have left', async () => {
    await stage.play(async (scene) => {
      expect(((await leftAfter(scene)) as Record<string, string>)['revenue.line']).toBe(
        (undisturbed as Record<string, string>)['revenue.line'],
      );
    });
  });

  test.each(['openSyncRun', 'chunkBrought'])(
    'terminated at every chunk, as %s begins, and started again, leaves the same',
    async (activity) => {
      await stage.play(async (scene) => {
        const at = boundaries(scene, activity);
        for (let chunk = 1; chunk <= CHUNKS; chunk += 1) {
          // The chunk that was stopped before comes again.
          const stopped = at(chunk > 1 ? 2 : 1);
          await scene.begin(QUARTERS);
          const { kill } = await stopped;
          await scene.client.workflow.getHandle(BACKFILL).terminate('for the test');
          kill();
        }
        scene.hook = async () => undefined;
        expect(await scene.backfill(QUARTERS)).toMatchObject({ outcome: 'completed' });
        expect(await leftAfter(scene)).toEqual(undisturbed);
      });
    },
  );

  test('goes on with another worker at every chunk, and leaves the same', async () => {
    await stage.play(async (scene) => {
      const at = boundaries(scene, 'chunkBrought');
      let stopped = at(1);
      const run = await scene.begin(QUARTERS);
      for (let chunk = 1; chunk <= CHUNKS; chunk += 1) {
        const { goOn } = await stopped;
        stopped = at(1);
        const exchanged = scene.exchangeWorker();
        goOn();
        await exchanged;
      }
      expect(await endOf(run)).toMatchObject({ outcome: 'completed' });
      expect(await leftAfter(scene)).toEqual(undisturbed);
    });
  });

  test('neither loses nor doubles a memo that is made, and one that is changed, while it runs', async () => {
    await stage.play(async (scene) => {
      const at = boundaries(scene, 'openSyncRun');
      // Before the last chunk.
      const stopped = at(CHUNKS);
      const run = await scene.begin(QUARTERS);
      const { goOn } = await stopped;
      scene.pass(5);
      const made = memoOf('CreditMemo', 'made', { at: scene.time(0), amount: '3.00' });
      for (const [object, rows] of Object.entries(made)) await scene.change(object, { rows });
      // One that is read already, and one that is not.
      await scene.change('CreditMemoItem', {
        rows: [{ Id: 'fresh-item', Amount: '6.00', AmountWithoutTax: '6.00' }],
      });
      await scene.change('DebitMemoItem', {
        rows: [{ Id: 'more-item', Amount: '8.00', AmountWithoutTax: '8.00' }],
      });
      scene.pass(5);
      goOn();
      expect(await endOf(run)).toMatchObject({
        outcome: 'completed',
        entities: [{ chunks: { done: CHUNKS + 1, total: CHUNKS + 1 } }],
      });
      scene.pass(60);
      await scene.sync();
      expect(await billings(scene)).toEqual(['159.00']);
      const { rows } = await sql<{ id: string }>`
        select id from staging.line where source_object in ('CreditMemoItem', 'DebitMemoItem') order by id`.execute(
        scene.database.db,
      );
      expect(rows.map(({ id }) => id)).toEqual([
        'CM:alike-item',
        'CM:fresh-item',
        'CM:made-item',
        'INV:more-item',
      ]);
    });
  });

  test('lets the sync after it read only what changed since the mark', async () => {
    await stage.play(async (scene) => {
      await scene.backfill(QUARTERS);
      scene.pass(60);
      const { run } = await scene.sync();
      const { rows } = await sql<{ extracted: string }>`
        select coalesce(sum(extracted), 0)::text as extracted from control.extract
        where run = ${run}::bigint and object like '%Memo%'`.execute(scene.database.db);
      expect(rows).toEqual([{ extracted: '0' }]);
    });
  });

  test('pauses the schedules of the entity while it runs, but for those that an operator paused', async () => {
    await stage.play(async (scene) => {
      const { schedule } = scene.client;
      const ids = ['revenue-sync/demo', 'data-collection/default', 'exchange-rate-sync/demo'];
      for (const scheduleId of ids.slice(0, 2)) {
        await schedule.create({
          scheduleId,
          spec: { intervals: [{ every: '30 days' }] },
          action: { type: 'startWorkflow', workflowType: 'revenueSync', taskQueue: 'nobody' },
        });
      }
      const [sync = '', collection = ''] = ids;
      await schedule.getHandle(collection).pause('year end');
      const states = async () =>
        Promise.all(
          [sync, collection].map(async (id) => (await schedule.getHandle(id).describe()).state.paused),
        );
      const at = boundaries(scene, 'openSyncRun');
      const stopped = at(1);
      const run = await scene.begin(QUARTERS);
      const { kill } = await stopped;
      expect(await states()).toEqual([true, true]);
      // Started again after a sudden end it knows which it paused itself.
      await scene.client.workflow.getHandle(BACKFILL).terminate('for the test');
      kill();
      await expect(run.result()).rejects.toThrow();
      expect(await scene.backfill(QUARTERS)).toMatchObject({
        outcome: 'completed',
        entities: [{ schedules: { paused: [sync], resumed: [sync] } }],
      });
      expect(await states()).toEqual([false, true]);
      for (const id of [sync, collection]) await schedule.getHandle(id).delete();
    });
  });

  test('pauses the loop of Instant On while it runs: none of its runs comes between the chunks', async () => {
    await stage.play(async (scene) => {
      const { db } = scene.database;
      const loop = await scene.loop();
      const state = () => loop.query<LoopView>('state');
      await expect.poll(async () => (await state()).awaiting?.step, { timeout: 15_000 }).toBe('settings');
      const at = boundaries(scene, 'chunkBrought');
      const stopped = at(1);
      const run = await scene.begin(QUARTERS);
      const { goOn } = await stopped;
      const { paused } = await state();
      const setting = { name: 'AUTO_REVENUESYNC', code: null, value: 'Yes' };
      await setByHand(db, { ...setting, by: 'ann', reason: 'go-live' });
      // Wakes a loop that is not paused: it runs at once then, since nothing is open between two chunks.
      await loop.executeUpdate('setInterval', { args: [{ seconds: 1 }] });
      const hasItsTurn = async () => (await state()).paused !== null || (await state()).counts.runs > 0;
      await expect.poll(hasItsTurn, { timeout: 15_000 }).toBe(true);
      goOn();
      const result = await endOf<BackfillOutcome>(run);
      expect(paused).toMatchObject({ by: 'the backfill' });
      expect(result).toMatchObject({
        outcome: 'completed',
        entities: [{ chunks: { done: CHUNKS }, schedules: { paused: [LOOP], resumed: [LOOP] } }],
      });
      await expect.poll(async () => (await state()).counts.runs, { timeout: 15_000 }).toBeGreaterThan(0);
      await loop.executeUpdate('abort', { args: [{ reason: 'the test is over' }] });
      const runs = await db.selectFrom('control.run').select('owner_workflow').orderBy('run').execute();
      const owners = runs.map(({ owner_workflow }) => owner_workflow);
      const chunks = Array.from({ length: CHUNKS }, () => `${BACKFILL}/run`);
      expect(owners.slice(0, CHUNKS + 2)).toEqual(['revenue-sync/demo', ...chunks, 'revenue-sync/demo']);
    });
  });
});
