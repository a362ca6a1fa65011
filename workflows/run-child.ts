import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { CancellationScope, executeChild, ParentClosePolicy, sleep } from '@temporalio/workflow';

import type { ChildResult, ChildWork, JsonObject } from '../src/domain/enablement/step.ts';
import { childEnd } from './child-failure.ts';

/** A workflow that did not come to a good end. */
export class ChildNotDone extends Error {
  override readonly name = 'ChildNotDone';
  readonly remedy: string;

  constructor({ id }: ChildWork, how: string, remedy: string) {
    super(`${id}: ${how}`);
    this.remedy = remedy;
  }
}

/** Every try costs history; after a quarter of an hour a person has to look. */
const TRIES = 8;

/**
 * Has a workflow run for a step, and answers what it told. One that runs already is waited for; then it is run once more,
 * since that one may have begun too early.
 *
 * @throws ChildNotDone
 */
export async function runChild(work: ChildWork): Promise<ChildResult> {
  for (let [tries, pause] = [1, 5]; ; tries += 1, pause = Math.min(2 * pause, 300)) {
    try {
      return await runOnce(work);
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      if (tries === TRIES) {
        const remedy = 'See on its page what it waits for, or end it; then send `retry`.';
        throw new ChildNotDone(work, 'somebody else has it running.', remedy);
      }
      await sleep(`${pause} seconds`, { summary: `${work.id} is running already` });
    }
  }
}

const GOOD = new Set(['completed', 'nothing-to-do']);

async function runOnce(work: ChildWork): Promise<ChildResult> {
  const { workflow, id, input, summary } = work;
  const result = await answerOf(work, () =>
    executeChild<(input: JsonObject) => Promise<ChildAnswer>>(workflow, {
      args: [input],
      workflowId: id,
      staticSummary: summary,
      // An enablement that is terminated gives its runs up cleanly.
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    }),
  );
  if (!GOOD.has(result.outcome)) {
    throw new ChildNotDone(work, `it was ${result.outcome}.`, 'Send `retry` to have it run again.');
  }
  return { workflow, id, runId: result.runId, outcome: result.outcome, told: toldBy(result) };
}

interface ChildAnswer {
  readonly runId: string;
  readonly outcome: string;
}

async function answerOf(work: ChildWork, run: () => Promise<ChildAnswer>): Promise<ChildAnswer> {
  try {
    return await run();
  } catch (error) {
    const goesUp =
      error instanceof WorkflowExecutionAlreadyStartedError ||
      CancellationScope.current().consideredCancelled;
    if (goesUp) throw error;
    const { message, remedy } = childEnd(error);
    throw new ChildNotDone(work, message, remedy);
  }
}

/** Rows and reports stay where they are: only what is one short value is told. */
const toldBy = (result: ChildAnswer): JsonObject =>
  Object.fromEntries(
    Object.entries(result as object).flatMap(([name, value]: [string, unknown]) =>
      value === null || typeof value === 'boolean' || (typeof value === 'string' && value.length <= 300)
        ? [[name, value]]
        : [],
    ),
  );
