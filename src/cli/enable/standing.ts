import { setTimeout as sleep } from 'node:timers/promises';

import { type Client, type WorkflowExecutionDescription, WorkflowFailedError } from '@temporalio/client';

import type { EnablementView } from '../../domain/enablement/view.ts';
import { RevsyncError, reasonOf } from '../../domain/errors.ts';
import type { Awaited, DeskState } from '../../domain/operator/steps.ts';

const LOOK_EVERY = 400;

/** A workflow that the enablement has done, and that waits for a person itself. */
export interface WaitingBelow {
  readonly workflowId: string;
  readonly awaiting: Awaited;
}

/** Where an enablement comes to a stand: at a person, its own or that of a workflow that it has done, or at its end. */
export type Standing =
  | { readonly stands: 'waiting'; readonly view: EnablementView }
  | { readonly stands: 'below'; readonly view: EnablementView; readonly below: WaitingBelow }
  /** `failure`: why it did not come to an end of its own; null: it did. */
  | { readonly stands: 'ended'; readonly failure: string | null };

/** Waits until the enablement waits for a person, or is over. */
export async function untilItStands(client: Client, workflowId: string): Promise<Standing> {
  for (;;) {
    const standing = await look(client, workflowId);
    if (standing !== null) return standing;
    await sleep(LOOK_EVERY);
  }
}

/** Null while it works, or no worker answers for it. */
async function look(client: Client, workflowId: string): Promise<Standing | null> {
  const handle = client.workflow.getHandle(workflowId);
  const { status, raw } = await handle.describe();
  if (status.name === 'CONTINUED_AS_NEW') return null;
  if (status.name !== 'RUNNING') return { stands: 'ended', failure: await failureOf(client, workflowId) };
  try {
    const view = await handle.query<EnablementView>('state');
    if (view.awaiting !== null) return usesKept(view) ? null : { stands: 'waiting', view };
    const below = await waitingAmong(client, childrenIn(raw));
    return below === null ? null : { stands: 'below', view, below };
  } catch {
    return null;
  }
}

/** It asks for what it has: an answer that came early, and is looked at now. */
const usesKept = ({ awaiting, kept }: EnablementView): boolean =>
  awaiting?.example.update === 'answer' && kept.includes(awaiting.step);

type Raw = WorkflowExecutionDescription['raw'];
const childrenIn = ({ pendingChildren }: Raw): string[] =>
  (pendingChildren ?? []).flatMap(({ workflowId }) => workflowId ?? []);

/** The first workflow among these, and those that they have done, that waits for a person. */
async function waitingAmong(client: Client, workflowIds: readonly string[]): Promise<WaitingBelow | null> {
  for (const workflowId of workflowIds) {
    const handle = client.workflow.getHandle(workflowId);
    const { status, searchAttributes, raw } = await handle.describe();
    if (status.name !== 'RUNNING') continue;
    if (searchAttributes['AwaitingAction']?.[0] === true) {
      const { awaiting } = await handle.query<DeskState>('state');
      if (awaiting !== null) return { workflowId, awaiting };
    }
    const below = await waitingAmong(client, childrenIn(raw));
    if (below !== null) return below;
  }
  return null;
}

/** The innermost reason; null: it came to its own end. */
async function failureOf(client: Client, workflowId: string): Promise<string | null> {
  try {
    await client.workflow.getHandle(workflowId).result();
    return null;
  } catch (error) {
    let cause = error instanceof WorkflowFailedError ? (error.cause ?? error) : error;
    while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
    return reasonOf(cause);
  }
}

/** Whether a workflow of that id runs. */
export async function isRunning(client: Client, workflowId: string): Promise<boolean> {
  try {
    return (await client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowNotFoundError') return false;
    throw error;
  }
}

/** Sends a message as an update; answers why it was refused, or null. */
export async function send(
  client: Client,
  workflowId: string,
  update: 'answer' | 'skip',
  message: object,
): Promise<string | null> {
  try {
    await client.workflow.getHandle(workflowId).executeUpdate<unknown, [object]>(update, { args: [message] });
    return null;
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowUpdateFailedError') return reasonOf(error.cause);
    throw new RevsyncError(`${workflowId} did not answer ${update}: ${reasonOf(error)}.`, {
      code: 'WORKER_SILENT',
      fate: 'retry',
      remedy: 'Check that a worker runs (`revsync up` or `revsync worker`), then send the file again.',
      cause: error,
    });
  }
}
