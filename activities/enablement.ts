import { activityInfo } from '@temporalio/activity';
import { z } from 'zod';

import { RevsyncError } from '../src/domain/errors.ts';
import type { ChildResult, StepNumber, Turn, Verdict } from '../src/domain/enablement/step.ts';
import { stepOf } from '../src/domain/enablement/steps.ts';
import type { EnablementEvent, EnablementView } from '../src/domain/enablement/view.ts';
import { shortText } from '../src/domain/short-text.ts';
import { appendEvents, noticed } from '../src/store/enablement/events.ts';
import { keepAnswer } from '../src/store/enablement/keep-answer.ts';
import { openEnablement } from '../src/store/enablement/open-enablement.ts';
import { recordEnablement } from '../src/store/enablement/record-enablement.ts';
import { stepContext } from '../src/store/enablement/step-context.ts';
import { currentOwner } from './current-owner.ts';
import type { Dependencies } from './dependencies.ts';
import { sendNotice } from './enablement/send-notice.ts';
import type { StepWorks } from './enablement/works.ts';

const FIRST_POLL = 60_000;
const LONGEST_POLL = 600_000;
const LONGEST_WHY = 300;

const JsonValue = z.record(z.string(), z.json());

export interface EnablementRequest {
  readonly tenant?: string | undefined;
  readonly force: boolean;
  readonly by?: string | undefined;
}

/** A step of an enablement. */
export interface StepOf {
  readonly enablement: string;
  readonly step: StepNumber;
}

export interface GivenAnswer extends StepOf {
  readonly value: unknown;
  readonly by: string | null;
  readonly note: string | null;
  /** Why a step that was done is answered anew; null: it was asked. */
  readonly reason: string | null;
}

export interface Reminder extends StepOf {
  readonly tenant: string;
  readonly message: string;
  /** ISO, UTC: when the step began to wait. */
  readonly since: string;
  /** The how-manieth of this wait. */
  readonly count: number;
  readonly escalates: boolean;
}

/** What the workflow of the enablement has done: it decides nothing about a step itself. */
export function createEnablementActivities(deps: Dependencies, works: StepWorks) {
  const { db, tenant } = deps;
  const instant = () => new Date(deps.now()).toISOString();

  return {
    /**
     * Opens the tenant's enablement for this workflow; a retry answers the one that it opened.
     *
     * @throws RevsyncError `TENANT_UNKNOWN`, `ENABLEMENT_RUNNING`, `ENABLEMENT_LIVE`
     */
    async openEnablement({
      tenant: said,
      force,
      by,
    }: EnablementRequest): Promise<{ enablement: string; tenant: string }> {
      const request = {
        tenant: tenant.tenant,
        owner: currentOwner(),
        named: said === undefined ? null : nameOf(said),
        forced: force,
        by: by ?? null,
      };
      return { enablement: await openEnablement(db, request, deps.isOver), tenant: tenant.tenant };
    },

    /** Does what is due at a step, and says what comes next. */
    async advanceStep({
      enablement,
      step,
      runs,
    }: StepOf & { readonly runs: readonly ChildResult[] }): Promise<Turn> {
      return works[step].advance({ ...(await stepContext(db, enablement, step)), runs });
    },

    /** Ends once what the step waits for came by itself. Looks by retry, so that waiting costs no history. */
    async awaitStep({ enablement, step }: StepOf): Promise<void> {
      const context = { ...(await stepContext(db, enablement, step)), runs: [] };
      if ((await works[step].arrived?.(context)) !== true) throw notYet(step);
    },

    /** Takes an answer that fits, and keeps it as the step settles it; else says why not and what would do. */
    async takeAnswer({ enablement, step, value, by, note, reason }: GivenAnswer): Promise<Verdict> {
      const parsed = stepOf(step).answer.safeParse(value);
      if (!parsed.success) return misfit(step, parsed.error);
      const context = { ...(await stepContext(db, enablement, step)), by, note, runs: [] };
      const given = JsonValue.parse(parsed.data);
      const work = works[step];
      const refusal = await work.refusal?.(given, context);
      if (refusal != null) return { taken: false, ...refusal };
      const settled = JsonValue.parse((await work.settled?.(given, context)) ?? given);
      await keepAnswer(db, { enablement, step, value: settled, by, note, reason, at: instant() });
      return { taken: true };
    },

    /** Records where the enablement stands, for those who look without Temporal, and tells of its end. */
    async recordEnablement({
      enablement,
      view,
      events,
    }: {
      readonly enablement: string;
      readonly view: EnablementView;
      readonly events: readonly EnablementEvent[];
    }): Promise<void> {
      await recordEnablement(db, enablement, view, events);
      if (view.status !== 'completed' && view.status !== 'aborted') return;
      await sendNotice(deps, enablement, {
        event: view.status,
        step: null,
        title: `Enablement of ${tenant.tenant}: ${view.status}`,
        text: endText(view),
      });
    },

    /** Tells people that they are awaited. Noted also where no webhook is configured: the page counts reminders. */
    async remindEnablement(reminder: Reminder): Promise<{ sent: boolean }> {
      const { enablement, step, escalates } = reminder;
      const text = reminderText(reminder);
      const sent = await sendNotice(deps, enablement, {
        event: escalates ? 'escalation' : 'reminder',
        step,
        title: `Step ${step} of the enablement of ${tenant.tenant} waits: ${stepOf(step).title}`,
        text,
      });
      if (!sent) await noteUnsent(reminder, text);
      return { sent };
    },
  };

  /** The name that a tenant was started with, where it is not how it is known already. */
  function nameOf(said: string): string | null {
    const known = [tenant.tenant, ...(tenant.tenantName === null ? [] : [tenant.tenantName])];
    if (known.some((name) => name.toLowerCase() === said.toLowerCase())) return null;
    if (tenant.tenantName === null) return said;
    throw new RevsyncError(`This worker serves ${known.join(', ')}, and no tenant "${said}".`, {
      code: 'TENANT_UNKNOWN',
      fate: 'fix-input',
      remedy: `Start it with {} or {"tenant": "${tenant.tenant}"}; the worker of another tenant has a task queue of its own.`,
    });
  }

  async function noteUnsent({ enablement, step, escalates }: Reminder, text: string): Promise<void> {
    const kind = escalates ? 'escalated' : 'reminded';
    if ((await noticed(db, enablement, { step, kind, text })) !== null) return;
    const after = { sent: false };
    await appendEvents(db, enablement, [{ at: instant(), kind, step, by: null, text, after }]);
  }
}
export type EnablementActivities = ReturnType<typeof createEnablementActivities>;

const reminderText = ({ message, since, count }: Reminder): string =>
  `${message} Awaited since ${since}; reminder ${count}.`;

const endText = ({ steps, status }: EnablementView): string =>
  [
    status === 'completed'
      ? 'All steps are done.'
      : 'It was given up; what it did stays, and it may be started again.',
    ...steps.map(({ step, title, status: became, note }) => `${step} ${title}: ${became}. ${note}`.trim()),
  ].join('\n');

function misfit(step: StepNumber, error: z.ZodError): Verdict {
  const why = shortText(z.prettifyError(error).replace(/\s+/g, ' '), LONGEST_WHY);
  const { title, example } = stepOf(step);
  return { taken: false, refusal: `The value does not fit step ${step}, ${title}: ${why}`, value: example };
}

/** A wait, not an error. */
function notYet(step: StepNumber): RevsyncError {
  return new RevsyncError(`What step ${step} waits for is not there yet.`, {
    code: 'STEP_WAITS',
    fate: 'retry',
    retryAfter: Math.min(FIRST_POLL * 2 ** Math.min(activityInfo().attempt - 1, 10), LONGEST_POLL),
    remedy: 'Nothing to do here: it is looked at again.',
  });
}
