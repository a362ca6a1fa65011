import { shortText } from '../short-text.ts';
import { type Awaited, type EnablementState, isFinished, type Kept } from './enablement-state.ts';
import type { ChildResult, JsonObject, StepNumber, Turn } from './step.ts';
import { stepOf } from './steps.ts';
import type { EnablementEvent, StepView } from './view.ts';

/** Changes of what an enablement knows. `now` is ISO, UTC. */

const LONGEST_NOTE = 500;
/** With the JSON that would do. */
const LONGEST_REFUSAL = 4_000;
const MOST_REFUSED = 10;
const MOST_EVENTS = 100;
const LONGEST_VALUE = 2_000;

type Change = Partial<Omit<StepView, 'step' | 'title'>>;

const withStep = (state: EnablementState, step: StepNumber, change: Change): EnablementState => ({
  ...state,
  steps: state.steps.map((each) =>
    each.step === step
      ? { ...each, ...change, note: shortText(change.note ?? each.note, LONGEST_NOTE) }
      : each,
  ),
});

/** Notes something for the audit. Where the database is told late, refused messages go first: anybody can send them. */
export function noted(state: EnablementState, event: EnablementEvent): EnablementState {
  const events = [...state.events, { ...event, text: shortText(event.text, LONGEST_NOTE) }];
  if (events.length <= MOST_EVENTS) return { ...state, events };
  const refusal = events.findIndex(({ kind }) => kind === 'refused');
  return { ...state, events: events.toSpliced(Math.max(refusal, 0), 1) };
}

/** The database knows of these. */
export function recorded(state: EnablementState, events: readonly EnablementEvent[]): EnablementState {
  const known = new Set(events);
  return { ...state, events: state.events.filter((event) => !known.has(event)) };
}

export const begun = (state: EnablementState, step: StepNumber, note = ''): EnablementState => ({
  ...notAwaited(withStep(state, step, { status: 'running', note })),
});

const notAwaited = (state: EnablementState): EnablementState => ({
  ...state,
  awaited: null,
  awaitedBefore: state.awaited ?? state.awaitedBefore,
});

/** The same that was awaited before goes on: people are reminded from its beginning. */
function awaiting(state: EnablementState, asked: Omit<Awaited, 'since' | 'reminders'>, now: string): Awaited {
  const before = state.awaited ?? state.awaitedBefore;
  const isSame = before?.step === asked.step && before.message === asked.message;
  return { ...asked, since: isSame ? before.since : now, reminders: isSame ? before.reminders : 0 };
}

/** The step asks. Whoever was asked the same before is awaited since then. */
export function asked(
  state: EnablementState,
  step: StepNumber,
  { message, remedy, value, polls }: Extract<Turn, { kind: 'ask' }>,
  now: string,
): EnablementState {
  const awaited = awaiting(state, { step, kind: 'answer', message, remedy, value, polls }, now);
  return { ...withStep(state, step, { applies: true, status: 'waiting', note: message }), awaited };
}

/** The step cannot go on until somebody says so. */
export function failed(
  state: EnablementState,
  step: StepNumber,
  { message, remedy }: { readonly message: string; readonly remedy: string },
  now: string,
): EnablementState {
  const retried = { step, kind: 'retry', message, remedy, value: {}, polls: false } as const;
  const awaited = awaiting(state, retried, now);
  const next = withStep(state, step, { status: 'failed', note: message });
  return noted({ ...next, awaited }, { at: now, kind: 'failed', step, by: null, text: message });
}

/** What was awaited did not change, but for how it is waited for. */
export const waitingOtherwise = (
  state: EnablementState,
  change: Partial<Pick<Awaited, 'polls' | 'remedy' | 'reminders'>>,
): EnablementState =>
  state.awaited === null ? state : { ...state, awaited: { ...state.awaited, ...change } };

/** The step goes on by an answer that was taken. */
export const answered = (state: EnablementState, step: StepNumber, by: string | null): EnablementState => ({
  ...begun(state, step),
  awaitedBefore: null,
  answeredBy: { ...state.answeredBy, [step]: by },
});

export const ran = (state: EnablementState, run: ChildResult): EnablementState => ({
  ...state,
  runs: [...state.runs, run],
});

/** The step is at its end: done, or it does not apply. */
export function finished(
  state: EnablementState,
  step: StepNumber,
  { kind, note, evidence }: { kind: 'done' | 'not-applicable'; note: string; evidence: JsonObject },
  now: string,
): EnablementState {
  const { [step]: by = 'revsync' } = state.answeredBy;
  const done = kind === 'done';
  const ended = withStep(state, step, {
    applies: done,
    status: done ? 'done' : 'skipped',
    by,
    at: now,
    note: done ? note : `Does not apply: ${note}`,
    evidence,
  });
  return atEnd(noted(ended, { at: now, kind, step, by, text: note }), step, now);
}

/** Somebody decided to go on without the step. */
export function skipped(
  state: EnablementState,
  step: StepNumber,
  { reason, by }: { readonly reason: string; readonly by: string | null },
  now: string,
): EnablementState {
  const because = /[.!?]$/.test(reason) ? reason : `${reason}.`;
  const note = `Skipped: ${because} What follows: ${stepOf(step).skip.why}.`;
  const ended = withStep(state, step, {
    applies: true,
    status: 'skipped',
    by,
    at: now,
    note,
    evidence: { reason },
  });
  return atEnd(noted(ended, { at: now, kind: 'skipped', step, by, text: reason }), step, now);
}

/** Nobody asks for what was kept for it any more. */
function atEnd(state: EnablementState, step: StepNumber, now: string): EnablementState {
  const unused = state.kept[step];
  const answeredBy = without(state.answeredBy, [step]);
  const ended = { ...state, awaited: null, awaitedBefore: null, runs: [], answeredBy };
  if (unused === undefined) return ended;
  const told = noted(ended, {
    at: now,
    kind: 'ignored',
    step,
    by: unused.by,
    text: 'The step did not need the answer that was kept for it.',
  });
  return { ...withoutKept(told, step), ignored: [...new Set([...state.ignored, step])] };
}

/** Keeps what came before its step asked; a later one takes the place of an earlier one. */
export function kept(state: EnablementState, step: StepNumber, what: Kept, now: string): EnablementState {
  const text = what.kind === 'answer' ? 'Kept until the step asks.' : `To be skipped: ${what.reason}`;
  const [before, after] = [saidOf(state.kept[step]), saidOf(what)];
  return noted(
    { ...state, kept: { ...state.kept, [step]: what } },
    { at: now, kind: 'kept', step, by: what.by, text, before, after },
  );
}

/** The answer itself, as far as events carry it; all of it is kept when the step takes it. */
function saidOf(what: Kept | undefined): JsonObject | null {
  if (what === undefined) return null;
  if (what.kind === 'skip') return { skip: true, reason: what.reason };
  const { length } = JSON.stringify(what.value);
  return length <= LONGEST_VALUE ? what.value : { characters: String(length) };
}

export const withoutKept = (state: EnablementState, step: StepNumber): EnablementState => ({
  ...state,
  kept: without(state.kept, [step]),
});

type BySteps<Value> = Readonly<Partial<Record<StepNumber, Value>>>;

function without<Value>(all: BySteps<Value>, steps: readonly StepNumber[]): BySteps<Value> {
  const rest = { ...all };
  for (const step of steps) delete rest[step];
  return rest;
}

/** A step that was done is begun again, and what rests on it, too. What was at hand comes again in its turn. */
export function begunAgain(
  state: EnablementState,
  step: StepNumber,
  { reason, by }: { readonly reason: string; readonly by: string | null },
  now: string,
): EnablementState {
  const rests: readonly StepNumber[] = stepOf(step).again;
  const isAgain = (each: StepView): boolean =>
    each.step === step || rests.includes(each.step) || !isFinished(each.status);
  const again = state.steps
    .filter(isAgain)
    .reduce(
      (next, each) =>
        withStep(next, each.step, { status: 'pending', by: null, at: null, note: '', evidence: {} }),
      state,
    );
  const answeredBy = { ...without(state.answeredBy, rests), [step]: by };
  return noted(
    { ...notAwaited(again), runs: [], answeredBy },
    { at: now, kind: 'begun-again', step, by, text: reason },
  );
}

export function refused(state: EnablementState, refusal: string, now: string): EnablementState {
  return noted(
    { ...state, refused: [...state.refused, shortText(refusal, LONGEST_REFUSAL)].slice(-MOST_REFUSED) },
    { at: now, kind: 'refused', step: null, by: null, text: refusal },
  );
}
