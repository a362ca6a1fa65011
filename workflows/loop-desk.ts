import type { SearchAttributeUpdatePair } from '@temporalio/common';
import {
  CancellationScope,
  defineQuery,
  log,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';

import { refused } from '../src/domain/instant-on/loop-changes.ts';
import { loopDetails } from '../src/domain/instant-on/loop-details.ts';
import type { LoopSettings } from '../src/domain/instant-on/loop-settings.ts';
import type { LoopState } from '../src/domain/instant-on/loop-state.ts';
import { loopView, type LoopView } from '../src/domain/instant-on/loop-view.ts';
import { type Move, nextMove } from '../src/domain/instant-on/next-move.ts';
import { takeLoopMessages } from './loop-messages.ts';
import { AWAITING_ACTION, AWAITING_SINCE, REVSYNC_STEP } from './search-attributes.ts';

const stateQuery = defineQuery<LoopView>('state');

/** Thrown where the loop works or waits when somebody ends it. */
export class LoopAborted extends Error {
  override readonly name = 'LoopAborted';
}

/** The operator's desk of a loop: what it is at, what it waits for, and the messages that change it. */
export interface LoopDesk {
  readonly state: () => LoopState;
  /** Null until it was learned. */
  readonly entity: () => string | null;
  readonly change: (changed: LoopState) => void;
  /** Shows whose loop it is and what its settings say. */
  readonly learn: (entity: string, settings: LoopSettings) => void;
  /** As they were read last; null: they never were. */
  readonly settings: () => LoopSettings | null;
  /** They may have changed since: what comes next is to read them, unless they do not matter. */
  readonly forget: () => void;
  /** What to do next. Throws LoopAborted. */
  readonly move: () => Move;
  /** Does some work, which an abort cancels; throws LoopAborted then. */
  readonly during: <Result>(work: () => Promise<Result>, shownAs?: Move) => Promise<Result>;
  /** How many messages were taken: a wait ends with the next one. */
  readonly taken: () => number;
  readonly finish: () => void;
}

export function openLoopDesk(entity: string | null, before: LoopState): LoopDesk {
  let whose = entity;
  let state = before;
  let settings: LoopSettings | null = null;
  let isOld = true;
  let underWay: Move | null = null;
  let working: CancellationScope | null = null;
  let taken = 0;
  let aborted: string | null = null;

  const next = (known: LoopSettings | null): Move => nextMove(state, known, Date.now());
  const decided = (): Move => next(isOld ? null : settings);
  const moveNow = (): Move => underWay ?? decided();
  /** Lists go by what was read last: a look at the settings is no change that they tell. */
  const listed = (): Move => underWay ?? next(settings);
  const view = (move = moveNow()): LoopView => loopView({ entity: whose, state, settings, move, aborted });
  const show = (): void => {
    setCurrentDetails(loopDetails(view()));
    // What was told before a history began anew stands until the settings are read.
    if (listed().kind !== 'read') upsertChanged(view(listed()));
  };
  const change = (changed: LoopState): void => {
    state = changed;
    show();
  };

  setHandler(stateQuery, () => view(), {
    description: 'What the loop does, counts, its interval, refused messages.',
  });
  takeLoopMessages({
    view,
    refuse(refusal) {
      log.warn('message refused', { refusal });
      change(refused(state, refusal));
    },
    change(changed) {
      taken += 1;
      isOld = true;
      change(changed(state));
    },
    abort(reason) {
      taken += 1;
      aborted = reason;
      show();
      working?.cancel();
    },
  });
  show();

  return {
    state: () => state,
    entity: () => whose,
    change,
    learn(found, read) {
      [whose, settings, isOld] = [found, read, false];
      show();
    },
    settings: () => settings,
    forget: () => void (isOld = true),
    move() {
      if (aborted !== null) throw new LoopAborted(aborted);
      show();
      return decided();
    },
    async during(work, shownAs) {
      underWay = shownAs ?? null;
      working = new CancellationScope();
      try {
        return await working.run(work);
      } catch (error) {
        if (aborted !== null) throw new LoopAborted(aborted);
        throw error;
      } finally {
        [underWay, working] = [null, null];
      }
    },
    taken: () => taken,
    finish: show,
  };
}

/** Lists show what a loop is at and who is awaited. Each change is an event of the history, so only changes are told. */
function upsertChanged({ status, awaiting }: LoopView): void {
  // These follow each other for ever: to lists they are one.
  const step = status === 'resting' || status === 'busy' ? 'running' : status;
  const waits = awaiting !== null;
  const { typedSearchAttributes: told } = workflowInfo();
  const changed: SearchAttributeUpdatePair[] = [];
  if (told.get(REVSYNC_STEP) !== step) changed.push({ key: REVSYNC_STEP, value: step });
  if ((told.get(AWAITING_ACTION) ?? false) !== waits) {
    changed.push({ key: AWAITING_ACTION, value: waits });
    changed.push({ key: AWAITING_SINCE, value: waits ? new Date() : null });
  }
  if (changed.length > 0) upsertSearchAttributes(changed);
}
