import { type Client, ScheduleAlreadyRunning } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

import { RevsyncError, reasonOf } from '../../domain/errors.ts';
import { ratesWanted } from '../../domain/rates/rates-wanted.ts';
import {
  dailyCron,
  type ScheduleDefinition,
  SCHEDULES,
  scheduleZone,
} from '../../domain/schedules/definitions.ts';
import type { EntityConversion } from '../../store/rates/conversion.ts';

/** What became of a schedule that an entity may need. */
export interface EnsuredSchedule {
  readonly id: string;
  readonly entity: string;
  readonly workflow: string;
  readonly action: 'created' | 'exists' | 'not-needed';
  /** When it runs, or why it need not. */
  readonly note: string;
}

export interface Wanted {
  readonly entities: readonly EntityConversion[];
  readonly tenant: string;
  readonly taskQueue: string;
  /** The profile REPORTING_CURRENCY. */
  readonly reporting: string | null;
  /** Instead of the hour that the definition has. */
  readonly cron: string | undefined;
}

/**
 * Makes the schedules that are not there, for each entity that needs them. One that is there stays as it is: somebody may
 * have edited it.
 */
export async function ensureSchedules(client: Client, wanted: Wanted): Promise<EnsuredSchedule[]> {
  const ensured: EnsuredSchedule[] = [];
  for (const entity of wanted.entities) {
    for (const definition of SCHEDULES) {
      ensured.push(await ensure(client, definition, entity, wanted));
    }
  }
  return ensured;
}

async function ensure(
  client: Client,
  definition: ScheduleDefinition,
  conversion: EntityConversion,
  { reporting, cron = dailyCron(definition, conversion.entity), ...rest }: Wanted,
): Promise<EnsuredSchedule> {
  const { entity } = conversion;
  const id = `${definition.kind}/${entity}`;
  const common = { id, entity, workflow: definition.workflow };
  const { wanted, note } = ratesWanted({ ...conversion, reporting, chosen: undefined });
  if (definition.neededBy === 'converting' && wanted.length === 0) {
    return { ...common, action: 'not-needed', note };
  }
  const timezone = scheduleZone(conversion.timezone);
  const said = `${definition.title} of ${entity}: ${cron}, ${timezone}.`;
  const created = await create(client, definition, { id, cron, timezone, entity, note: said, ...rest });
  return created
    ? { ...common, action: 'created', note: said }
    : { ...common, action: 'exists', note: 'It stays as it is.' };
}

interface Creation extends Pick<Wanted, 'tenant' | 'taskQueue'> {
  readonly id: string;
  readonly entity: string;
  readonly cron: string;
  readonly timezone: string;
  readonly note: string;
}

const keyword = (name: string, value: string) => ({
  key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
  value,
});

/** False when there is one of that id. */
async function create(
  client: Client,
  { workflow, title, overlap, catchUp, pauseOnFailure }: ScheduleDefinition,
  { id, entity, cron, timezone, tenant, taskQueue, note }: Creation,
): Promise<boolean> {
  const typedSearchAttributes = [keyword('RevsyncTenant', tenant), keyword('RevsyncEntity', entity)];
  try {
    await client.schedule.create({
      scheduleId: id,
      spec: { cronExpressions: [cron], timezone },
      policies: { overlap, catchupWindow: catchUp, pauseOnFailure },
      state: { note },
      typedSearchAttributes,
      action: {
        type: 'startWorkflow',
        workflowType: workflow,
        workflowId: id,
        taskQueue,
        args: [{ entity }],
        staticSummary: `${title} of ${entity}`,
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
