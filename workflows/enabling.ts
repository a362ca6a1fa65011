import {
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  log,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';

import * as changes from '../src/domain/enablement/enablement-changes.ts';
import type { EnablementInput, Onward } from '../src/domain/enablement/enablement-input.ts';
import { messageOf } from '../src/domain/enablement/enablement-messages.ts';
import {
  refusalByVerdict,
  refusalOfAmend,
  refusalOfAnswer,
  refusalOfSkip,
} from '../src/domain/enablement/enablement-refusals.ts';
import type { Kept } from '../src/domain/enablement/enablement-state.ts';
import { escalates, nextReminder, remindersDue, type Reminders } from '../src/domain/enablement/reminders.ts';
import { stepOf } from '../src/domain/enablement/steps.ts';
import type { ChildWork, JsonObject, StepNumber, Turn, Verdict } from '../src/domain/enablement/step.ts';
import { failureType, readable } from './desk.ts';
import { type Decision, EnablementAborted, type EnablementDesk, instant } from './enablement-desk.ts';
import { activities, LONG, QUEUE } from './proxies.ts';
import { ChildNotDone, runChild } from './run-child.ts';

/**
 * A look at a step may read all that a tenant has. What fails again and again, for some twenty minutes, waits for a person:
 * lists show that, and not an attempt that failed.
 */
const advancing = activities({ ...LONG, retry: { ...LONG.retry, maximumAttempts: 12 } });
/** Somebody stands before the dialog; what cannot be looked at soon is refused with why, and may be sent again. */
const taking = activities({ ...LONG, retry: { ...LONG.retry, maximumAttempts: 4 } });
const patient = activities(QUEUE);
/** What comes by itself is looked for as long as it is awaited; the activity says when to look again. */
const polling = activities({
  startToCloseTimeout: '3 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 minute', maximumInterval: '10 minutes' },
});

/** After this many milliseconds the database is told again what it refused; of the end ever more rarely. */
const AGAIN = 300_000;
const RARELY = 6 * 3_600_000;
const TOLD_AGAIN = 'tell the database again';

/** What a step does, and what is done at it: the interpreter of the steps. */
export class Enabling {
  readonly #desk: EnablementDesk;
  readonly #whose: Omit<Onward, 'state'>;
  readonly #reminders: Reminders;

  readonly #maxHistory: number;
  /** Whether the database shows that a person is awaited; a run before this one may have told it. */
  #toldOfWaiting: boolean;
  /** Whether the database is another one than when it began. */
  #isUnknown = false;

  constructor(
    desk: EnablementDesk,
    whose: Omit<Onward, 'state'>,
    input: Pick<EnablementInput, 'reminders' | 'maxHistory'>,
  ) {
    this.#desk = desk;
    this.#whose = whose;
    this.#reminders = input.reminders;
    this.#maxHistory = input.maxHistory;
    this.#toldOfWaiting = workflowInfo().continuedFromExecutionRunId !== undefined;
  }

  /** Whether it is time for a new history, and no message would be lost; refused ones alone may make a history long. */
  mayBeginAnew(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    return (continueAsNewSuggested || historyLength > this.#maxHistory) && allHandlersFinished();
  }

  /** Asks what comes next at a step, and sees to it. */
  async turn(step: StepNumber): Promise<void> {
    const desk = this.#desk;
    desk.listened();
    const kept = desk.state().kept[step];
    // A step that surely applies need not begin, and send a ticket, to be skipped.
    if (kept?.kind === 'skip' && stepOf(step).condition === null) return this.#skipKept(step, kept);
    desk.change(changes.begun(desk.state(), step));
    // What was awaited is not any more, which those who look without Temporal see, too.
    if (this.#toldOfWaiting) await this.record();
    try {
      await this.#see(step, await desk.during(() => this.#advance(step)));
    } catch (error) {
      if (error instanceof EnablementAborted || CancellationScope.current().consideredCancelled) throw error;
      desk.change(changes.failed(desk.state(), step, failure(error), instant()));
    } finally {
      desk.shows({ child: null });
    }
  }

  #advance(step: StepNumber): Promise<Turn> {
    const { enablement } = this.#whose;
    const { runs } = this.#desk.state();
    return advancing.advanceStep.executeWithOptions({ summary: `step ${step}: what comes next` }, [
      { enablement, step, runs },
    ]);
  }

  async #see(step: StepNumber, turn: Turn): Promise<void> {
    const desk = this.#desk;
    switch (turn.kind) {
      case 'ask': {
        const kept = desk.state().kept[step];
        desk.change(changes.asked(desk.state(), step, turn, instant()));
        if (kept !== undefined) await this.#useKept(step, kept);
        return;
      }
      case 'work':
        desk.change(changes.begun(desk.state(), step, turn.note));
        return this.#work(step, turn.work);
      case 'done':
      case 'not-applicable':
        desk.change(changes.finished(desk.state(), step, turn, instant()));
        await this.record();
    }
  }

  /** Has the workflows run that were not run yet, one after the other. */
  async #work(step: StepNumber, work: readonly ChildWork[]): Promise<void> {
    const desk = this.#desk;
    const done = new Set(desk.state().runs.map(({ id }) => id));
    const due = work.filter(({ id }) => !done.has(id));
    if (due.length === 0) throw new Error(`step ${step} asks for workflows that have been run`);
    await this.record();
    for (const each of due) {
      desk.shows({ child: each.id });
      const run = await this.#keepingUp(desk.during(() => runChild(each)));
      // Not before: much may have been said while it ran.
      desk.change(changes.ran(desk.state(), run));
      // Somebody may have said something that matters to those that follow.
      if (desk.heard()) return;
    }
  }

  /** Waits for a workflow, and tells the database what is said meanwhile: it may run for days. */
  async #keepingUp<Result>(running: Promise<Result>): Promise<Result> {
    const desk = this.#desk;
    let isOver = false;
    const over = (): void => void (isOver = true);
    running.then(over, over);
    // A cancellation ends what runs, which is waited for.
    return CancellationScope.nonCancellable(async () => {
      for (;;) {
        await condition(() => isOver || desk.state().events.length > 0);
        if (isOver) return running;
        if (!(await this.record())) await condition(() => isOver, AGAIN, { summary: TOLD_AGAIN });
      }
    });
  }

  /** It is kept until there is a verdict on it. */
  async #useKept(step: StepNumber, kept: Kept): Promise<void> {
    const desk = this.#desk;
    if (kept.kind === 'skip') return this.#skipKept(step, kept);
    const verdict = await this.#take(step, { ...kept, reason: null });
    desk.change(changes.withoutKept(desk.state(), step));
    if (verdict.taken) return desk.change(changes.answered(desk.state(), step, kept.by));
    desk.refuse(refusalByVerdict(step, verdict));
  }

  async #take(step: StepNumber, sent: Sent): Promise<Verdict> {
    const { enablement } = this.#whose;
    const take = () =>
      taking.takeAnswer.executeWithOptions({ summary: `step ${step}: the answer` }, [
        { enablement, step, ...sent },
      ]);
    this.#desk.shows({ checked: step });
    try {
      return await this.#desk.during(take);
    } finally {
      this.#desk.shows({ checked: null });
    }
  }

  /** Looks at a decision of a person, and settles it. */
  async look(decision: Decision): Promise<void> {
    const desk = this.#desk;
    desk.listened();
    try {
      decision.settle(await this.#decided(decision));
    } catch (error) {
      if (error instanceof EnablementAborted || CancellationScope.current().consideredCancelled) throw error;
      decision.settle(unsettledText(decision, failure(error)));
    }
  }

  /** Why it was refused; null: it was not. Things may have changed since it came. */
  async #decided(decision: Decision): Promise<string | null> {
    const desk = this.#desk;
    const { step, by = null } = decision;
    switch (decision.kind) {
      case 'skip': {
        const refusal = refusalOfSkip(desk.state(), step);
        if (refusal === null) await this.#skip(step, { reason: decision.reason, by });
        return refusal;
      }
      case 'answer': {
        const { value, note = null } = decision;
        const refusal = refusalOfAnswer(desk.state(), { step, value });
        if (refusal !== null) return refusal;
        if (desk.state().awaited?.step !== step) {
          desk.change(changes.kept(desk.state(), step, { kind: 'answer', value, note, by }, instant()));
          return null;
        }
        const verdict = await this.#take(step, { value, note, by, reason: null });
        if (!verdict.taken) return refusalByVerdict(step, verdict);
        // What could not be taken when the step asked is not taken after this.
        desk.change(changes.answered(changes.withoutKept(desk.state(), step), step, by));
        return null;
      }
      case 'amend': {
        const { value, reason } = decision;
        const refusal = refusalOfAmend(desk.state(), { step, value });
        if (refusal !== null) return refusal;
        const verdict = await this.#take(step, { value, note: null, by, reason });
        if (!verdict.taken) return refusalByVerdict(step, verdict, { reason });
        desk.change(changes.begunAgain(desk.state(), step, { reason, by }, instant()));
        return null;
      }
    }
  }

  async #skipKept(step: StepNumber, kept: Extract<Kept, { kind: 'skip' }>): Promise<void> {
    this.#desk.change(changes.withoutKept(this.#desk.state(), step));
    await this.#skip(step, kept);
  }

  async #skip(step: StepNumber, skip: { reason: string; by: string | null }): Promise<void> {
    this.#desk.change(changes.skipped(this.#desk.state(), step, skip, instant()));
    await this.record();
  }

  /** Until somebody says something, what is awaited comes by itself, or it is time to remind people. */
  async wait(): Promise<void> {
    const desk = this.#desk;
    const isTold = await this.record();
    const { awaited } = desk.state();
    if (awaited === null || desk.heard()) return desk.listened();
    const { step, polls, reminders } = awaited;
    const since = Date.parse(awaited.since);
    const poll = polls ? this.#poll(step) : null;
    const due = Math.max(nextReminder(this.#reminders, since, reminders) - Date.now(), 1);
    const isSooner = !isTold && AGAIN < due;
    try {
      const woken = await condition(
        () => desk.heard() || poll?.over() === true || this.mayBeginAnew(),
        isSooner ? AGAIN : due,
        { summary: isSooner ? TOLD_AGAIN : `remind at step ${step}` },
      );
      if (!woken && !isSooner) await this.#remind(step, since, reminders);
    } finally {
      await poll?.stop();
    }
    desk.listened();
  }

  #poll(step: StepNumber): Poll {
    const desk = this.#desk;
    const scope = new CancellationScope();
    let isOver = false;
    const { enablement } = this.#whose;
    const running = scope
      .run(() =>
        polling.awaitStep.executeWithOptions({ summary: `step ${step}: whether it came` }, [
          { enablement, step },
        ]),
      )
      .then(
        () => desk.change(changes.begun(desk.state(), step)),
        (error: unknown) => {
          if (isCancellation(error)) return;
          const { message, remedy } = failure(error);
          const said = `It is not looked for any more: ${message} ${remedy} Send \`retry\` to look again.`;
          desk.change(changes.waitingOtherwise(desk.state(), { polls: false, remedy: said }));
        },
      )
      .finally(() => void (isOver = true));
    return {
      over: () => isOver,
      async stop() {
        scope.cancel();
        await running;
      },
    };
  }

  /** Those that were missed while nothing ran are one. */
  async #remind(step: StepNumber, since: number, sent: number): Promise<void> {
    const desk = this.#desk;
    const { awaited } = desk.state();
    if (awaited === null) return;
    const count = Math.max(sent + 1, remindersDue(this.#reminders, since, Date.now()));
    desk.change(changes.waitingOtherwise(desk.state(), { reminders: count }));
    const reminder = {
      ...this.#whoseOnly(),
      step,
      message: awaited.message,
      since: awaited.since,
      count,
      escalates: escalates(this.#reminders, since, Date.now()),
    };
    const summary = `reminder ${count} of step ${step}`;
    try {
      await patient.remindEnablement.executeWithOptions({ summary }, [reminder]);
    } catch (error) {
      if (isCancellation(error)) throw error;
      // The next one comes; nobody would see more of this one if the enablement failed for it.
      log.error('reminder not sent', { step, count, why: failure(error).message });
    }
  }

  #whoseOnly(): { enablement: string; tenant: string } {
    const { enablement, tenant } = this.#whose;
    return { enablement, tenant };
  }

  /**
   * Tells the database where the enablement stands, so that it can be read without Temporal. Answers whether the database
   * took it; what it did not is told with the next.
   */
  async record(): Promise<boolean> {
    const desk = this.#desk;
    const view = desk.view();
    const { events } = desk.state();
    try {
      await patient.recordEnablement.executeWithOptions({ summary: 'keep where it stands' }, [
        { enablement: this.#whose.enablement, view, events },
      ]);
    } catch (error) {
      if (isCancellation(error)) throw error;
      this.#isUnknown = failureType(error) === 'ENABLEMENT_UNKNOWN';
      desk.shows({ untold: failure(error).message });
      return false;
    }
    this.#toldOfWaiting = view.awaiting !== null;
    desk.change(changes.recorded(desk.state(), events));
    desk.shows({ untold: null });
    return true;
  }

  /** Tells the database of the end, which nobody would tell it later; not one that does not know this enablement. */
  async recordEnd(): Promise<void> {
    for (let pause = AGAIN; !(await this.record()) && !this.#isUnknown; pause = Math.min(2 * pause, RARELY)) {
      await sleep(pause, { summary: TOLD_AGAIN });
    }
  }

  /** Until messages have their answers, or another one came. */
  async settle(): Promise<void> {
    const desk = this.#desk;
    await condition(() => allHandlersFinished() || desk.heard());
    desk.listened();
  }
}

interface Poll {
  readonly over: () => boolean;
  readonly stop: () => Promise<void>;
}

interface Sent {
  readonly value: JsonObject;
  readonly note: string | null;
  readonly by: string | null;
  /** Why an answer is amended; null: it is the first. */
  readonly reason: string | null;
}

/** Nobody knows whether the database has it; the same once more does no harm. */
function unsettledText(
  decision: Decision,
  { message, remedy }: { readonly message: string; readonly remedy: string },
): string {
  const { step } = decision;
  const again = decision.kind === 'skip' ? {} : { ...messageOf(step, decision.value) };
  const more = decision.kind === 'answer' ? noteOf(decision) : { reason: decision.reason };
  return `step ${step}: ${message} ${remedy} It could not be taken for certain: send it again once that is mended, ${JSON.stringify({ step, ...again, ...more })}`;
}

const noteOf = ({ note }: { readonly note?: string | undefined }): JsonObject =>
  note === undefined ? {} : { note };

/** What happened and what to do, of a failed activity or workflow. */
function failure(error: unknown): { message: string; remedy: string } {
  return error instanceof ChildNotDone ? error : readable(error);
}
