import { Client, Connection, type ScheduleOptions, type ScheduleUpdateOptions } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ensureSchedules } from '../../src/cli/schedule/ensure-schedules.ts';
import { SEARCH_ATTRIBUTES } from '../../src/domain/operator/search-attributes.ts';
import { wantedSchedules } from '../../src/domain/schedules/wanted-schedules.ts';
import { temporalSchedules } from '../../workers/schedules.ts';
import { type DevServer, startDevServer } from '../support/dev-server.ts';

const NOTE = 'revsync: Instant On waits for a person';
let schedules = 0;

describe('the note of a schedule', () => {
  let server: DevServer;
  let connection: Connection;
  let client: Client;
  beforeAll(async () => {
    server = await startDevServer({ searchAttributes: SEARCH_ATTRIBUTES });
    connection = await Connection.connect({ address: server.address });
    client = new Client({ connection });
  });
  afterAll(async () => {
    await connection.close();
    await server.close();
  });

  const handle = (id: string) => client.schedule.getHandle(id);
  const noteOf = async (id: string) => (await handle(id).describe()).state.note;
  const made = async (
    state: ScheduleOptions['state'],
    action: Partial<ScheduleOptions['action']> = {},
  ): Promise<string> => {
    schedules += 1;
    const scheduleId = `revenue-sync/e${schedules}`;
    await client.schedule.create({
      scheduleId,
      spec: { cronExpressions: ['12 5 * * *'], timezone: 'Europe/Berlin', jitter: 600_000 },
      policies: { overlap: 'SKIP', catchupWindow: 6 * 3_600_000, pauseOnFailure: true },
      action: {
        type: 'startWorkflow',
        workflowType: 'revenueSync',
        workflowId: scheduleId,
        taskQueue: 'revsync',
        args: [{ entity: 'demo' }],
        ...action,
      },
      ...(state === undefined ? {} : { state }),
    });
    return scheduleId;
  };
  const writing = (updateSchedule: (request: object) => Promise<unknown>) => {
    const { options } = client.schedule;
    const schedule = { options, getHandle: handle, workflowService: { updateSchedule } };
    return temporalSchedules({ schedule: schedule as unknown as Client['schedule'] });
  };
  const note = (id: string) => temporalSchedules(client).note(id, NOTE);

  test('is changed where it is ours, and nothing else of the schedule is', async () => {
    const id = await made({ remainingActions: 3 });
    const before = (await handle(id).describe()).raw.schedule;
    expect(await note(id)).toBe('noted');
    const after = (await handle(id).describe()).raw.schedule;
    expect(after).toEqual({ ...before, state: { ...before?.state, notes: NOTE } });
  });

  test.each([{ maximumAttempts: 3 }, { initialInterval: 5_000 }, { backoffCoefficient: 1.5 }])(
    'is changed where the action has a retry policy: %j',
    async (retry) => {
      const id = await made({}, { retry } as Partial<ScheduleOptions['action']>);
      expect(await note(id)).toBe('noted');
      expect(await noteOf(id)).toBe(NOTE);
    },
  );

  test('is ours on every schedule that was made sure of', async () => {
    const entity = { entity: 'emea', org: 'europe', timezone: 'Europe/Berlin', home: 'USD', inUse: ['EUR'] };
    const settings = { reporting: null, instantOn: false, autoCollect: false };
    const ensured = await ensureSchedules(client, wantedSchedules([entity], settings), {
      tenant: 'demo',
      taskQueue: 'revsync',
    });
    expect(ensured).toHaveLength(3);
    for (const { id } of ensured) expect(await note(id)).toBe('noted');
  });

  test('stays where an operator wrote it, and when they did so meanwhile', async () => {
    const theirs = 'Revenue Sync is off limits this week, ask ann.';
    const id = await made({ note: theirs });
    expect([await note(id), await noteOf(id)]).toEqual(['others', theirs]);

    const raced = await made({});
    const { workflowService } = client.schedule;
    const late = async (request: Parameters<typeof workflowService.updateSchedule>[0]) => {
      await handle(raced).update(
        (before) => ({ ...before, state: { ...before.state, note: theirs } }) as ScheduleUpdateOptions,
      );
      return workflowService.updateSchedule(request);
    };
    await writing(late).note(raced, NOTE);
    await handle(raced).trigger(); // messages of a schedule are taken in turn
    expect(await noteOf(raced)).toBe(theirs);
  });

  test('stays where the server does not take the schedule, and fails for what may pass', async () => {
    const id = await made({});
    const refusing = (code: number) =>
      writing(async () => {
        throw Object.assign(new Error('no'), { code, details: 'no', metadata: {} });
      });
    expect(await refusing(3).note(id, NOTE)).toBe('others');
    await expect(refusing(14).note(id, NOTE)).rejects.toThrow('no');
  });

  test('stays while the schedule is paused: it says why', async () => {
    const id = await made({ paused: true, note: 'revsync: the backfill runs' });
    expect([await note(id), await noteOf(id)]).toEqual(['others', 'revsync: the backfill runs']);
  });

  test('is none where there is no schedule', async () => {
    expect(await note('revenue-sync/nobody')).toBe('absent');
  });
});
