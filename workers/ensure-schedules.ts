import { type Client, ScheduleAlreadyRunning } from '@temporalio/client';

import type { EnsuredSchedule } from '../activities/dependencies.ts';
import { RevsyncError, reasonOf } from '../src/domain/errors.ts';
import type { WantedSchedule } from '../src/domain/schedules/wanted-schedules.ts';
import { keywordAttributes } from './keyword-attributes.ts';
import type { Whose } from './whose.ts';

export interface Ensuring extends Whose {
  /** Instead of when the definition has it: for schedules of one kind. */
  readonly cron?: string | undefined;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Makes the schedules that are needed and not there. One that is there stays as it is: somebody may have edited it.
 *
 * @throws RevsyncError `USAGE` for a cron expression that several kinds would take, `SCHEDULE_REFUSED`
 */
export async function ensureSchedules(
  client: Pick<Client, 'schedule'>,
  wanted: readonly WantedSchedule[],
  ensuring: Ensuring,
): Promise<EnsuredSchedule[]> {
  if (ensuring.cron !== undefined) requireOneKind(wanted);
  const ensured: EnsuredSchedule[] = [];
  for (const each of wanted) ensured.push(await ensure(client, each, ensuring));
  return ensured;
}

function requireOneKind(wanted: readonly WantedSchedule[]): void {
  const needed = wanted.filter(({ notNeeded }) => notNeeded === null);
  const kinds = [...new Set(needed.map(({ definition }) => definition.kind))];
  if (kinds.length < 2) return;
  throw new RevsyncError(`--cron would be taken by schedules of several kinds: ${kinds.join(', ')}.`, {
    code: 'USAGE',
    fate: 'fix-input',
    remedy: `Say which kind it is for, for example --kind ${kinds[0]}.`,
  });
}

async function ensure(
  client: Pick<Client, 'schedule'>,
  wanted: WantedSchedule,
  ensuring: Ensuring,
): Promise<EnsuredSchedule> {
  const { id, definition, entity, org, notNeeded } = wanted;
  const common = { id, kind: definition.kind, entity, org, workflow: definition.workflow };
  if (notNeeded !== null) return { ...common, action: 'not-needed', note: notNeeded };
  const cron = ensuring.cron ?? wanted.cron;
  const note = madeNote(wanted, cron);
  const created = await create(client, wanted, { ...ensuring, cron, note });
  return created
    ? { ...common, action: 'created', note }
    : { ...common, action: 'exists', note: 'It stays as it is.' };
}

/** The note that a schedule is made with. */
export const madeNote = (wanted: WantedSchedule, cron: string): string =>
  `${subjectOf(wanted)}: ${cron}, ${wanted.timezone}.`;

const subjectOf = ({ definition, entity, org }: WantedSchedule): string =>
  `${definition.title} of ${entity ?? org}`;

/** False when there is one of that id. */
async function create(
  client: Pick<Client, 'schedule'>,
  wanted: WantedSchedule,
  { tenant, taskQueue, cron, note }: Ensuring & { cron: string; note: string },
): Promise<boolean> {
  const { id, definition, entity, timezone, input } = wanted;
  const { workflow, overlap, catchUpHours, jitterMinutes, pauseOnFailure } = definition;
  const typedSearchAttributes = keywordAttributes({
    RevsyncTenant: tenant,
    ...(entity === null ? {} : { RevsyncEntity: entity }),
  });
  try {
    await client.schedule.create({
      scheduleId: id,
      spec: {
        cronExpressions: [cron],
        timezone,
        ...(jitterMinutes === 0 ? {} : { jitter: jitterMinutes * MINUTE }),
      },
      policies: { overlap, catchupWindow: catchUpHours * HOUR, pauseOnFailure },
      state: { note },
      typedSearchAttributes,
      action: {
        type: 'startWorkflow',
        workflowType: workflow,
        workflowId: id,
        taskQueue,
        args: [input],
        staticSummary: subjectOf(wanted),
        typedSearchAttributes,
      },
    });
    return true;
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) return false;
    throw refusedBy(error) ?? error;
  }
}

/** The client says so of a cron expression that is none, or of a time zone that the server does not know. */
function refusedBy(error: unknown): RevsyncError | undefined {
  if (!(error instanceof TypeError)) return undefined;
  return new RevsyncError(`Temporal does not take the schedule: ${reasonOf(error)}.`, {
    code: 'SCHEDULE_REFUSED',
    fate: 'fix-input',
    remedy:
      'Give --cron minute, hour, day of the month, month and day of the week, for example "30 4 * * *".',
  });
}
