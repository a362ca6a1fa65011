import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Loops, Schedules } from '../../activities/dependencies.ts';
import { closeCollection, openCollection } from '../../src/store/collections.ts';
import { listReports } from '../../src/store/settlement/report.ts';
import { settlementState } from '../../src/store/settlement/switch-over.ts';
import {
  type ActivityGround,
  failureOf,
  newOwner,
  NO_LOOPS,
  NO_SCHEDULES,
  openActivityGround,
  runFor,
  synced,
  whenReady,
} from '../support/activities.ts';
import { SETTLING, type SettlingTenant, settlingTenant } from '../support/settling-tenant.ts';

const OWNER = newOwner('invoice-settlement-backfill/demo');

/** Schedules by id, each with the note it is paused with. */
function schedulesOf(states: Map<string, string | null>): Schedules {
  return {
    ...NO_SCHEDULES,
    async pause(id, note) {
      const state = states.get(id);
      if (state === undefined) return 'absent';
      if (state !== null) return state === note ? 'paused' : 'others';
      states.set(id, note);
      return 'paused';
    },
    async resume(id, note) {
      const state = states.get(id);
      if (state !== note) return state === null;
      states.set(id, null);
      return true;
    },
    note: async () => 'others',
  };
}

/** Loops by id as schedules are, and those that have a run under way. */
function loopsOf(states: Map<string, string | null>, underWay: ReadonlySet<string>): Loops {
  const kept = schedulesOf(states);
  return {
    ...NO_LOOPS,
    pause: async (id, note) => ({ became: await kept.pause(id, note), underWay: underWay.has(id) }),
    resume: (id, note) => kept.resume(id, note),
  };
}

/** One after the other, as the workflow calls them. */
describe('the activities of a switch-over', () => {
  const states = new Map<string, string | null>([
    ['revenue-sync/demo', null],
    ['data-collection/default', 'year end'],
  ]);
  let tenant: SettlingTenant;
  let ground: ActivityGround;
  let run: ReturnType<typeof runFor>;
  beforeAll(async () => {
    tenant = settlingTenant(SETTLING);
    ground = await openActivityGround(tenant);
    ground.world.schedules = schedulesOf(states);
    run = runFor(ground, OWNER);
    await run('entitiesToSwitch', {});
  });
  afterAll(() => ground.close());

  test('name the entities there are, and say which are not there', async () => {
    expect(await run('entitiesToSwitch', {})).toEqual({ tenant: 'demo', entities: ['demo'] });
    const failure = await failureOf(run('entitiesToSwitch', { entity: 'nowhere' }));
    expect(failure.type).toBe('ENTITY_UNKNOWN');
  });

  test('find nothing to do before the first run', async () => {
    expect(await run('checkSettlement', { entity: 'demo' })).toMatchObject({ due: false });
    const early = await failureOf(run('checkSettlement', { entity: 'demo', switchDate: '2025-06-01' }));
    expect(early.type).toBe('INVOICE_SETTLEMENT_OFF');
    expect(await settlementState(ground.database.db, 'demo')).toMatchObject({
      settled: null,
      switchDate: null,
    });
  });

  test('keep a switch date where a first run is not completed, and refuse another one then', async () => {
    const { database } = ground;
    const settled = (on: boolean | null, day: string | null = null) =>
      database.db
        .updateTable('control.entity')
        .set({ invoice_settlement: on, settled_on: day })
        .where('entity', '=', 'demo')
        .execute();
    tenant.settle();
    await settled(false);
    expect(await run('checkSettlement', { entity: 'demo', switchDate: '2025-06-01' })).toMatchObject({
      due: false,
      note: expect.stringContaining('adjustments before 2025-06-01 count then') as unknown,
    });
    expect(await settlementState(database.db, 'demo')).toMatchObject({ switchDate: '2025-06-01' });
    const other = await failureOf(run('checkSettlement', { entity: 'demo', switchDate: '2025-05-01' }));
    expect(other.type).toBe('SWITCH_DATE_FIXED');
    tenant.settle(false);
    await settled(null);
  });

  test('want Invoice Settlement to be on in Billing after it, and say what is missing', async () => {
    await synced(ground);
    const failure = await failureOf(run('checkSettlement', { entity: 'demo' }));
    expect(failure).toMatchObject({ type: 'INVOICE_SETTLEMENT_OFF', nonRetryable: true });
    expect(failure.message).toContain(
      'CreditMemo, DebitMemo, CreditMemoItem, DebitMemoItem cannot be exported',
    );
    expect(await settlementState(ground.database.db, 'demo')).toMatchObject({ backfill: null });
    tenant.settle();
    expect(await run('checkSettlement', { entity: 'demo' })).toMatchObject({ due: true });
  });

  test('pause what runs, however often they are tried, and resume only that', async () => {
    const paused = { paused: ['revenue-sync/demo'] };
    expect(await run('pauseSchedules', { entity: 'demo' })).toEqual(paused);
    expect(await run('pauseSchedules', { entity: 'demo' })).toEqual(paused);
    expect([...states.values()]).toEqual(['revsync: paused by invoice-settlement-backfill/demo', 'year end']);
    expect(await run('resumeSchedules', { entity: 'demo' })).toEqual({ resumed: ['revenue-sync/demo'] });
    expect(await run('resumeSchedules', { entity: 'demo' })).toEqual({ resumed: ['revenue-sync/demo'] });
    expect([...states.values()]).toEqual([null, 'year end']);
  });

  test('resume what an earlier backfill of any id paused, also when it could not say so', async () => {
    const { db } = ground.database;
    const other = runFor(ground, newOwner('started-by-hand'));
    expect(await other('pauseSchedules', { entity: 'demo' })).toEqual({ paused: ['revenue-sync/demo'] });
    states.set('exchange-rate-sync/demo', states.get('revenue-sync/demo') ?? null);
    await db.updateTable('control.settlement_switch').set({ paused: [] }).execute();
    const resumed = ['revenue-sync/demo', 'exchange-rate-sync/demo'];
    expect(await run('resumeSchedules', { entity: 'demo' })).toEqual({ resumed });
    expect([...states.values()]).toEqual([null, 'year end', null]);
    states.delete('exchange-rate-sync/demo');
  });

  test('keep what was paused when a later one pauses less', async () => {
    await run('pauseSchedules', { entity: 'demo' });
    const state = states.get('revenue-sync/demo') ?? null;
    states.set('revenue-sync/demo', 'by hand');
    expect(await run('pauseSchedules', { entity: 'demo' })).toEqual({ paused: [] });
    const [report] = await listReports(ground.database.db);
    expect(report?.schedules).toEqual({ paused: ['revenue-sync/demo'], resumed: [] });
    states.set('revenue-sync/demo', state);
    await run('resumeSchedules', { entity: 'demo' });
  });

  test('wait for a run of the entity and a collection of its organisation, unless their workflows are over', async () => {
    const { db } = ground.database;
    const busy = newOwner('revenue-sync/by-hand');
    const { run: opened } = await runFor(ground, busy)('openSyncRun', { entity: 'demo' });
    const waiting = async () => [
      await failureOf(run('pauseSchedules', { entity: 'demo' })),
      await failureOf(run('switchOver', { entity: 'demo' })),
    ];
    const benign = { nonRetryable: false, category: 'BENIGN' };
    for (const failure of await waiting()) {
      expect(failure).toMatchObject({ type: 'RUN_IN_PROGRESS', ...benign });
      expect(failure.message).toContain('revenue-sync/by-hand');
    }
    await runFor(ground, busy)('abandonRun', { run: opened, reason: 'test' });
    const collection = (await openCollection(db, 'default', busy)) ?? '';
    for (const failure of await waiting()) {
      expect(failure).toMatchObject({ type: 'COLLECTION_IN_PROGRESS', ...benign });
    }
    expect(await settlementState(db, 'demo')).toMatchObject({ switchDate: null });
    ground.world.isOver = async () => true;
    expect(await run('pauseSchedules', { entity: 'demo' })).toEqual({ paused: ['revenue-sync/demo'] });
    ground.world.isOver = async () => false;
    await closeCollection(db, collection, 'aborted', 'test');
    await run('resumeSchedules', { entity: 'demo' });
  });

  test('pause the loop of Instant On beside the schedules, and let it go on after them', async () => {
    const loops = new Map<string, string | null>([['instant-on/demo', null]]);
    ground.world.loops = loopsOf(loops, new Set());
    const both = ['revenue-sync/demo', 'instant-on/demo'];
    expect(await run('pauseSchedules', { entity: 'demo' })).toEqual({ paused: both });
    expect(await run('pauseSchedules', { entity: 'demo' })).toEqual({ paused: both });
    expect([...loops.values()]).toEqual(['revsync: paused by invoice-settlement-backfill/demo']);
    expect(await run('resumeSchedules', { entity: 'demo' })).toEqual({ resumed: both });
    expect([...loops.values()]).toEqual([null]);
    const [report] = await listReports(ground.database.db);
    expect(report?.schedules).toEqual({ paused: both.toSorted(), resumed: both });
  });

  test('leave a loop paused that somebody else paused', async () => {
    const loops = new Map<string, string | null>([['instant-on/demo', 'month-end']]);
    ground.world.loops = loopsOf(loops, new Set());
    expect(await run('pauseSchedules', { entity: 'demo' })).toEqual({ paused: ['revenue-sync/demo'] });
    expect(await run('resumeSchedules', { entity: 'demo' })).toEqual({ resumed: ['revenue-sync/demo'] });
    expect([...loops.values()]).toEqual(['month-end']);
  });

  test('wait for a run that a loop began and that has not said so yet', async () => {
    const states = new Map<string, string | null>([['instant-on/demo', null]]);
    const underWay = new Set(['instant-on/demo']);
    ground.world.loops = loopsOf(states, underWay);
    const failure = await failureOf(run('pauseSchedules', { entity: 'demo' }));
    expect(failure).toMatchObject({ type: 'RUN_IN_PROGRESS', nonRetryable: false, category: 'BENIGN' });
    expect(failure.message).toContain('instant-on/demo');
    underWay.clear();
    expect(await run('pauseSchedules', { entity: 'demo' })).toMatchObject({
      paused: ['revenue-sync/demo', 'instant-on/demo'],
    });
    await run('resumeSchedules', { entity: 'demo' });
    ground.world.loops = NO_LOOPS;
  });

  test('let memos take over once, on the day of the switch-over', async () => {
    expect(await run('switchOver', { entity: 'demo' })).toEqual({ switchDate: '2025-08-01' });
    const other = await failureOf(run('switchOver', { entity: 'demo', switchDate: '2025-01-01' }));
    expect(other.type).toBe('SWITCH_DATE_FIXED');
  });

  test('plan nothing where an ordinary run has read every memo meanwhile', async () => {
    await synced(ground);
    const asked = await run('askEarliestMemos', { entity: 'demo' });
    expect(asked.map(({ object }) => object)).toContain('DebitMemoItem');
    await whenReady(() => run('planHistory', { entity: 'demo', asked, chunk: 'month' }));
    expect(await run('nextChunk', { entity: 'demo' })).toMatchObject({ total: 0, next: null });
    const totals = await run('askTotals', { entity: 'demo' });
    expect(await whenReady(() => run('proveHistory', { entity: 'demo', asked: totals }))).toEqual([]);
    await run('closeSettlement', { entity: 'demo' });
    expect(await run('checkSettlement', { entity: 'demo' })).toMatchObject({ due: false });
    const other = await failureOf(run('checkSettlement', { entity: 'demo', switchDate: '2025-01-01' }));
    expect(other.type).toBe('SWITCH_DATE_FIXED');
  });

  test('answer counts and the first differences of a proof, however long it is', async () => {
    const total = { count: '1', amount: '1' };
    const proof = Array.from({ length: 5_000 }, (_, index) => ({
      object: 'CreditMemo',
      currency: 'USD',
      status: `status ${index}`,
      billing: total,
      prestaging: total,
      equal: index % 2 === 0,
    }));
    await ground.database.db
      .updateTable('control.settlement_switch')
      .set({ proof: JSON.stringify(proof) as never })
      .execute();
    const [summary] = await run('settlementReport', { entities: ['demo'] });
    expect(summary?.proof).toMatchObject({ compared: 5_000, different: 2_500 });
    expect(summary?.proof.first.map(({ status }) => status)).toEqual(
      [1, 3, 5, 7, 9].map((n) => `status ${n}`),
    );
  });
});
