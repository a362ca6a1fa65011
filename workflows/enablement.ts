import {
  allHandlersFinished,
  CancellationScope,
  isCancellation,
  makeContinueAsNewFunc,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';

import {
  ENABLEMENT_EXAMPLE,
  EnablementInput,
  type Onward,
} from '../src/domain/enablement/enablement-input.ts';
import { newEnablement, nextStep } from '../src/domain/enablement/enablement-state.ts';
import type { EnablementView } from '../src/domain/enablement/view.ts';
import { EnablementAborted, type EnablementDesk, openEnablementDesk } from './enablement-desk.ts';
import { Enabling } from './enabling.ts';
import { parseInput } from './parse-input.ts';
import { activities, QUEUE } from './proxies.ts';
import { OUTCOME, REVSYNC_TENANT } from './search-attributes.ts';

/** Nothing is lost while the database is away: the page shows that it is, and how often it was tried. */
const patient = activities(QUEUE);

export interface EnablementOutcome extends Pick<EnablementView, 'tenant' | 'steps'> {
  readonly workflowId: string;
  readonly runId: string;
  readonly outcome: 'completed' | 'aborted';
  readonly reason: string | null;
}

/**
 * The enablement of the integration, in the eleven steps of the source. Each step is data; this workflow asks what comes
 * next at a step and sees to it: it waits for people, with reminders, has other workflows run, and goes on. It may live
 * for months, and never fails for what a step meets: that waits for a person.
 */
export async function enablement(raw?: unknown): Promise<EnablementOutcome> {
  const input = parseInput(EnablementInput, ENABLEMENT_EXAMPLE, raw);
  const { workflowId, runId, continuedFromExecutionRunId } = workflowInfo();
  // What an operator copied from a run's page is not where this enablement stands.
  const before = continuedFromExecutionRunId === undefined ? undefined : input.onward;
  const desk = openEnablementDesk(before?.state ?? newEnablement(), before?.tenant ?? null);
  const ended = (outcome: EnablementOutcome['outcome'], reason: string | null): EnablementOutcome => {
    const { tenant, steps } = desk.view();
    return { workflowId, runId, tenant, outcome, reason, steps };
  };

  // An enablement that is open is ended below, also where it was cancelled meanwhile.
  const whose = before ?? (await CancellationScope.nonCancellable(() => open(desk, input)));
  const enabling = new Enabling(desk, whose, input);
  try {
    if ((await turns(desk, enabling)) === 'onward') {
      return await goOn({ ...input, onward: { ...whose, state: desk.state() } });
    }
    desk.note({ kind: 'completed', step: null, by: null, text: 'All steps are at their end.' });
    desk.finish('completed');
    await CancellationScope.nonCancellable(() => enabling.recordEnd());
    return ended('completed', null);
  } catch (error) {
    const givenUp = error instanceof EnablementAborted;
    if (!givenUp && !isCancellation(error)) throw error;
    const reason = givenUp ? error.message : 'cancelled';
    await CancellationScope.nonCancellable(async () => {
      if (!givenUp) desk.note({ kind: 'aborted', step: null, by: null, text: reason });
      desk.finish('aborted');
      await enabling.recordEnd();
    });
    if (!givenUp) throw error;
    return ended('aborted', reason);
  }
}

/** Continues as a new run of the same workflow, which lists show as this one was. */
const goOn = (input: EnablementInput): Promise<never> =>
  makeContinueAsNewFunc<typeof enablement>({
    typedSearchAttributes: workflowInfo().typedSearchAttributes,
  })(input);

async function open(
  desk: EnablementDesk,
  { tenant, force, by }: EnablementInput,
): Promise<Omit<Onward, 'state'>> {
  const opened = await patient.openEnablement.executeWithOptions({ summary: 'open the enablement' }, [
    { tenant, force, by },
  ]);
  desk.belongsTo(opened.tenant);
  // The page hands a new enablement what an earlier one was found by.
  const copied = workflowInfo().typedSearchAttributes.get(OUTCOME) !== undefined;
  upsertSearchAttributes([
    { key: REVSYNC_TENANT, value: opened.tenant },
    ...(copied ? [{ key: OUTCOME, value: null }] : []),
  ]);
  desk.note({ kind: 'started', step: null, by: by ?? null, text: force ? 'forced' : 'for the first time' });
  return opened;
}

/** Step after step until all are at their end, or the history is long enough. */
async function turns(desk: EnablementDesk, enabling: Enabling): Promise<'completed' | 'onward'> {
  for (;;) {
    desk.goesOn();
    const decision = desk.decision();
    if (decision !== undefined) await enabling.look(decision);
    else if (enabling.mayBeginAnew()) return 'onward';
    else if (desk.state().awaited !== null) await enabling.wait();
    else {
      const step = nextStep(desk.state());
      if (step !== null) await enabling.turn(step);
      // Messages that wait for an answer get theirs before there is nobody to give it.
      else if (allHandlersFinished()) return 'completed';
      else await enabling.settle();
    }
  }
}
