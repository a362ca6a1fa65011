import { type Client, ScheduleAlreadyRunning, type ScheduleOptions } from '@temporalio/client';
import { describe, expect, test } from 'vitest';

import { ensureSchedules } from '../../../src/cli/schedule/ensure-schedules.ts';
import { RevsyncError } from '../../../src/domain/errors.ts';
import type { EntityConversion } from '../../../src/store/rates/conversion.ts';

const entity = (name: string, change: Partial<EntityConversion> = {}): EntityConversion => ({
  entity: name,
  timezone: null,
  home: 'USD',
  inUse: ['EUR', 'USD'],
  ...change,
});

/** A client that remembers what it was asked to make. */
function clientWith(create: (options: ScheduleOptions) => void) {
  const made: ScheduleOptions[] = [];
  const schedule = {
    create: async (options: ScheduleOptions) => {
      create(options);
      made.push(options);
    },
  };
  return { client: { schedule } as unknown as Client, made };
}

const ensure = (
  client: Client,
  entities: readonly EntityConversion[],
  cron?: string,
  reporting: string | null = null,
) => ensureSchedules(client, { entities, tenant: 'demo', taskQueue: 'revsync', reporting, cron });

describe('schedules that are made sure of', () => {
  test('are made for entities that convert, in their own time zone', async () => {
    const { client, made } = clientWith(() => undefined);
    const entities = [
      entity('emea', { timezone: 'Europe/Berlin' }),
      entity('us', { inUse: ['USD'] }),
      entity('bare', { home: null }),
    ];
    expect((await ensure(client, entities)).map(({ id, action }) => `${id} ${action}`)).toEqual([
      'exchange-rate-sync/emea created',
      'exchange-rate-sync/us not-needed',
      'exchange-rate-sync/bare not-needed',
    ]);
    expect(made).toMatchObject([
      {
        scheduleId: 'exchange-rate-sync/emea',
        spec: { cronExpressions: [expect.stringMatching(/^\d+ 4 \* \* \*$/)], timezone: 'Europe/Berlin' },
        policies: { overlap: 'BUFFER_ONE', catchupWindow: '3 days', pauseOnFailure: false },
        action: {
          workflowType: 'exchangeRateSync',
          workflowId: 'exchange-rate-sync/emea',
          taskQueue: 'revsync',
          args: [{ entity: 'emea' }],
        },
      },
    ]);
  });

  test('are needed for a reporting currency alone, and run when a person says', async () => {
    const { client, made } = clientWith(() => undefined);
    await ensure(client, [entity('us', { inUse: ['USD'] })], '0 1 * * *', 'EUR');
    expect(made).toMatchObject([{ spec: { cronExpressions: ['0 1 * * *'] } }]);
  });

  test('are needed for a reporting currency of an entity without home currency', async () => {
    const { client } = clientWith(() => undefined);
    const ensured = await ensure(client, [entity('bare', { home: null })], undefined, 'KWD');
    expect(ensured).toMatchObject([{ action: 'created' }]);
  });

  test('stay as they are when they are there', async () => {
    const { client } = clientWith(({ scheduleId }) => {
      throw new ScheduleAlreadyRunning('there', scheduleId);
    });
    expect(await ensure(client, [entity('emea')])).toMatchObject([{ action: 'exists' }]);
  });

  test('are refused in plain words when Temporal does not take them', async () => {
    const { client } = clientWith(() => {
      throw new TypeError('CronString does not have 5-7 fields');
    });
    const refusal = await ensure(client, [entity('emea')], 'daily').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RevsyncError);
    expect(refusal).toMatchObject({
      code: 'SCHEDULE_REFUSED',
      message: expect.stringContaining('5-7 fields'),
    });
    const { client: broken } = clientWith(() => {
      throw new Error('no connection');
    });
    await expect(ensure(broken, [entity('emea')])).rejects.toThrow('no connection');
  });
});
