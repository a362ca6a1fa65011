import { type Client, ScheduleAlreadyRunning, type ScheduleOptions } from '@temporalio/client';
import { describe, expect, test } from 'vitest';

import { ensureSchedules } from '../../workers/ensure-schedules.ts';
import { RevsyncError } from '../../src/domain/errors.ts';
import {
  type ScheduledEntity,
  type WantedSchedule,
  wantedSchedules,
} from '../../src/domain/schedules/wanted-schedules.ts';

const MANUAL = { reporting: null, instantOn: false, autoCollect: false };

const wantedBy = (change: Partial<ScheduledEntity> = {}): WantedSchedule[] =>
  wantedSchedules(
    [{ entity: 'emea', org: 'europe', timezone: null, home: 'USD', inUse: ['EUR'], ...change }],
    MANUAL,
  );
const ofKind = (kind: string): WantedSchedule[] =>
  wantedBy().filter(({ definition }) => definition.kind === kind);

/** A client that remembers what it was asked to make. */
function clientWith(create: (options: ScheduleOptions) => void = () => undefined) {
  const made: ScheduleOptions[] = [];
  const schedule = {
    create: async (options: ScheduleOptions) => {
      create(options);
      made.push(options);
    },
  };
  return { client: { schedule } as unknown as Client, made };
}

const ensure = (client: Client, wanted: readonly WantedSchedule[], cron?: string) =>
  ensureSchedules(client, wanted, { tenant: 'demo', taskQueue: 'revsync', cron });

describe('schedules that are made sure of', () => {
  test('are made as they are defined, in the time zone of the entity', async () => {
    const { client, made } = clientWith();
    await ensure(client, wantedBy({ timezone: 'Europe/Berlin' }));
    expect(made).toMatchObject([
      {
        scheduleId: 'exchange-rate-sync/emea',
        spec: { cronExpressions: [expect.stringMatching(/^\d+ 4 \* \* \*$/)], timezone: 'Europe/Berlin' },
        policies: { overlap: 'BUFFER_ONE', catchupWindow: 72 * 3_600_000, pauseOnFailure: false },
        action: {
          workflowType: 'exchangeRateSync',
          workflowId: 'exchange-rate-sync/emea',
          taskQueue: 'revsync',
          args: [{ entity: 'emea' }],
        },
      },
      {
        scheduleId: 'revenue-sync/emea',
        spec: { cronExpressions: [expect.stringMatching(/^\d+ 5 \* \* \*$/)], jitter: 600_000 },
        policies: { overlap: 'SKIP', catchupWindow: 6 * 3_600_000, pauseOnFailure: true },
        action: { workflowType: 'revenueSync', workflowId: 'revenue-sync/emea', args: [{ entity: 'emea' }] },
      },
      {
        scheduleId: 'data-collection/europe',
        policies: { overlap: 'SKIP', pauseOnFailure: true },
        action: { workflowType: 'dataCollection', args: [{ org: 'europe' }] },
      },
    ]);
  });

  test('are not made where they are not needed, and say why', async () => {
    const { client, made } = clientWith();
    const [first] = await ensure(client, wantedBy({ home: null }));
    expect(first).toMatchObject({
      id: 'exchange-rate-sync/emea',
      action: 'not-needed',
      note: expect.stringContaining('Currency Conversion is off'),
    });
    expect(made.map(({ scheduleId }) => scheduleId)).toEqual(['revenue-sync/emea', 'data-collection/europe']);
  });

  test('run when a person says, if that is about one kind', async () => {
    const { client, made } = clientWith();
    await ensure(client, ofKind('revenue-sync'), '0 1 * * *');
    expect(made).toMatchObject([{ spec: { cronExpressions: ['0 1 * * *'] } }]);
    const refusal = await ensure(client, wantedBy(), '0 1 * * *').catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('exchange-rate-sync, revenue-sync, data-collection'),
      remedy: expect.stringContaining('--kind exchange-rate-sync'),
    });
    expect(made).toHaveLength(1);
  });

  test('stay as they are when they are there', async () => {
    const { client } = clientWith(({ scheduleId }) => {
      throw new ScheduleAlreadyRunning('there', scheduleId);
    });
    expect(await ensure(client, ofKind('revenue-sync'))).toMatchObject([{ action: 'exists' }]);
  });

  test('are refused in plain words when Temporal does not take them', async () => {
    const { client } = clientWith(() => {
      throw new TypeError('CronString does not have 5-7 fields');
    });
    const wanted = ofKind('revenue-sync');
    const refusal = await ensure(client, wanted, 'daily').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RevsyncError);
    expect(refusal).toMatchObject({
      code: 'SCHEDULE_REFUSED',
      message: expect.stringContaining('5-7 fields'),
    });
    const { client: broken } = clientWith(() => {
      throw new Error('no connection');
    });
    await expect(ensure(broken, wanted)).rejects.toThrow('no connection');
  });
});
