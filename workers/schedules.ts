import { type Client, ScheduleNotFoundError } from '@temporalio/client';

import type { Schedules } from '../activities/dependencies.ts';

/** Temporal's schedules, paused and resumed by the note that they are paused with. */
export function temporalSchedules({ schedule }: Pick<Client, 'schedule'>): Schedules {
  return {
    async pause(id, note) {
      const state = await stateOf(schedule, id);
      if (state === null) return 'absent';
      if (state.paused) return state.note === note ? 'paused' : 'others';
      await schedule.getHandle(id).pause(note);
      return 'paused';
    },
    async resume(id, note) {
      const state = await stateOf(schedule, id);
      if (state === null || (state.paused && state.note !== note)) return false;
      if (state.paused) await schedule.getHandle(id).unpause('revsync: resumed after the backfill');
      return true;
    },
  };
}

async function stateOf(schedule: Client['schedule'], id: string) {
  try {
    return (await schedule.getHandle(id).describe()).state;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}
