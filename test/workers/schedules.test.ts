import { Client, Connection, type ScheduleOptions, type ScheduleUpdateOptions } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ensureSchedules } from '../../workers/ensure-schedules.ts';
import { SEARCH_ATTRIBUTES } from '../../src/domain/operator/search-attributes.ts';
import { wantedSchedules } from '../../src/domain/schedules/wanted-schedules.ts';
import { temporalSchedules } from '../../workers/schedules.ts';
import { CRONS_REFUSED, CRONS_TAKEN } from '../support/crons.ts';
import { type DevServer, startDevServer } from '../support/dev-server.ts';

const WHOSE = { tenant: 'demo', taskQueue: 'revsync' };
const NOTE = 'revsync: Instant On waits for a person';
let schedules = 0;

describe('the schedules of Temporal', () => {
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
    return temporalSchedules({ schedule: schedule as unknown as Client['schedule'] }, WHOSE);
  };
  const note = (id: string) => temporalSchedules(client, WHOSE).note(id, NOTE);

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

  describe('made by a worker', () => {
    const daily = (entity: string) =>
      wantedSchedules([{ entity, org: entity, timezone: 'Europe/Berlin', home: 'USD', inUse: [] }], {
        reporting: null,
        instantOn: false,
        autoCollect: true,
      });
    const ensure = (entity: string, cron?: string) =>
      temporalSchedules(client, WHOSE).ensure(daily(entity), { cron });

    test('run when a person says, in the name of the tenant, and stay as they are', async () => {
      const made = [
        { action: 'not-needed' },
        { id: 'revenue-sync/made', action: 'created' },
        { action: 'not-needed' },
      ];
      expect(await ensure('made', '0 2 * * 1-5')).toMatchObject(made);
      expect(await ensure('made')).toMatchObject([{}, { action: 'exists' }, {}]);
      const { spec, action, typedSearchAttributes } = await handle('revenue-sync/made').describe();
      expect(spec).toMatchObject({
        timezone: 'Europe/Berlin',
        calendars: [{ hour: [{ start: 2 }], dayOfWeek: [{ start: 'MONDAY', end: 'FRIDAY' }] }],
      });
      expect(action).toMatchObject({
        workflowType: 'revenueSync',
        taskQueue: 'revsync',
        args: [{ entity: 'made' }],
      });
      const told = typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]);
      expect(Object.fromEntries(told)).toEqual({ RevsyncEntity: 'made', RevsyncTenant: 'demo' });
    });

    const standing = async (id: string) => temporalSchedules(client, WHOSE).standing(id);

    test('get the times that a person says where they are there, and nothing else of them changes', async () => {
      await ensure('there');
      const id = 'revenue-sync/there';
      const before = (await handle(id).describe()).raw.schedule;
      const was = await standing(id);
      expect(await ensure('there')).toMatchObject([
        {},
        {
          action: 'exists',
          note: `${id} was there already and stays at ${was?.when}.`,
          found: { paused: false, otherwise: false },
        },
        {},
      ]);
      expect(await ensure('there', '0 2 * * 1-5')).toMatchObject([
        {},
        {
          action: 'changed',
          note: `${id} was there at ${was?.when}, and has 0 2 * * 1-5, Europe/Berlin now.`,
          found: { paused: false, otherwise: false },
        },
        {},
      ]);
      const after = (await handle(id).describe()).raw.schedule;
      expect({ ...after, spec: {}, state: {} }).toEqual({ ...before, spec: {}, state: {} });
      expect(after?.spec?.jitter).toEqual(before?.spec?.jitter);
      expect(await noteOf(id)).toBe('Revenue Sync of there: 0 2 * * 1-5, Europe/Berlin.');
      expect(await ensure('there', '0 2 * * mon-fri')).toMatchObject([
        {},
        { action: 'exists', found: { otherwise: false } },
        {},
      ]);
      expect(await ensure('there')).toMatchObject([
        {},
        {
          action: 'exists',
          note: expect.stringContaining('stays at 0 2 * * 1-5'),
          found: { otherwise: true },
        },
        {},
      ]);
    });

    test('stay paused, and say so', async () => {
      await ensure('rests');
      const id = 'revenue-sync/rests';
      await handle(id).pause('year end');
      expect(await ensure('rests', '0 3 * * *')).toMatchObject([
        {},
        {
          action: 'changed',
          note: expect.stringContaining('has 0 3 * * *, Europe/Berlin now; it stays paused.'),
          found: { paused: true, otherwise: true },
        },
        {},
      ]);
      expect(await standing(id)).toEqual({ id, when: '0 3 * * *, Europe/Berlin', paused: true });
      expect(await noteOf(id)).toBe('year end');
      expect(await standing('revenue-sync/nobody')).toBeNull();
    });

    test.each(CRONS_TAKEN)('run by %s', async (cron) => {
      schedules += 1;
      expect(await ensure(`cron-${schedules}`, cron)).toMatchObject([{}, { action: 'created' }, {}]);
    });

    test.each(CRONS_REFUSED)('do not run by %s', async (cron) => {
      schedules += 1;
      await expect(ensure(`cron-${schedules}`, cron)).rejects.toMatchObject({ code: 'SCHEDULE_REFUSED' });
    });
  });
});
