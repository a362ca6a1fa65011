import type { Client } from '@temporalio/client';

import { reasonOf } from '../../domain/errors.ts';
import { pauseNote } from '../../domain/settlement/pause-note.ts';
import { type Check, failed, passed } from './check.ts';

const CHECK = 'paused-schedules';

/** Schedules that a backfill of the tenant left paused, which happens when it is terminated. */
export async function checkPausedSchedules({ schedule, workflow }: Client, tenant: string): Promise<Check> {
  try {
    const paused: string[] = [];
    for await (const { scheduleId, state } of schedule.list()) {
      if (state.paused && state.note === pauseNote(tenant)) paused.push(scheduleId);
    }
    if (paused.length === 0) return passed(CHECK, 'No schedule is left paused by a backfill.');
    // Whatever its workflow id is.
    const { count } = await workflow.count(
      `WorkflowType = 'invoiceSettlementBackfill' AND ExecutionStatus = 'Running'`,
    );
    return leftPaused(paused.toSorted(), count > 0);
  } catch (error) {
    return failed(
      CHECK,
      `Temporal does not tell its schedules: ${reasonOf(error)}.`,
      'Run `revsync doctor` again.',
    );
  }
}

/** What is said about schedules with our note; while a backfill is open they are as they should be. */
export function leftPaused(paused: readonly string[], backfillOpen: boolean): Check {
  const which = paused.join(', ');
  if (backfillOpen) return passed(CHECK, `Paused while a backfill is open: ${which}.`);
  return failed(
    CHECK,
    `Paused by a backfill that is not open any more: ${which}.`,
    'Start `revsync backfill run` again: it goes on, and resumes them. Or resume them yourself.',
  );
}
