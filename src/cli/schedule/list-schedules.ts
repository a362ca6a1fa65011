import type { Client, ScheduleDescription } from '@temporalio/client';

import { describeSchedule } from './describe-schedule.ts';
import { specText, type SpecText } from './spec-text.ts';

/** A schedule as Temporal has it, whoever made or changed it. Instants are ISO, UTC. */
export interface ListedSchedule {
  readonly id: string;
  readonly workflow: string;
  readonly input: unknown;
  readonly spec: SpecText;
  readonly paused: boolean;
  readonly note: string | null;
  readonly overlap: string;
  readonly catchUpSeconds: string;
  readonly pauseOnFailure: boolean;
  readonly next: readonly string[];
  /** Newest last. */
  readonly last: readonly {
    readonly due: string;
    readonly started: string;
    readonly workflowId: string;
    readonly runId: string;
  }[];
  /** Runs started; missed for longer than may be caught up; left out because another one was under way. */
  readonly taken: string;
  readonly missed: string;
  readonly skipped: string;
}

/** The schedules whose runs are ours, in the order of their ids. */
export async function listSchedules(client: Client, taskQueue: string): Promise<ListedSchedule[]> {
  const listed: ListedSchedule[] = [];
  for await (const { scheduleId } of client.schedule.list()) {
    const described = await describeSchedule(client, scheduleId);
    if (described?.action.taskQueue === taskQueue) listed.push(listedSchedule(described));
  }
  return listed.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** A schedule as the list shows it. */
export function listedSchedule(described: ScheduleDescription): ListedSchedule {
  const { scheduleId, spec, action, policies, state, info } = described;
  return {
    id: scheduleId,
    workflow: action.workflowType,
    input: action.args?.[0] ?? {},
    spec: specText(spec),
    paused: state.paused,
    note: state.note ?? null,
    overlap: String(policies.overlap),
    catchUpSeconds: String(policies.catchupWindow / 1000),
    pauseOnFailure: policies.pauseOnFailure,
    next: info.nextActionTimes.slice(0, 3).map((at) => at.toISOString()),
    last: info.recentActions.map(({ scheduledAt, takenAt, action: { workflow } }) => ({
      due: scheduledAt.toISOString(),
      started: takenAt.toISOString(),
      workflowId: workflow.workflowId,
      runId: workflow.firstExecutionRunId,
    })),
    taken: String(info.numActionsTaken),
    missed: String(info.numActionsMissedCatchupWindow),
    skipped: String(info.numActionsSkippedOverlap),
  };
}
