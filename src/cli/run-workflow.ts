import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { type Client, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';

import { keywordAttributes } from '../../workers/keyword-attributes.ts';
import { reasonOf } from '../domain/errors.ts';
import type { StartAttributes } from '../domain/operator/search-attributes.ts';
import type { DeskState } from '../domain/operator/steps.ts';
import type { Report } from '../servers/report.ts';

const LOOK_EVERY = 400;

/** How a workflow that was started ended, as far as a command waits for it. */
export type Ended<Result> =
  | { readonly ended: 'result'; readonly result: Result }
  | { readonly ended: 'waiting'; readonly state: DeskState }
  | { readonly ended: 'failed'; readonly message: string }
  | { readonly ended: 'refused'; readonly by: string };

export interface StartRequest {
  readonly type: string;
  readonly workflowId: string;
  readonly taskQueue: string;
  readonly input: object;
  readonly summary: string;
  readonly searchAttributes: StartAttributes;
  /** Workflows started by this one, whose waiting is this one's waiting. */
  readonly children: readonly string[];
  /** False: a workflow of that id that runs already refuses this one. */
  readonly queue: boolean;
}

/** A workflow under way, and its end. */
export interface Started<Result> {
  readonly workflowId: string;
  readonly runId: string | null;
  /** Waits for it; nobody has to. */
  readonly end: () => Promise<Ended<Result>>;
}

/** Starts a workflow; one of the same id that runs already is waited for first, and said so. */
export async function startWorkflow<Result>(
  client: Client,
  request: StartRequest,
  report: Report,
): Promise<Started<Result>> {
  const { workflowId, queue } = request;
  for (;;) {
    try {
      const handle = await client.workflow.start<() => Promise<Result>>(request.type, {
        workflowId,
        taskQueue: request.taskQueue,
        args: [request.input] as never,
        staticSummary: request.summary,
        typedSearchAttributes: keywordAttributes(request.searchAttributes),
      });
      const runId = handle.firstExecutionRunId;
      return { workflowId, runId, end: () => watch(client, handle, request.children) };
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      if (!queue) return { workflowId, runId: null, end: async () => ({ ended: 'refused', by: workflowId }) };
      report(`${workflowId} is running already; waiting for it.`);
      const other = client.workflow.getHandle(workflowId);
      const end = await watch(client, other, request.children);
      if (end.ended === 'waiting') return { workflowId, runId: null, end: async () => end };
    }
  }
}

/**
 * Waits for the end, or for the moment in which the workflow or a child of it waits for a person. Calls
 * still under way then are given up: repeated after the connection is closed, they would end the process.
 */
export async function watch<Result>(
  client: Client,
  handle: Pick<WorkflowHandle, 'workflowId'> & { result(): Promise<Result> },
  children: readonly string[],
): Promise<Ended<Result>> {
  const enough = new AbortController();
  setMaxListeners(0, enough.signal); // one for each long poll
  const end = client.withAbortSignal(enough.signal, () => endOf(handle));
  const looking = untilWaiting<Result>(client, [handle.workflowId, ...children], enough.signal);
  try {
    return (await Promise.race([end, looking])) ?? (await end);
  } finally {
    enough.abort();
    await looking;
  }
}

async function endOf<Result>(handle: { result(): Promise<Result> }): Promise<Ended<Result>> {
  try {
    return { ended: 'result', result: await handle.result() };
  } catch (error) {
    return { ended: 'failed', message: messageOf(error) };
  }
}

/** Undefined once it is enough. */
async function untilWaiting<Result>(
  client: Client,
  workflowIds: readonly string[],
  enough: AbortSignal,
): Promise<Ended<Result> | undefined> {
  for (;;) {
    await sleep(LOOK_EVERY, undefined, { signal: enough }).catch(() => undefined);
    for (const workflowId of workflowIds) {
      if (enough.aborted) return undefined;
      const state = await stateOf(client, workflowId);
      if (state?.awaiting != null) return { ended: 'waiting', state };
    }
  }
}

/** The desk of a running workflow; undefined while it has none, or no worker answers. */
async function stateOf(client: Client, workflowId: string): Promise<DeskState | undefined> {
  try {
    const handle = client.workflow.getHandle(workflowId);
    const { status, searchAttributes } = await handle.describe();
    if (status.name !== 'RUNNING' || searchAttributes['AwaitingAction']?.[0] !== true) return undefined;
    return await handle.query<DeskState>('state');
  } catch {
    return undefined;
  }
}

/** The innermost reason: what the workflow or its activity said. */
function messageOf(error: unknown): string {
  let cause = error instanceof WorkflowFailedError ? error.cause : error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  return reasonOf(cause);
}
