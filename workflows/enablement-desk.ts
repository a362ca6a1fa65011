import type { SearchAttributeUpdatePair } from '@temporalio/common';
import {
  CancellationScope,
  condition,
  defineQuery,
  log,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';

import * as changes from '../src/domain/enablement/enablement-changes.ts';
import { enablementDetails, type UnderWay } from '../src/domain/enablement/enablement-details.ts';
import type {
  AmendMessage,
  AnswerMessage,
  SkipMessage,
} from '../src/domain/enablement/enablement-messages.ts';
import { type EnablementState, nextStep, stepIn } from '../src/domain/enablement/enablement-state.ts';
import { enablementView } from '../src/domain/enablement/enablement-view.ts';
import { stepOf } from '../src/domain/enablement/steps.ts';
import type { EnablementEvent, EnablementView } from '../src/domain/enablement/view.ts';
import { takeEnablementMessages } from './enablement-messages.ts';
import { messageRefused } from './take-message.ts';
import { AWAITING_ACTION, AWAITING_SINCE, OUTCOME, REVSYNC_STEP } from './search-attributes.ts';

const stateQuery = defineQuery<EnablementView>('state');

/** Thrown where the enablement works or waits when somebody gives it up. */
export class EnablementAborted extends Error {
  override readonly name = 'EnablementAborted';
}

/** A message that needs a look at Billing or the database, which the enablement itself takes, one after the other. */
export type Decision = { readonly settle: (refusal: string | null) => void } & (
  | ({ readonly kind: 'answer' } & AnswerMessage)
  | ({ readonly kind: 'amend' } & AmendMessage)
  | ({ readonly kind: 'skip' } & SkipMessage)
);

/** The operator's desk of an enablement: where it stands, what it waits for, and the messages that change it. */
export interface EnablementDesk {
  readonly state: () => EnablementState;
  readonly view: () => EnablementView;
  readonly change: (changed: EnablementState) => void;
  readonly note: (event: Omit<EnablementEvent, 'at'>) => void;
  readonly refuse: (refusal: string) => void;
  /**
   * The decision that came first and was not looked at; undefined: there is none. An answer to the step that is at work waits
   * until that asks or ends.
   */
  readonly decision: () => Decision | undefined;
  /** Whether a person said something since the last call of `listened`: the database has to know. */
  readonly heard: () => boolean;
  readonly listened: () => void;
  /** Shows whose it is. */
  readonly belongsTo: (tenant: string) => void;
  /** Shows what is under way: the workflow that a step has done, an answer that is looked at, that the database is not told. */
  readonly shows: (underWay: Partial<UnderWay>) => void;
  /** Does some work, which an abort cancels. Throws EnablementAborted then. */
  readonly during: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** Throws EnablementAborted after an abort. */
  readonly goesOn: () => void;
  readonly finish: (outcome: 'completed' | 'aborted') => void;
}

/** ISO, UTC. */
export const instant = (): string => new Date().toISOString();

export function openEnablementDesk(before: EnablementState, known: string | null): EnablementDesk {
  let state = before;
  let tenant = known;
  let underWay: UnderWay = { child: null, checked: null, untold: null };
  let ended: 'completed' | 'aborted' | null = null;
  let aborted: string | null = null;
  let working: CancellationScope | null = null;
  let said = 0;
  let listened = 0;
  const decisions: Decision[] = [];

  const view = (): EnablementView => enablementView(state, { tenant, ended });
  const show = (): void => {
    setCurrentDetails(enablementDetails(view(), underWay));
    takeEnablementMessages(messages);
    if (ended === null) upsertChanged(state);
  };
  const change = (changed: EnablementState): void => {
    state = changed;
    show();
  };
  const note = (event: Omit<EnablementEvent, 'at'>): void =>
    change(changes.noted(state, { ...event, at: instant() }));
  const refuse = (refusal: string): void => {
    log.warn('message refused', { refusal });
    said += 1;
    change(changes.refused(state, refusal, instant()));
  };

  /** Waits until the enablement looked at a decision; fails with the refusal. */
  const decide = async (made: (settle: Decision['settle']) => Decision): Promise<void> => {
    let verdict: string | null | undefined;
    said += 1;
    decisions.push(made((refusal) => void (verdict = refusal)));
    await condition(() => verdict !== undefined || aborted !== null);
    const refusal = verdict === undefined ? 'the enablement was given up meanwhile' : verdict;
    if (refusal !== null) throw messageRefused(refusal);
  };
  /** What comes before its step asks is kept, and nobody has to wait. */
  const isEarly = (step: AnswerMessage['step']): boolean =>
    stepIn(state, step).status === 'pending' && nextStep(state) !== step;

  const messages = {
    state: () => state,
    view,
    over: () =>
      aborted === null && ended === null ? null : `the enablement is ${ended ?? 'being given up'}`,
    refuse,
    async answer(message: AnswerMessage) {
      if (!isEarly(message.step)) return decide((settle) => ({ kind: 'answer', ...message, settle }));
      const { step, value, note: why = null, by = null } = message;
      said += 1;
      change(changes.kept(state, step, { kind: 'answer', value, note: why, by }, instant()));
    },
    amend: (message: AmendMessage) => decide((settle) => ({ kind: 'amend', ...message, settle })),
    async skip(message: SkipMessage) {
      if (!isEarly(message.step)) return decide((settle) => ({ kind: 'skip', ...message, settle }));
      const { step, reason, by = null } = message;
      said += 1;
      change(changes.kept(state, step, { kind: 'skip', reason, by }, instant()));
    },
    retry(by: string | null) {
      const { awaited } = state;
      if (awaited === null) return;
      said += 1;
      note({ kind: 'retried', step: awaited.step, by, text: awaited.message });
      change(changes.begun(state, awaited.step));
    },
    abort(reason: string, by: string | null) {
      aborted = reason;
      said += 1;
      note({ kind: 'aborted', step: null, by, text: reason });
      working?.cancel();
    },
  };

  setHandler(stateQuery, view, { description: 'Steps, what is awaited, refused messages.' });
  show();

  const goesOn = (): void => {
    if (aborted !== null) throw new EnablementAborted(aborted);
  };
  return {
    state: () => state,
    view,
    change,
    note,
    refuse,
    decision() {
      const at = decisions.findIndex(
        ({ kind, step }) => kind !== 'answer' || stepIn(state, step).status !== 'running',
      );
      return at === -1 ? undefined : decisions.splice(at, 1)[0];
    },
    heard: () => said !== listened,
    listened: () => void (listened = said),
    belongsTo(whose) {
      tenant = whose;
      show();
    },
    shows(changed) {
      underWay = { ...underWay, ...changed };
      show();
    },
    async during(work) {
      goesOn();
      working = new CancellationScope();
      try {
        return await working.run(work);
      } catch (error) {
        goesOn();
        throw error;
      } finally {
        working = null;
      }
    },
    goesOn,
    finish(outcome) {
      ended = outcome;
      show();
      upsertSearchAttributes([
        { key: OUTCOME, value: outcome },
        { key: AWAITING_ACTION, value: false },
        { key: AWAITING_SINCE, value: null },
      ]);
    },
  };
}

/** Lists show the step and who is awaited. Each change is an event of the history, so only changes are told. */
function upsertChanged(state: EnablementState): void {
  const { awaited } = state;
  const { typedSearchAttributes: told } = workflowInfo();
  const at = awaited?.step ?? nextStep(state);
  const changed: SearchAttributeUpdatePair[] = [];
  if (at !== null && told.get(REVSYNC_STEP) !== stepOf(at).name) {
    changed.push({ key: REVSYNC_STEP, value: stepOf(at).name });
  }
  const waits = awaited !== null;
  if ((told.get(AWAITING_ACTION) ?? false) !== waits) {
    changed.push({ key: AWAITING_ACTION, value: waits });
    changed.push({ key: AWAITING_SINCE, value: awaited === null ? null : new Date(awaited.since) });
  }
  if (changed.length > 0) upsertSearchAttributes(changed);
}
