import {
  ApplicationFailure,
  condition,
  currentUpdateInfo,
  defineSignal,
  defineUpdate,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';

import type { Decided } from '../activities/decide-on-holds.ts';
import {
  EXAMPLES,
  misfit,
  RejectHold,
  type RejectHoldMessage,
  ReleaseHold,
  type ReleaseHoldMessage,
} from '../src/domain/operator/messages.ts';
import { type Asked, type Desk, failureType, readable } from './desk.ts';
import { activities, LONG } from './proxies.ts';

const long = activities(LONG);

export const releaseHoldUpdate = defineUpdate<Decided, [ReleaseHoldMessage | undefined]>('releaseHold');
export const rejectHoldUpdate = defineUpdate<Decided, [RejectHoldMessage | undefined]>('rejectHold');
export const releaseHoldSignal = defineSignal<[ReleaseHoldMessage | undefined]>('releaseHold');
export const rejectHoldSignal = defineSignal<[RejectHoldMessage | undefined]>('rejectHold');

/** The step of the desk that tells what was decided. */
export const DECIDE = { step: 'decide', title: 'Decisions on held lines' } as const;

/** What a person is asked for who started the collection to decide on held lines. */
export const DECISION_ASKED: Asked = {
  message: 'Lines are held; say what becomes of them.',
  remedy:
    'Release them with releaseHold, or reject them with rejectHold; the collection then begins. See `revsync hold list` for the lines; retry collects without a decision.',
  example: { update: 'releaseHold', data: JSON.parse(EXAMPLES.releaseHold) as Record<string, unknown> },
};

export interface HoldDecisions {
  /** Waits until every decision that was sent is written down, or refused. */
  settled(): Promise<void>;
  /** How many were written down: lines are decided on that a collection which began before has not seen. */
  taken(): number;
}

/**
 * Takes what people decide on held lines, whatever the collection is doing: also while it waits for its turn or for a
 * person. A decision is written at once; the workflow collects after it.
 */
export function takeHoldDecisions(desk: Desk, org: string | undefined): HoldDecisions {
  let underWay = 0;
  let sent = 0;
  const notes: string[] = [];

  const write = async (decide: (request: string) => Promise<Decided>, by: string): Promise<Decided> => {
    sent += 1;
    underWay += 1;
    try {
      const decided = await decide(requestId(sent));
      const what = decided.as === 'rejected' ? 'rejected' : `released as ${decided.as}`;
      notes.push(`${decided.decided} ${what} by ${by}`);
      desk.note(DECIDE.step, 'done', notes.slice(-5).join('; '));
      return decided;
    } finally {
      underWay -= 1;
    }
  };
  const release = (message: ReleaseHoldMessage): Promise<Decided> =>
    write(
      (request) =>
        long.releaseHeldLines.executeWithOptions({ summary: `release as ${message.as}, by ${message.by}` }, [
          { ...message, org, request },
        ]),
      message.by,
    );
  const reject = (message: RejectHoldMessage): Promise<Decided> =>
    write(
      (request) =>
        long.rejectHeldLines.executeWithOptions({ summary: `reject, by ${message.by}` }, [
          { ...message, org, request },
        ]),
      message.by,
    );

  setHandler(releaseHoldUpdate, (message) => answering(release(ReleaseHold.parse(message))), {
    validator: (message) => requireFit(misfit(ReleaseHold, 'releaseHold', message)),
    description: `Let stopped or waiting lines go on, with a reason that is kept. Data: ${EXAMPLES.releaseHold}; or by filter: {"hold", "type", "subscription", "entity"}. As correction, amendment, standalone or new-contract.`,
  });
  setHandler(rejectHoldUpdate, (message) => answering(reject(RejectHold.parse(message))), {
    validator: (message) => requireFit(misfit(RejectHold, 'rejectHold', message)),
    description: `Keep stopped lines from being collected, with a reason that is kept. Data: ${EXAMPLES.rejectHold}; or by lines.`,
  });

  const noting = async (refusal: string | null, take: () => Promise<Decided>): Promise<void> => {
    if (refusal !== null) return desk.refuse(refusal);
    try {
      await take();
    } catch (error) {
      if (isCancellation(error)) return;
      desk.refuse(sentence(error));
    }
  };
  setHandler(releaseHoldSignal, (message) =>
    noting(misfit(ReleaseHold, 'releaseHold', message), () => release(ReleaseHold.parse(message))),
  );
  setHandler(rejectHoldSignal, (message) =>
    noting(misfit(RejectHold, 'rejectHold', message), () => reject(RejectHold.parse(message))),
  );

  return {
    settled: () => condition(() => underWay === 0),
    taken: () => notes.length,
  };
}

/**
 * What the repetition of a message is known by. An update id that was generated is unique anywhere, and the command sends
 * one to the next run when a run ends before it answers; one that somebody chose is unique in its run only.
 */
function requestId(sent: number): string {
  const id = currentUpdateInfo()?.id;
  if (id !== undefined && GENERATED.test(id)) return id;
  return `${workflowInfo().runId}/${id ?? sent}`;
}

const GENERATED = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

function requireFit(refusal: string | null): void {
  if (refusal !== null) throw ApplicationFailure.nonRetryable(refusal, 'MESSAGE_REFUSED');
}

/** An update that cannot be done says why in one sentence, and what to do. */
async function answering(decision: Promise<Decided>): Promise<Decided> {
  try {
    return await decision;
  } catch (error) {
    if (isCancellation(error)) throw error;
    const type = failureType(error) ?? 'MESSAGE_REFUSED';
    throw ApplicationFailure.nonRetryable(sentence(error), type, readable(error));
  }
}

function sentence(error: unknown): string {
  const { message, remedy } = readable(error);
  return `${message} ${remedy}`;
}
