import { randomUUID } from 'node:crypto';

import { type Client, isGrpcServiceError, ScheduleNotFoundError } from '@temporalio/client';

import type { EnsuredSchedule, Schedules } from '../activities/dependencies.ts';
import { specText } from '../src/cli/schedule/spec-text.ts';
import { isOurNote } from '../src/domain/schedules/our-note.ts';
import { changedText, type StandingSchedule, stayedText } from '../src/domain/schedules/schedule-outcome.ts';
import type { WantedSchedule } from '../src/domain/schedules/wanted-schedules.ts';
import { ensureSchedules, madeNote } from './ensure-schedules.ts';
import type { Whose } from './whose.ts';

/** Temporal's schedules, made where they are missing, and paused and resumed by the note that they are paused with. */
export function temporalSchedules({ schedule }: Pick<Client, 'schedule'>, whose: Whose): Schedules {
  return {
    async ensure(wanted, { cron } = {}) {
      const ensured = await ensureSchedules({ schedule }, wanted, { ...whose, cron });
      const told: EnsuredSchedule[] = [];
      for (const each of ensured) {
        const of = wanted.find(({ id }) => id === each.id);
        told.push(each.action === 'exists' && of ? { ...each, ...(await found(schedule, of, cron)) } : each);
      }
      return told;
    },
    async standing(id) {
      const described = await describe(schedule, id);
      return described === null ? null : standingOf(described);
    },
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

type Came = Pick<EnsuredSchedule, 'action' | 'note' | 'found'>;

/** One that was there: given the times that somebody asked for, and told as it stands then. */
async function found(schedule: Client['schedule'], wanted: WantedSchedule, cron?: string): Promise<Came> {
  const before = await describe(schedule, wanted.id);
  if (before === null) return { action: 'exists', note: 'It was deleted meanwhile.' };
  const was = standingOf(before);
  const asked = `${cron ?? wanted.cron}, ${wanted.timezone}`;
  if (was.when === asked || cron === undefined) {
    const otherwise = was.paused || was.when !== asked;
    return { action: 'exists', note: stayedText(was), found: { paused: was.paused, otherwise } };
  }
  const isTaken = await writeTimes(schedule, wanted, before, cron);
  const after = await describe(schedule, wanted.id);
  const is = after === null ? was : standingOf(after);
  const state = { paused: is.paused, otherwise: is.paused || !isTaken };
  // The server writes an expression in its own way: another way of writing the same is no change.
  return is.when === was.when
    ? { action: 'exists', note: stayedText(is), found: state }
    : { action: 'changed', note: changedText(was, is), found: state };
}

function standingOf({ scheduleId, spec, state }: Described): StandingSchedule {
  const { cron, every, timezone, limits } = specText(spec);
  const times = [...cron, ...every].join('; ');
  const when = [times === '' ? 'no time' : times, timezone, ...limits].join(', ');
  return { id: scheduleId, when, paused: state.paused };
}

/** Writes when it runs, and the note that says so if it is the one that it was made with. */
function writeTimes(
  client: Client['schedule'],
  wanted: WantedSchedule,
  { raw, state }: Described,
  cron: string,
): Promise<boolean> {
  const { id, timezone } = wanted;
  const isMade = isOurNote(id, state.note) && state.note?.startsWith('revsync: ') !== true;
  const notes = isMade && !state.paused ? { notes: madeNote(wanted, cron) } : {};
  const spec = { cronString: [cron], timezoneName: timezone, jitter: raw.schedule?.spec?.jitter ?? null };
  return write(client, id, raw, { spec, state: { ...raw.schedule?.state, ...notes } });
}

const writeNote = (
  client: Client['schedule'],
  id: string,
  raw: Described['raw'],
  notes: string,
): Promise<boolean> => write(client, id, raw, { state: { ...raw.schedule?.state, notes } });

const INVALID_ARGUMENT = 3;

/**
 * Writes these parts and nothing else. The client's own update reads the whole schedule into its options and back, and fails where a
 * retry policy leaves a number to the server. False: the server does not take it, which is not worth a failure.
 */
async function write(
  { workflowService, options: { namespace, identity } }: Client['schedule'],
  scheduleId: string,
  { schedule, conflictToken }: Described['raw'],
  parts: Partial<NonNullable<Described['raw']['schedule']>>,
): Promise<boolean> {
  try {
    await workflowService.updateSchedule({
      namespace,
      identity,
      scheduleId,
      requestId: randomUUID(),
      schedule: { ...schedule, ...parts },
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
