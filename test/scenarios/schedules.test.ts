import type { ScheduleHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { OpenRunRequest } from '../../activities/open-run.ts';
import { diffSchedules } from '../../src/cli/schedule/diff-schedules.ts';
import { ensureSchedules } from '../../workers/ensure-schedules.ts';
import { listedSchedule, listSchedules } from '../../src/cli/schedule/list-schedules.ts';
import { RevsyncError } from '../../src/domain/errors.ts';
import type { DeskState } from '../../src/domain/operator/steps.ts';
import {
  type ScheduleSettings,
  type WantedSchedule,
  wantedSchedules,
} from '../../src/domain/schedules/wanted-schedules.ts';
import type { SyncOutcome } from '../../workflows/revenue-sync.ts';
import { until } from '../support/command-line.ts';
import { mockActivities } from '../support/mock-activities.ts';
import { openScene } from './scene.ts';
import { edit, openScheduleStage, type ScheduleStage, TASK_QUEUE } from './schedule-stage.ts';

const SYNC = 'revenue-sync/demo';
const RATES = 'exchange-rate-sync/demo';
const COLLECTION = 'data-collection/default';
const DAY = 86_400_000;
const EVERY = 2_000;
/** Temporal takes none that is shorter. */
const WINDOW = 10_000;
/** Of the scene. */
const OVERLAP = 300_000;

const demo = {
  entity: 'demo',
  org: 'default',
  timezone: 'Europe/Berlin',
  home: 'USD',
  inUse: ['EUR', 'USD'],
};
const wanted = (settings: Partial<ScheduleSettings> = {}): WantedSchedule[] =>
  wantedSchedules([demo], { reporting: null, instantOn: false, autoCollect: false, ...settings });

describe('schedules', () => {
  let stage: ScheduleStage;
  beforeAll(async () => void (stage = await openScheduleStage()));
  afterAll(() => stage.close());

  const handleOf = (id: string): ScheduleHandle => stage.client.schedule.getHandle(id);
  const ensure = () => ensureSchedules(stage.client, wanted(), { tenant: 'demo', taskQueue: TASK_QUEUE });
  const diff = (settings: Partial<ScheduleSettings> = {}) =>
    diffSchedules(stage.client, wanted(settings), TASK_QUEUE);
  /** Paused, resumed and edited schedules say so a moment later. */
  const untilCompared = (id: string, paused: boolean) =>
    until(`${id} is compared`, async () =>
      (await diff()).find((each) => each.id === id && each.paused === paused),
    );
  const listed = async (id: string) => listedSchedule(await handleOf(id).describe());
  /** A schedule as defined, which runs only when it is told to. */
  const anew = async (id: string): Promise<ScheduleHandle> => {
    await handleOf(id).delete();
    await ensure();
    return handleOf(id);
  };
  const idle = (handle: ScheduleHandle, runs: number) =>
    until('its runs are over', async () => {
      const { numActionsTaken, runningActions } = (await handle.describe()).info;
      return numActionsTaken >= runs && runningActions.length === 0;
    });

  test('are absent, then made, then as they are defined', async () => {
    expect((await diff()).map(({ id, status }) => `${id} ${status}`)).toEqual([
      `${COLLECTION} absent`,
      `${RATES} absent`,
      `${SYNC} absent`,
    ]);
    expect((await ensure()).map(({ action }) => action)).toEqual(['created', 'created', 'created']);
    expect((await ensure()).map(({ action }) => action)).toEqual(['exists', 'exists', 'exists']);
    expect((await diff()).map(({ status, differences }) => [status, differences])).toEqual([
      ['as-defined', []],
      ['as-defined', []],
      ['as-defined', []],
    ]);
    const all = await until('the list has them', async () => {
      const found = await listSchedules(stage.client, TASK_QUEUE);
      return found.length === 3 && found;
    });
    expect(all.map(({ id }) => id)).toEqual([COLLECTION, RATES, SYNC]);
    expect(all[2]).toMatchObject({
      workflow: 'revenueSync',
      spec: { cron: [expect.stringMatching(/^\d+ 5 \* \* \*$/)], timezone: 'Europe/Berlin' },
      overlap: 'SKIP',
      catchUpSeconds: '21600',
      pauseOnFailure: true,
    });
  });

  test('that an operator edits stay so, and the difference is named field by field', async () => {
    const handle = handleOf(COLLECTION);
    await edit(handle, (before) => ({
      spec: { calendars: [{ hour: 22, minute: 15, dayOfWeek: { start: 'MONDAY', end: 'FRIDAY' } }] },
      policies: { ...before.policies, overlap: 'BUFFER_ALL', catchupWindow: '1 hour', pauseOnFailure: false },
      action: { ...before.action, args: [{}] },
    }));
    await handle.pause('audit');
    expect((await ensure()).find(({ id }) => id === COLLECTION)).toMatchObject({ action: 'exists' });
    expect(await untilCompared(COLLECTION, true)).toMatchObject({
      status: 'edited',
      note: 'audit',
      differences: [
        {
          field: 'when',
          definition: [expect.stringMatching(/^\d+ 7 \* \* \*$/)],
          temporal: ['15 22 * * 1-5'],
        },
        { field: 'timezone', definition: 'Europe/Berlin', temporal: 'UTC' },
        { field: 'overlap', definition: 'SKIP', temporal: 'BUFFER_ALL' },
        { field: 'catchUpSeconds', definition: '21600', temporal: '3600' },
        { field: 'pauseOnFailure', definition: true, temporal: false },
        { field: 'input', definition: { org: 'default' }, temporal: {} },
      ],
    });
  });

  test('that are written otherwise, paused or commented are as defined', async () => {
    const handle = await anew(COLLECTION);
    const [minute] = (await listed(COLLECTION)).spec.cron[0]?.split(' ') ?? [];
    await edit(handle, ({ state }) => ({
      spec: { calendars: [{ hour: 7, minute: Number(minute) }], timezone: 'Europe/Berlin' },
      state: { ...state, note: 'as the auditors want it' },
    }));
    await handle.pause();
    expect(await untilCompared(COLLECTION, true)).toMatchObject({ status: 'as-defined' });
    await anew(COLLECTION);
  });

  test('that are there for nothing are named, and those that nobody asks for', async () => {
    await stage.client.schedule.create({
      scheduleId: 'monthly',
      spec: { cronExpressions: ['0 4 3 * *'] },
      action: { type: 'startWorkflow', workflowType: 'settingsSync', taskQueue: TASK_QUEUE },
    });
    const all = await until('the list has it', async () => {
      const found = await diff({ instantOn: true, autoCollect: true });
      return found.some(({ id }) => id === 'monthly') && found;
    });
    expect(all.map(({ id, status, remark }) => [id, status, remark])).toEqual([
      [COLLECTION, 'not-needed-but-there', expect.stringContaining('Auto_Collect')],
      [RATES, 'as-defined', ''],
      ['monthly', 'unknown', expect.any(String)],
      [SYNC, 'not-needed-but-there', expect.stringContaining('Instant On')],
    ]);
    await handleOf('monthly').delete();
  });

  test('skip what is due while a run is under way, and count it', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const handle = await anew(SYNC);
    stage.play({
      awaitExport: async () => {
        await held;
        return [];
      },
    });
    await edit(handle, () => ({ spec: { intervals: [{ every: '1s' }] } }));
    await until('two are skipped', async () => Number((await listed(SYNC)).skipped) >= 2);
    expect(await listed(SYNC)).toMatchObject({ taken: '1', missed: '0' });
    release();
    stage.play();
    await until('they go on', async () => Number((await listed(SYNC)).taken) > 1);
    await handle.pause();
    await idle(handle, 1);
  });

  test('pause after a failure, say so, and go on when they are resumed', async () => {
    const handle = await anew(SYNC);
    stage.play({
      openSyncRun: async () => {
        throw new RevsyncError('There is no entity "demo".', {
          code: 'ENTITY_UNKNOWN',
          fate: 'fix-input',
          remedy: 'Name one.',
        });
      },
    });
    // Nobody watches a run that was triggered past the policy.
    await handle.trigger('SKIP');
    const paused = await until('it is paused', async () => {
      const found = await listed(SYNC);
      return found.paused && found;
    });
    expect(paused.note).toMatch(/paused due to workflow failure/);
    expect(await untilCompared(SYNC, true)).toMatchObject({ status: 'as-defined', note: paused.note });

    stage.play();
    await handle.unpause('mended');
    expect(await untilCompared(SYNC, false)).toMatchObject({ note: 'mended' });
    // Ids of runs have seconds only: a run of the same second would be taken for the one that failed.
    const failedAt = paused.last[0]?.started.slice(0, 19) ?? '';
    await until('a second passes', async () => new Date().toISOString().slice(0, 19) > failedAt);
    await handle.trigger('SKIP');
    await idle(handle, 2);
    expect(await listed(SYNC)).toMatchObject({ paused: false, note: 'mended' });
  });

  test('tell a run when it was due, however it was started', async () => {
    const handle = await anew(SYNC);
    const requests: OpenRunRequest[] = [];
    stage.play({
      openSyncRun: async (request) => {
        requests.push(request);
        return mockActivities().openSyncRun(request);
      },
    });
    await edit(handle, () => ({ spec: { intervals: [{ every: '1s' }] } }));
    await idle(handle, 2);
    await handle.pause();
    const { last } = await listed(SYNC);
    const due = requests.map((request) => request.due);
    expect(due.length).toBeGreaterThan(0);
    expect(last.map((run) => run.due)).toEqual(expect.arrayContaining(due.slice(-5)));
    requests.length = 0;
    await stage.client.workflow.execute('revenueSync', {
      workflowId: 'by hand',
      taskQueue: TASK_QUEUE,
      args: [{ entity: 'demo' }],
    });
    expect(requests).toEqual([{ entity: 'demo', queue: true }]);
  });

  test('backfill days in their order, each run over what was due, whenever it runs', async () => {
    const scene = await openScene({ spec: 'items=20,seed=3' });
    try {
      stage.play(scene.activities);
      const handle = await anew(SYNC);
      await handle.pause('holidays');
      const now = Date.parse(scene.time(0));
      await handle.backfill({
        start: new Date(now - 4 * DAY),
        end: new Date(now - DAY),
        overlap: 'BUFFER_ALL',
      });
      await idle(handle, 3);
      const runs = (await listed(SYNC)).last;
      const outcomes: SyncOutcome[] = await Promise.all(
        runs.map(({ workflowId, runId }) => stage.client.workflow.getHandle(workflowId, runId).result()),
      );
      expect(outcomes.map(({ outcome }) => outcome)).toEqual([
        'completed',
        expect.stringMatching(/completed|nothing-to-do/),
        expect.stringMatching(/completed|nothing-to-do/),
      ]);
      const ends = outcomes.map(({ window }) => Date.parse(window?.to ?? ''));
      // What a run is due at has no jitter, and the scene no lag.
      const [minute, hour] = (await listed(SYNC)).spec.cron[0]?.split(' ') ?? [];
      const local = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', timeStyle: 'medium' });
      const due = `${hour?.padStart(2, '0')}:${minute?.padStart(2, '0')}:00`;
      expect(ends.map((end) => local.format(end))).toEqual([due, due, due]);
      expect(ends.map((end) => end - (ends[0] ?? 0))).toEqual([0, DAY, 2 * DAY]);
      const [first = 0, second = 0] = ends;
      const { workflowId, runId } = runs[2] ?? { workflowId: '' };
      const { steps } = await stage.client.workflow.getHandle(workflowId, runId).query<DeskState>('state');
      expect(steps[0]?.note).toContain(`, due at ${new Date(ends[2] ?? 0).toISOString()}`);
      const [from, ...following] = outcomes.map(({ window }) => window?.from ?? null);
      expect(from).toBeNull();
      expect(following.map((start) => Date.parse(start ?? ''))).toEqual([first - OVERLAP, second - OVERLAP]);
    } finally {
      stage.play();
      await scene.close();
    }
  });

  test('catch up with what an outage of Temporal kept from running, and count what is too old', async () => {
    const handle = await anew(SYNC);
    await edit(handle, (before) => ({
      spec: { intervals: [{ every: EVERY }] },
      policies: { ...before.policies, catchupWindow: WINDOW, overlap: 'BUFFER_ALL' },
    }));
    await until('it runs', async () => Number((await listed(SYNC)).taken) > 0);
    expect(await listed(SYNC)).toMatchObject({ missed: '0' });
    const { stopped, started } = await stage.outage(12_000);
    const { missed, late } = await until('it has caught up', async () => {
      // A server that has only just started may be too slow to answer.
      const found = await listed(SYNC).catch(() => null);
      const caughtUp = (found?.last ?? [])
        .map((run) => ({ due: Date.parse(run.due), started: Date.parse(run.started) }))
        .filter(({ due, started: begun }) => due > stopped && begun - due > 2 * EVERY);
      return caughtUp.length > 0 && { missed: Number(found?.missed), late: caughtUp };
    });
    await handle.pause();
    expect(missed).toBeGreaterThan(0);
    expect(Math.min(...late.map(({ due }) => due))).toBeGreaterThanOrEqual(started - WINDOW);
  });
});
