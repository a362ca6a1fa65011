import { randomUUID } from 'node:crypto';

import { type Client, isGrpcServiceError, ScheduleNotFoundError } from '@temporalio/client';

import type { Schedules } from '../activities/dependencies.ts';
import { isOurNote } from '../src/domain/schedules/our-note.ts';

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
    async note(id, note) {
      const described = await describe(schedule, id);
      if (described === null) return 'absent';
      const { state, raw } = described;
      // Why it is paused stands in its note, and is what it is resumed by.
      if (state.paused || !isOurNote(id, state.note)) return 'others';
      return (await writeNote(schedule, id, raw, note)) ? 'noted' : 'others';
    },
  };
}

const INVALID_ARGUMENT = 3;

/**
 * Writes the note and nothing else. The client's own update reads the whole schedule into its options and back, and fails where a
 * retry policy leaves a number to the server. False: the server does not take it; the note is not worth a failure.
 */
async function writeNote(
  { workflowService, options: { namespace, identity } }: Client['schedule'],
  scheduleId: string,
  { schedule, conflictToken }: Described['raw'],
  notes: string,
): Promise<boolean> {
  try {
    await workflowService.updateSchedule({
      namespace,
      identity,
      scheduleId,
      requestId: randomUUID(),
      schedule: { ...schedule, state: { ...schedule?.state, notes } },
      // Somebody who edits it at the same time is not undone: the server drops what rests on an older one.
      conflictToken: conflictToken ?? null,
    });
    return true;
  } catch (error) {
    if (isGrpcServiceError(error) && error.code === INVALID_ARGUMENT) return false;
    throw error;
  }
}

type Described = Awaited<ReturnType<ReturnType<Client['schedule']['getHandle']>['describe']>>;

const stateOf = async (schedule: Client['schedule'], id: string) =>
  (await describe(schedule, id))?.state ?? null;

async function describe(schedule: Client['schedule'], id: string): Promise<Described | null> {
  try {
    return await schedule.getHandle(id).describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}
