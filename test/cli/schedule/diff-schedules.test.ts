import { type Client, ScheduleNotFoundError } from '@temporalio/client';
import { describe, expect, test } from 'vitest';

import { diffSchedules } from '../../../src/cli/schedule/diff-schedules.ts';
import { wantedSchedules } from '../../../src/domain/schedules/wanted-schedules.ts';

const wanted = wantedSchedules([{ entity: 'demo', org: 'default', timezone: null, home: null, inUse: [] }], {
  reporting: null,
  instantOn: false,
  autoCollect: true,
});
const ID = 'revenue-sync/demo';
const cron = wanted.find(({ id }) => id === ID)?.cron ?? '';

interface Change {
  readonly action?: object;
  readonly spec?: object;
  readonly state?: object;
}

/** The schedule as it is made, but for what is changed. */
function described({ action, spec, state }: Change = {}) {
  const at = (value: string | undefined) => [{ start: Number(value), end: Number(value), step: 1 }];
  const [minute, hour] = cron.split(' ');
  const daily = {
    second: at('0'),
    minute: at(minute),
    hour: at(hour),
    dayOfMonth: [{ start: 1, end: 31, step: 1 }],
    month: [{ start: 'JANUARY', end: 'DECEMBER', step: 1 }],
    year: [],
    dayOfWeek: [{ start: 'SUNDAY', end: 'SATURDAY', step: 1 }],
  };
  return {
    scheduleId: ID,
    spec: { calendars: [daily], timezone: 'UTC', jitter: 600_000, ...spec },
    action: {
      workflowType: 'revenueSync',
      workflowId: ID,
      taskQueue: 'revsync',
      args: [{ entity: 'demo' }],
      ...action,
    },
    policies: { overlap: 'SKIP', catchupWindow: 21_600_000, pauseOnFailure: true },
    state: { paused: false, ...state },
    info: { nextActionTimes: [], recentActions: [] },
  };
}

/** A Temporal whose list names these schedules; null: gone since. */
function temporal(schedules: Record<string, object | null>): Client {
  const list = async function* () {
    for (const scheduleId of Object.keys(schedules)) yield { scheduleId };
  };
  const getHandle = (id: string) => ({
    describe: async () => {
      const found = schedules[id];
      if (found == null) throw new ScheduleNotFoundError('gone', id);
      return found;
    },
  });
  return { schedule: { list, getHandle } } as unknown as Client;
}

const diff = (schedules: Record<string, object | null>) =>
  diffSchedules(temporal(schedules), wanted, 'revsync');
const differences = async (change: Change) =>
  (await diff({ [ID]: described(change) })).flatMap((each) => each.differences);

describe('schedules beside their definitions', () => {
  test('differ in nothing when nobody touched them', async () => {
    expect(await diff({ [ID]: described() })).toMatchObject([{ id: ID, status: 'as-defined' }]);
  });

  test('differ when their runs go elsewhere, or end some day', async () => {
    expect(await differences({ action: { taskQueue: 'other', workflowId: 'mine' } })).toEqual([
      { field: 'workflowId', definition: ID, temporal: 'mine' },
      { field: 'taskQueue', definition: 'revsync', temporal: 'other' },
    ]);
    const endAt = new Date('2026-01-01T00:00:00Z');
    expect(await differences({ spec: { endAt }, state: { remainingActions: 3 } })).toEqual([
      { field: 'limits', definition: [], temporal: ['ends 2026-01-01T00:00:00.000Z', '3 runs left'] },
    ]);
    expect(await differences({ spec: { jitter: undefined } })).toEqual([
      { field: 'jitterSeconds', definition: '600', temporal: '0' },
    ]);
  });

  test('are absent only where they are needed', async () => {
    expect(await diff({})).toMatchObject([{ id: ID, status: 'absent' }]);
  });

  test('are unknown when they start runs of ours and nobody asks for them', async () => {
    const ours = { ...described(), scheduleId: 'revenue-sync/sold' };
    const others = { ...described({ action: { taskQueue: 'payroll' } }), scheduleId: 'payroll' };
    const all = await diff({
      [ID]: described(),
      payroll: others,
      'revenue-sync/gone': null,
      'revenue-sync/sold': ours,
    });
    expect(all.map(({ id, status }) => `${id} ${status}`)).toEqual([
      `${ID} as-defined`,
      'revenue-sync/sold unknown',
    ]);
  });
});
