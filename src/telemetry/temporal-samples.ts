import { type Client, type ScheduleDescription, ScheduleNotFoundError } from '@temporalio/client';

import type { Sample } from './samples.ts';

/** More waiting workflows than anybody can look at; the count ends there. */
const MOST = 1000;

/** A workflow that waits for a person. */
interface Waiting {
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** The workflows of ours that wait for a person, by type, and for how long the oldest of each has. */
export async function waitingSamples(client: Client, taskQueue: string, now: number): Promise<Sample[]> {
  const sinceOf = new Map<string, number[]>();
  for (const { type, since } of await waitingWorkflows(client, taskQueue)) {
    sinceOf.set(type, [...(sinceOf.get(type) ?? []), since]);
  }
  return [...sinceOf].flatMap(([workflow_type, since]): Sample[] => [
    { metric: 'revsync_waiting_steps', labels: { workflow_type }, value: since.length },
    {
      metric: 'revsync_oldest_waiting_step_seconds',
      labels: { workflow_type },
      value: Math.max(0, now - Math.min(...since)) / 1000,
    },
  ]);
}

async function waitingWorkflows({ workflow }: Client, taskQueue: string): Promise<Waiting[]> {
  const waiting: Waiting[] = [];
  const query = "AwaitingAction = true AND ExecutionStatus = 'Running'";
  for await (const { type, taskQueue: queue, startTime, searchAttributes } of workflow.list({ query })) {
    if (queue !== taskQueue) continue;
    const [since] = searchAttributes['AwaitingSince'] ?? [];
    // A version that did not say since when: no earlier than its start.
    waiting.push({ type, since: (since instanceof Date ? since : startTime).getTime() });
    if (waiting.length === MOST) break;
  }
  return waiting;
}

/** What became of the actions of our schedules, as Temporal counts them, and which are paused. */
export async function scheduleSamples(client: Client, taskQueue: string): Promise<Sample[]> {
  const listed = client.schedule.list()[Symbol.asyncIterator]();
  const found: ScheduleDescription[] = [];
  const describeNext = async (): Promise<void> => {
    for (let next = await listed.next(); !next.done; next = await listed.next()) {
      const described = await description(client, next.value.scheduleId);
      if (described?.action.taskQueue === taskQueue) found.push(described);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, describeNext));
  return found.flatMap(samplesOf);
}

/** Schedules that are asked for at the same time. */
const AT_A_TIME = 8;

function samplesOf({ scheduleId: schedule, info, state }: ScheduleDescription): Sample[] {
  const results = {
    taken: info.numActionsTaken,
    missed: info.numActionsMissedCatchupWindow,
    skipped: info.numActionsSkippedOverlap,
  };
  return [
    ...Object.entries(results).map(([result, value]): Sample => ({
      metric: 'revsync_schedule_actions_total',
      labels: { schedule, result },
      value,
    })),
    { metric: 'revsync_schedule_paused', labels: { schedule }, value: state.paused ? 1 : 0 },
  ];
}

/** Undefined for one that was deleted since it was listed. */
async function description(
  { schedule }: Client,
  scheduleId: string,
): Promise<ScheduleDescription | undefined> {
  try {
    return await schedule.getHandle(scheduleId).describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}
