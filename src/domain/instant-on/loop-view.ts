import type { Awaited } from '../operator/steps.ts';
import { howToTurnOn, type LoopSettings } from './loop-settings.ts';
import type { LastRun, LoopState } from './loop-state.ts';
import { chosenInterval, type Interval, intervalOf, type Move } from './next-move.ts';

export type LoopStatus =
  'running' | 'resting' | 'busy' | 'backing-off' | 'before-start' | 'paused' | 'waiting' | 'aborted';

/** What the query `state` answers, and updates answer. Instants are ISO, UTC. */
export interface LoopView {
  readonly workflow: 'instantOn';
  readonly subject: string;
  /** Null until the loop of the only entity has learned which it is. */
  readonly entity: string | null;
  readonly status: LoopStatus;
  /** What it does now, in a sentence. */
  readonly now: string;
  /** When the next run is to begin; null where that depends on something else. */
  readonly next: string | null;
  readonly counts: Readonly<Record<'runs' | 'nothingToDo' | 'failed' | 'failuresInARow', number>>;
  readonly lastRun: LastRun | null;
  /** Null until the settings were read. */
  readonly interval: Interval | null;
  readonly paused: LoopState['paused'];
  readonly runNow: boolean;
  /** A loop has no steps; lists of what is awaited read `awaiting` as they do of a run. */
  readonly steps: readonly [];
  readonly awaiting: Awaited | null;
  readonly refused: readonly string[];
}

/** What a view is made from. */
export interface Looked {
  readonly entity: string | null;
  readonly state: LoopState;
  readonly settings: LoopSettings | null;
  readonly move: Move;
  /** Why the loop was ended; null: it was not. */
  readonly aborted: string | null;
}

export function loopView(looked: Looked): LoopView {
  const { entity, state, settings, move, aborted } = looked;
  const { runs, nothingToDo, failed, failuresInARow, lastRun, paused, runNow, refused } = state;
  return {
    workflow: 'instantOn',
    subject: `Instant On ${entity ?? ''}`.trim(),
    entity,
    status: aborted === null ? STATUS[move.kind] : 'aborted',
    now: aborted === null ? sentence(looked) : `Ended: ${aborted}.`,
    next: 'due' in move && move.due !== null && aborted === null ? new Date(move.due).toISOString() : null,
    counts: { runs, nothingToDo, failed, failuresInARow },
    lastRun,
    interval: settings === null ? chosenInterval(state.interval) : intervalOf(state, settings),
    paused,
    runNow,
    steps: [],
    awaiting: aborted === null ? awaitedAt(looked) : null,
    refused,
  };
}

const STATUS = {
  read: 'running',
  run: 'running',
  paused: 'paused',
  stuck: 'waiting',
  off: 'waiting',
  busy: 'busy',
  'backing-off': 'backing-off',
  'before-start': 'before-start',
  resting: 'resting',
} as const satisfies Record<Move['kind'], LoopStatus>;

function sentence({ state, move, entity }: Looked): string {
  const after = {
    paused: state.paused === null ? '' : '; paused after it',
    again: state.runNow ? '; another one follows at once' : '',
  };
  switch (move.kind) {
    case 'read':
      return 'Reads its settings.';
    case 'run':
      return `A run is under way${after.again}${after.paused}.`;
    case 'paused':
      return `Paused${by(state.paused?.by)} since ${state.paused?.since ?? ''}${because(state.paused?.reason)}.`;
    case 'stuck':
      return `${state.failuresInARow} runs in a row failed; waits for a person.`;
    case 'off':
      return 'Instant On is off; waits until it is on.';
    case 'busy':
      return `Another run of ${entity ?? 'the entity'} is under way; looks again at ${at(move.due)}.`;
    case 'backing-off':
      return `The last run failed; the next try is at ${at(move.due)}.`;
    case 'before-start':
      return `Automatic runs begin at ${at(move.due)} (RevenueSync_FromDate).`;
    case 'resting':
      return `The next run begins at ${at(move.due)}.`;
  }
}

const at = (instant: number): string => new Date(instant).toISOString();
const by = (who: string | null | undefined): string => (who == null ? '' : ` by ${who}`);
const because = (why: string | null | undefined): string => (why == null ? '' : `: ${why}`);

/** What a person has to do where the loop cannot go on by itself. */
function awaitedAt({ entity, state, settings, move }: Looked): Awaited | null {
  if (move.kind === 'off' && settings !== null) {
    return {
      step: 'settings',
      message: settings.off ?? '',
      remedy: `${howToTurnOn(settings)} The loop looks again every ten minutes, and at once with \`resume\`.`,
      example: { update: 'resume', data: {} },
      skip: null,
    };
  }
  if (move.kind !== 'stuck') return null;
  const { message, remedy } = state.lastRun ?? { message: null, remedy: null };
  return {
    step: 'run',
    message: `${state.failuresInARow} runs of ${entity ?? 'the entity'} failed in a row, the last one: ${message ?? ''}`,
    remedy: remedy ?? 'Remove the cause, then send `retry`.',
    example: { update: 'retry', data: {} },
    skip: null,
  };
}
