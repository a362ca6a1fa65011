import { isDeepStrictEqual } from 'node:util';

import type { Client, ScheduleDescription } from '@temporalio/client';

import type { ScheduleKind } from '../../domain/schedules/definitions.ts';
import type { WantedSchedule } from '../../domain/schedules/wanted-schedules.ts';
import { describeSchedule } from './describe-schedule.ts';
import { type ListedSchedule, listedSchedule, listSchedules } from './list-schedules.ts';

/** A field of a schedule that Temporal has otherwise than its definition. */
export interface Difference {
  readonly field: string;
  readonly definition: unknown;
  readonly temporal: unknown;
}

/** A schedule beside its definition. */
export interface ComparedSchedule {
  readonly id: string;
  /** These three are null where there is no definition. */
  readonly kind: ScheduleKind | null;
  readonly entity: string | null;
  readonly org: string | null;
  readonly status: 'absent' | 'as-defined' | 'edited' | 'not-needed-but-there' | 'unknown';
  readonly differences: readonly Difference[];
  /** What that means, or what to do about it. */
  readonly remark: string;
  /** As Temporal has them; a paused schedule differs in nothing. */
  readonly paused: boolean;
  readonly note: string | null;
}

/**
 * Compares the schedules that Temporal has with their definitions: one entry for each that is needed, each that is not
 * and is there all the same, and each whose runs are ours without a definition. In the order of their ids.
 */
export async function diffSchedules(
  client: Client,
  wanted: readonly WantedSchedule[],
  taskQueue: string,
): Promise<ComparedSchedule[]> {
  const compared: ComparedSchedule[] = [];
  for (const each of wanted) {
    const described = await describeSchedule(client, each.id);
    compared.push(...compare(each, described, taskQueue));
  }
  const defined = new Set(wanted.map(({ id }) => id));
  const others = (await listSchedules(client, taskQueue)).filter(({ id }) => !defined.has(id));
  return [...compared, ...others.map(unknown)].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function compare(
  wanted: WantedSchedule,
  described: ScheduleDescription | null,
  taskQueue: string,
): ComparedSchedule[] {
  const { id, definition, entity, org, notNeeded } = wanted;
  const whose = { id, kind: definition.kind, entity, org };
  if (described === null) {
    if (notNeeded !== null) return [];
    const remark = '`revsync schedule ensure` makes it.';
    return [{ ...whose, status: 'absent', differences: [], remark, paused: false, note: null }];
  }
  const { paused, note } = described.state;
  const differences = differencesOf(wanted, described, taskQueue);
  const [status, remark] =
    notNeeded !== null
      ? (['not-needed-but-there', notNeeded] as const)
      : differences.length > 0
        ? (['edited', 'It stays so; delete it and `revsync schedule ensure` makes it as defined.'] as const)
        : (['as-defined', ''] as const);
  return [{ ...whose, status, differences, remark, paused, note: note ?? null }];
}

const unknown = ({ id, paused, note }: ListedSchedule): ComparedSchedule => ({
  id,
  kind: null,
  entity: null,
  org: null,
  status: 'unknown',
  differences: [],
  remark: 'Its runs go to our workers, and no entity or organisation asks for it.',
  paused,
  note,
});

function differencesOf(
  wanted: WantedSchedule,
  described: ScheduleDescription,
  taskQueue: string,
): Difference[] {
  const defined = definedFields(wanted, taskQueue);
  const found = foundFields(described);
  return Object.entries(defined).flatMap(([field, definition]) => {
    const temporal = found[field as keyof Fields];
    return isDeepStrictEqual(definition, temporal) ? [] : [{ field, definition, temporal }];
  });
}

/** What is compared, in forms that do not hang on how it was written; what is left unsaid is null. */
interface Fields {
  readonly when: readonly string[];
  readonly timezone: string;
  readonly jitterSeconds: string;
  readonly limits: readonly string[];
  readonly overlap: string;
  readonly catchUpSeconds: string;
  readonly pauseOnFailure: boolean;
  readonly workflow: string;
  readonly workflowId: string | null;
  readonly input: unknown;
  readonly taskQueue: string;
}

const definedFields = (
  { id, definition, cron, timezone, input }: WantedSchedule,
  taskQueue: string,
): Fields => ({
  when: [cron],
  timezone,
  jitterSeconds: String(definition.jitterMinutes * 60),
  limits: [],
  overlap: definition.overlap,
  catchUpSeconds: String(definition.catchUpHours * 3600),
  pauseOnFailure: definition.pauseOnFailure,
  workflow: definition.workflow,
  workflowId: id,
  input,
  taskQueue,
});

function foundFields(described: ScheduleDescription): Fields {
  const { spec, overlap, catchUpSeconds, pauseOnFailure, workflow, input } = listedSchedule(described);
  const { remainingActions: left } = described.state;
  return {
    when: [...spec.cron, ...spec.every].toSorted(),
    timezone: spec.timezone,
    jitterSeconds: spec.jitterSeconds,
    limits: [...spec.limits, ...(left === undefined ? [] : [`${left} runs left`])],
    overlap,
    catchUpSeconds,
    pauseOnFailure,
    workflow,
    workflowId: described.action.workflowId ?? null,
    input,
    taskQueue: described.action.taskQueue,
  };
}
