import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { setByHand } from '../../src/store/profiles.ts';
import {
  type ActivityGround,
  failureOf,
  newOwner,
  NO_SCHEDULES,
  openActivityGround,
  type Run,
  runFor,
} from '../support/activities.ts';

describe('the activities of Instant On', () => {
  let ground: ActivityGround;
  let run: Run;
  beforeAll(async () => {
    ground = await openActivityGround();
    run = runFor(ground, newOwner('instant-on/demo'));
  });
  afterAll(() => ground.close());

  const set = (name: string, code: string | null, value: string) =>
    setByHand(ground.database.db, { name, code, value, by: 'ann', reason: 'a test' });

  test('ask Billing for the entity where none is known, and only then', async () => {
    expect(await run('readInstantOn', {})).toMatchObject({ tenant: 'demo', entity: 'demo', on: false });
    const asked = ground.calls.get('entities');
    expect(asked).toBeGreaterThan(0);
    expect(await run('readInstantOn', { entity: 'demo' })).toMatchObject({ entity: 'demo' });
    expect(ground.calls.get('entities')).toBe(asked);
  });

  test('name the entities there are when asked for another one', async () => {
    const failure = await failureOf(run('readInstantOn', { entity: 'nobody' }));
    expect(failure).toMatchObject({ type: 'ENTITY_UNKNOWN', message: expect.stringContaining('demo') });
  });

  test('read profile and lookup as they stand, the date by the clocks of the entity', async () => {
    await set('AUTO_REVENUESYNC', null, 'Yes');
    await set('AUTO_REVENUE_SYNC', 'RevenueSync_Duration', '600');
    await set('AUTO_REVENUE_SYNC', 'RevenueSync_FromDate', '01-JAN-2021 00:00:00');
    const { db } = ground.database;
    await db.updateTable('control.entity').set({ timezone: 'Asia/Tokyo' }).execute();
    expect(await run('readInstantOn', {})).toEqual({
      tenant: 'demo',
      entity: 'demo',
      on: true,
      off: null,
      from: '2020-12-31T15:00:00.000Z',
      seconds: 600,
      secondsFrom: 'RevenueSync_Duration',
    });
  });

  test('note at the schedule what became of the loop, and say whether it was', async () => {
    const noted: string[] = [];
    ground.world.schedules = {
      ...NO_SCHEDULES,
      note: async (id, note) => {
        noted.push(`${id}: ${note}`);
        return id === 'revenue-sync/demo' ? 'noted' : 'others';
      },
    };
    expect(await run('noteSchedule', { id: 'revenue-sync/demo', note: 'revsync: waits' })).toEqual({
      noted: true,
    });
    expect(await run('noteSchedule', { id: 'other', note: 'revsync: waits' })).toEqual({ noted: false });
    expect(noted).toEqual(['revenue-sync/demo: revsync: waits', 'other: revsync: waits']);
  });
});
