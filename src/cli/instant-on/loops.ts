import type { Client } from '@temporalio/client';

import { loopId } from '../../../workers/start-loop.ts';
import { RevsyncError, reasonOf } from '../../domain/errors.ts';
import type { LoopView } from '../../domain/instant-on/loop-view.ts';

/** How long a worker may take to answer for a loop, in milliseconds. */
const PATIENCE = 20_000;

/** What Temporal and the loop itself say of it; `state` is null where there is no loop, or nobody answers for it. */
export interface LoopReport {
  readonly workflowId: string;
  readonly runId: string | null;
  readonly entity: string;
  /** Temporal's word for the newest loop of the entity, in small letters; `absent`: there never was one. */
  readonly workflow: string;
  readonly state: LoopView | null;
  readonly message: string | null;
}

/** How the newest loop of an entity stands; it is asked itself unless that is not wanted. */
export async function loopReport(
  client: Client,
  entity: string,
  { asks = true }: { asks?: boolean } = {},
): Promise<LoopReport> {
  const workflowId = loopId(entity);
  const handle = client.workflow.getHandle(workflowId);
  const about = { workflowId, entity, runId: null, state: null, message: null };
  let described;
  try {
    described = await handle.describe();
  } catch (error) {
    if (!isUnknown(error)) throw error;
    return { ...about, workflow: 'absent', message: 'It was never started.' };
  }
  const { runId, status } = described;
  const found = { ...about, runId, workflow: status.name.toLowerCase() };
  if (!asks) return found;
  try {
    const state = await client.withDeadline(Date.now() + PATIENCE, () => handle.query<LoopView>('state'));
    return { ...found, state };
  } catch (error) {
    return { ...found, message: `No worker answers for it: ${reasonOf(error)}.` };
  }
}

/**
 * Sends a message to the loop of an entity, as an update.
 *
 * @throws RevsyncError `LOOP_NOT_RUNNING`, `MESSAGE_REFUSED`, `WORKER_SILENT`
 */
export async function tellLoop(
  client: Client,
  entity: string,
  message: string,
  data: Readonly<Record<string, unknown>>,
): Promise<LoopReport> {
  const workflowId = loopId(entity);
  const handle = client.workflow.getHandle(workflowId);
  try {
    const state = await client.withDeadline(Date.now() + PATIENCE, () =>
      handle.executeUpdate<LoopView, [object]>(message, { args: [data] }),
    );
    return { workflowId, runId: null, entity, workflow: 'running', state, message: null };
  } catch (error) {
    throw refusalOf(error, workflowId, message);
  }
}

function refusalOf(error: unknown, workflowId: string, message: string): unknown {
  if (isUnknown(error)) return loopNotRunning(workflowId);
  const { name, cause } = error as { name?: string; cause?: unknown };
  if (name === 'WorkflowUpdateFailedError') {
    return new RevsyncError(`${workflowId} refused ${message}: ${reasonOf(cause)}.`, {
      code: 'MESSAGE_REFUSED',
      fate: 'fix-input',
      remedy: 'See `revsync instant-on status` for what it does now.',
    });
  }
  return new RevsyncError(`${workflowId} did not answer ${message}: ${reasonOf(error)}.`, {
    code: 'WORKER_SILENT',
    fate: 'retry',
    remedy: 'Check that a worker runs (`revsync up` or `revsync worker`), then send it again.',
    cause: error,
  });
}

/** `which`: the loop that was meant; none: all of them were. */
export const loopNotRunning = (which?: string): RevsyncError =>
  new RevsyncError(which === undefined ? 'No loop runs.' : `${which} does not run.`, {
    code: 'LOOP_NOT_RUNNING',
    fate: 'fix-input',
    remedy: 'Start it with `revsync instant-on start`.',
  });

const isUnknown = (error: unknown): boolean =>
  error instanceof Error && error.name === 'WorkflowNotFoundError';
