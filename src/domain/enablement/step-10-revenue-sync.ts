import { z } from 'zod';

import type { TemplateType } from '../mapping/transaction-template.ts';
import { plainText } from '../plain-text.ts';
import { cronMistake } from '../schedules/cron.ts';
import {
  goingOnText,
  namedSchedules,
  sentences,
  type StandingSchedule,
} from '../schedules/schedule-outcome.ts';
import { SYNC_LOOKUP } from '../settings/lookups.ts';
import { cutList, listed } from './cut-list.ts';
import { listedNames } from './listed-names.ts';
import type { Ready } from './ready.ts';
import type { Refusal } from './refusal.ts';
import { type ChildResult, defineStep, type JsonObject, type Turn } from './step.ts';
import { valueOf } from './value-of.ts';

export const Cron = plainText().trim().min(1).max(200);

export const RevenueSyncAnswer = z
  .strictObject({
    mode: z.enum(['instant-on', 'schedule', 'manual']),
    intervalSeconds: z.number().int().min(1).max(999_999).optional(),
    cron: Cron.optional(),
  })
  .refine(({ mode, intervalSeconds }) => mode === 'instant-on' || intervalSeconds === undefined, {
    path: ['intervalSeconds'],
    message: 'is for mode instant-on',
  })
  .refine(({ mode, cron }) => mode === 'schedule' || cron === undefined, {
    path: ['cron'],
    message: 'is for mode schedule',
  });
export type RevenueSyncAnswer = z.infer<typeof RevenueSyncAnswer>;

export const STEP_10 = defineStep<RevenueSyncAnswer>({
  step: 10,
  name: 'step-10-revenue-sync',
  title: 'Run the Revenue Sync',
  asks: 'The Revenue Sync runs regularly: by itself with Instant On, which needs Zuora Revenue 37.007.00.00 or later, by a schedule, or by hand.',
  kind: 'human',
  condition: null,
  reads: 'The version of step 1, the entities with their templates, and the runs that they have had.',
  does: 'Does the first Revenue Sync of every entity, shows its balance, and configures Instant On; loops and schedules begin with step 11.',
  evidence: 'The runs with their balances, and what starts the next ones.',
  gates: [6],
  skip: { legal: false, why: 'nothing is collected without it; {"mode": "manual"} leaves later runs to you' },
  final: null,
  // How collections are started depends on how syncs are.
  again: [11],
  answer: RevenueSyncAnswer,
  example: { mode: 'instant-on', intervalSeconds: 30 },
});

/** The first version of Zuora Revenue that has Instant On, as the source says. */
const INSTANT_ON_SINCE = '37.007.00.00';
/** Between runs, where nobody says otherwise (domain.md 5.1). */
const USUAL_SECONDS = 30;

/** An entity, and what its first run depends on. */
export interface SyncFacts {
  readonly entity: string;
  /** Transaction types that it has to process and has no default template of. */
  readonly lacking: readonly TemplateType[];
  /** Its newest completed run over its standing window; null: none yet. */
  readonly run: string | null;
}

export interface RevenueSyncFacts {
  /** Of Zuora Revenue, as step 1 was told; null: it was not. */
  readonly version: string | null;
  readonly entities: readonly SyncFacts[];
}

/** The balance of a run in few words; counts are exact text. */
export interface RunBalance {
  readonly entity: string;
  readonly run: string;
  readonly balanced: boolean;
  /** Lines that it formed, by type. */
  readonly lines: Readonly<Record<string, string>>;
  /** Rows of Billing whose lines are held. */
  readonly held: string;
}

const syncId = (entity: string): string => `revenue-sync/${entity}`;

/** The version of an answer of step 1. Versions are written with all their zeros, so text compares as they do. */
export const revenueVersionOf = (answer: JsonObject | undefined): string | null =>
  typeof answer?.['revenueVersion'] === 'string' ? answer['revenueVersion'] : null;

const hasInstantOn = (version: string | null): boolean => version !== null && version >= INSTANT_ON_SINCE;

const proposal = (version: string | null): RevenueSyncAnswer =>
  hasInstantOn(version) ? { mode: 'instant-on', intervalSeconds: USUAL_SECONDS } : { mode: 'schedule' };

/** What comes next, up to the first runs; then what starts the next ones is configured. */
export function revenueSyncTurn(
  facts: RevenueSyncFacts,
  answer: RevenueSyncAnswer | null,
  runs: readonly ChildResult[],
): Turn | Ready<RevenueSyncAnswer> {
  if (answer === null) return askForMode(facts);
  const refusal = revenueSyncRefusal(facts, answer);
  if (refusal !== null) return { ...askForMode(facts), message: refusal.refusal, value: refusal.value };
  const done = new Set(runs.map(({ id }) => id));
  // One that had a run before this enablement, or before its answer was amended, needs no first one.
  const due = facts.entities.filter(({ entity, run }) => run === null && !done.has(syncId(entity)));
  if (due.length === 0) return { kind: 'ready', answer };
  return {
    kind: 'work',
    note: `The first Revenue Sync of ${listedNames(due.map(({ entity }) => entity))}.`,
    work: due.map(({ entity }) => ({
      workflow: 'revenueSync',
      id: syncId(entity),
      // What it formed is looked at before it is collected, in step 11.
      input: { entity, collect: false },
      summary: `First Revenue Sync of ${entity}`,
    })),
  };
}

function askForMode({ version, entities }: RevenueSyncFacts): Extract<Turn, { kind: 'ask' }> {
  const value = proposal(version);
  const first = entities.filter(({ run }) => run === null).length;
  return {
    kind: 'ask',
    message: `How is the Revenue Sync to run from now on: by Instant On, by a schedule, or by hand? ${
      first === 0
        ? 'Every entity has had its first run.'
        : `The first run of ${first === 1 ? 'the entity' : `${first} entities`} follows your answer; nothing is collected before step 11.`
    }`,
    remedy: `${versionText(version)} "schedule" runs it every morning, or by "cron" in the time zone of the entity; with "manual", run \`revsync sync run\` yourself.`,
    value: valueOf(value),
    polls: false,
  };
}

const versionText = (version: string | null): string =>
  hasInstantOn(version)
    ? `"instant-on" runs it again and again, "intervalSeconds" after each run.`
    : `Instant On needs Zuora Revenue ${INSTANT_ON_SINCE} or later, and step 1 says ${version ?? 'no version'}.`;

/** Why an answer cannot be taken; null: it can. */
export function revenueSyncRefusal(facts: RevenueSyncFacts, answer: RevenueSyncAnswer): Refusal | null {
  const { version, entities } = facts;
  if (answer.mode === 'instant-on' && !hasInstantOn(version)) {
    return {
      refusal: `${versionText(version)} Choose "schedule" or "manual", or amend step 1 if the version is another.`,
      value: { mode: 'schedule' },
    };
  }
  const wrong = answer.cron === undefined ? null : cronMistake(answer.cron);
  if (wrong !== null)
    return { refusal: cronRefusal(wrong), value: valueOf({ ...answer, cron: CRON_EXAMPLE }) };
  const lacking = entities.filter((each) => each.lacking.length > 0);
  if (lacking.length === 0) return null;
  const named = lacking.map(({ entity, lacking: types }) => `${entity} for ${types.join(', ')}`);
  return {
    refusal: `There is no default template of ${listedNames(named)}. Load and freeze one with \`revsync template load\` and \`revsync template freeze --default\`, then answer again.`,
    value: valueOf(answer),
  };
}

export const CRON_EXAMPLE = '30 5 * * *';
/** Of an expression that Temporal would not take. */
export const cronRefusal = (wrong: string): string =>
  `The cron expression is none: ${wrong}. It is minute, hour, day of the month, month and day of the week.`;

/** A profile or a code of a lookup, as a step sets it. */
export interface Configured {
  readonly name: string;
  readonly code: string | null;
  readonly value: string;
}

/** The settings that follow from the answer. */
export function syncSettings({ mode, intervalSeconds }: RevenueSyncAnswer): readonly Configured[] {
  return [
    { name: 'AUTO_REVENUESYNC', code: null, value: mode === 'instant-on' ? 'Yes' : 'No' },
    ...(intervalSeconds === undefined
      ? []
      : [{ name: SYNC_LOOKUP, code: 'RevenueSync_Duration', value: String(intervalSeconds) }]),
  ];
}

/** The run that an entity shows: the first one, which this step has had done, else its newest. */
export const runsToShow = (entities: readonly SyncFacts[], runs: readonly ChildResult[]): string[] =>
  entities.flatMap(({ entity, run }) => {
    const told = runs.find(({ id }) => id === syncId(entity))?.told['run'];
    return typeof told === 'string' ? [told] : run === null ? [] : [run];
  });

/** The end of the step. `standing` are the schedules of Revenue Syncs that are there already. */
export function revenueSyncDone(
  answer: RevenueSyncAnswer,
  balances: readonly RunBalance[],
  standing: readonly StandingSchedule[] = [],
): Turn {
  const unequal = balances.filter(({ balanced }) => !balanced);
  const proven =
    unequal.length === 0
      ? 'and every row that was extracted is accounted for'
      : `but the balance of ${listedNames(unequal.map(({ entity }) => entity))} is not equal`;
  const entities = listedNames(balances.map(({ entity }) => entity));
  return {
    kind: 'done',
    note: `The first Revenue Sync of ${entities} is done, ${proven}. ${onward(answer, standing)}`,
    evidence: {
      mode: answer.mode,
      settings: Object.fromEntries(
        syncSettings(answer).map(({ name, code, value }) => [code ?? name, value]),
      ),
      ...listed('runs', cutList(balances.map(balanceText), { characters: 2_700 })),
      ...(standing.length === 0
        ? {}
        : listed('schedulesThere', cutList(standing.map(standingText), { characters: 600 }))),
    },
  };
}

const balanceText = ({ entity, run, balanced, lines, held }: RunBalance): JsonObject => ({
  entity,
  run,
  balanced,
  lines,
  held,
});

const standingText = ({ id, when, paused }: StandingSchedule): JsonObject => ({ id, when, paused });

function onward({ mode, cron }: RevenueSyncAnswer, standing: readonly StandingSchedule[]): string {
  switch (mode) {
    case 'instant-on':
      return sentences([
        'Instant On is configured; its loops are started at the end of step 11.',
        goingOnText(standing),
      ]);
    case 'schedule':
      return sentences([
        `Its schedules (${cron ?? 'every morning'}) are made at the end of step 11.`,
        thereText(cron, standing),
        LOOPS_REST,
      ]);
    case 'manual':
      return sentences(['Later runs are yours: `revsync sync run`.', goingOnText(standing), LOOPS_REST]);
  }
}

/** What becomes of schedules that are there already. */
function thereText(cron: string | undefined, standing: readonly StandingSchedule[]): string {
  if (standing.length === 0) return '';
  const becomes =
    cron === undefined
      ? 'and stay as they are'
      : 'and get these times then; those that are paused stay paused';
  return `There already, ${becomes}: ${namedSchedules(standing)}.`;
}

const LOOPS_REST =
  'AUTO_REVENUESYNC is No: a loop of Instant On that is there starts no more runs; end it with `revsync instant-on abort`.';
