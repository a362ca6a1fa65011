import { join } from 'node:path';

import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, type WorkflowBundle } from '@temporalio/worker';
import type { Workflow, WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';

import type { DeskState } from '../../src/domain/operator/steps.ts';
import { openStateFolder } from '../../src/servers/state-folder.ts';
import { resolveTestServer } from '../../src/servers/test-server.ts';
import { workflowBundle } from '../../workers/bundle.ts';
import { createTestWorkers } from './test-workers.ts';

const PROJECT = join(import.meta.dirname, '..', '..');
const quiet = (): void => undefined;

const SEARCH_ATTRIBUTES = {
  RevsyncTenant: 2,
  RevsyncEntity: 2,
  RevsyncStep: 2,
  Outcome: 2,
  AwaitingAction: 5,
  AwaitingSince: 6,
} as const;

let runtimeInstalled = false;

/** The shared folder of what tests find or build once. */
export async function testCache(): Promise<string> {
  const { cacheDir } = await openStateFolder({ env: process.env, projectRoot: PROJECT, report: quiet });
  return cacheDir;
}

/** Keeps the workers of this process from logging; before the first of them. */
export function quietRuntime(): void {
  if (!runtimeInstalled) Runtime.install({ logger: new DefaultLogger('ERROR', quiet) });
  runtimeInstalled = true;
}

/** A time-skipping environment: one per file, every workflow in it brought to its end. */
export async function startTimeSkipping(): Promise<TestWorkflowEnvironment> {
  quietRuntime();
  const state = await openStateFolder({ env: process.env, projectRoot: PROJECT, report: quiet });
  const path = await resolveTestServer({ env: process.env, state, report: quiet });
  const env = await startServer(path);
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: SEARCH_ATTRIBUTES,
  });
  return env;
}

/** The SDK gives the server five seconds to start; on a busy machine it takes longer now and then. */
async function startServer(path: string, triesLeft = 6): Promise<TestWorkflowEnvironment> {
  try {
    return await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path } },
    });
  } catch (error) {
    if (triesLeft === 1 || !String(error).includes('did not start within')) throw error;
    return startServer(path, triesLeft - 1);
  }
}

export const bundle = async (): Promise<WorkflowBundle> => workflowBundle(await testCache());

let queues = 0;

/**
 * Runs a workflow to its end on workers of its own, with mocked activities. `during` may send messages
 * meanwhile; what it answers comes back beside the result.
 */
export async function runWorkflow<Result, Seen = void>(
  env: TestWorkflowEnvironment,
  type: string,
  options: {
    readonly input?: unknown;
    readonly activities: object;
    readonly during?: (handle: WorkflowHandleWithFirstExecutionRunId<Workflow>) => Promise<Seen>;
  },
): Promise<{ result: Result; seen: Seen | undefined; workflowId: string }> {
  queues += 1;
  const taskQueue = `test-${queues}`;
  const workflowId = `${type}-${queues}`;
  const workers = await createTestWorkers({
    connection: env.nativeConnection,
    taskQueue,
    workflowBundle: await bundle(),
    activities: options.activities,
  });
  return workers.runUntil(async () => {
    const handle = await env.client.workflow.start(type, {
      taskQueue,
      workflowId,
      args: options.input === undefined ? [] : [options.input],
    });
    const seen = await options.during?.(handle as never);
    return { result: (await handle.result()) as Result, seen, workflowId };
  });
}

/** The desk of a workflow as soon as it waits for a person. */
export async function untilWaiting(handle: { query<T>(name: string): Promise<T> }): Promise<DeskState> {
  for (let tries = 0; tries < 200; tries += 1) {
    const state = await handle.query<DeskState>('state');
    if (state.awaiting !== null) return state;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the run never waited');
}
