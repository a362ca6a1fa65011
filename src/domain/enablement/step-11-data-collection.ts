import { z } from 'zod';

import { RevsyncError } from '../errors.ts';
import { cronMistake } from '../schedules/cron.ts';
import type { ScheduleKind } from '../schedules/definitions.ts';
import {
  foundText,
  goingOnText,
  type ScheduleOutcome,
  sentences,
  type StandingSchedule,
} from '../schedules/schedule-outcome.ts';
import { SYNC_LOOKUP } from '../settings/lookups.ts';
import { cutList, listed } from './cut-list.ts';
import { listedNames } from './listed-names.ts';
import type { Ready } from './ready.ts';
import type { Refusal } from './refusal.ts';
import { type ChildResult, defineStep, type JsonObject, type Turn } from './step.ts';
import { ExchangeRatesAnswer } from './step-08-exchange-rates.ts';
import {
  type Configured,
  Cron,
  CRON_EXAMPLE,
  cronRefusal,
  RevenueSyncAnswer,
  syncSettings,
} from './step-10-revenue-sync.ts';
import { valueOf } from './value-of.ts';

export const DataCollectionAnswer = z
  .strictObject({ mode: z.enum(['auto-collect', 'schedule', 'manual']), cron: Cron.optional() })
  .refine(({ mode, cron }) => mode === 'schedule' || cron === undefined, {
    path: ['cron'],
    message: 'is for mode schedule',
  });
export type DataCollectionAnswer = z.infer<typeof DataCollectionAnswer>;

export const STEP_11 = defineStep<DataCollectionAnswer>({
  step: 11,
  name: 'step-11-data-collection',
  title: 'Run the Data Collection',
  asks: 'The Data Collection runs regularly: after every sync of Instant On with Auto_Collect Y, by a schedule, or by hand.',
  kind: 'human',
  condition: null,
  reads: 'How the Revenue Sync runs, and the default grouping template of every organisation.',
  does: 'Does the first Data Collection of every organisation, and starts what goes on by itself.',
  evidence: 'The collections with their counts, and the loops and schedules that go on.',
  gates: [10],
  skip: {
    legal: false,
    why: 'lines become revenue contracts here; {"mode": "manual"} leaves later collections to you',
  },
  final: null,
  again: [],
  answer: DataCollectionAnswer,
  example: { mode: 'auto-collect' },
});

/** What was answered before, as far as this step goes on from it. */
export interface Before {
  /** Of step 10. */
  readonly sync: RevenueSyncAnswer | null;
  /** Of step 8; null: it did not apply, or was skipped. */
  readonly rates: ExchangeRatesAnswer | null;
}

export const answersBefore = (answers: Readonly<Record<number, JsonObject | undefined>>): Before => ({
  sync: RevenueSyncAnswer.safeParse(answers[10]).data ?? null,
  rates: ExchangeRatesAnswer.safeParse(answers[8]).data ?? null,
});

const collectionId = (org: string): string => `data-collection/${org}`;

/**
 * Collections group by the default template of their organisation.
 *
 * @param without organisations that have none
 * @throws RevsyncError `GROUPING_TEMPLATE_MISSING`
 */
export function requireGrouping(without: readonly string[]): void {
  if (without.length === 0) return;
  throw new RevsyncError(`No grouping template is the default for ${listedNames(without)}.`, {
    code: 'GROUPING_TEMPLATE_MISSING',
    fate: 'fix-input',
    remedy:
      'Make one the default with `revsync grouping default NAME`; `revsync grouping list` shows those there are. Then send `retry`.',
  });
}

/** What comes next, up to the first collections; then what goes on by itself is started. */
export function dataCollectionTurn(
  { sync }: Before,
  orgs: readonly string[],
  answer: DataCollectionAnswer | null,
  runs: readonly ChildResult[],
): Turn | Ready<DataCollectionAnswer> {
  if (answer === null) return askForMode(sync);
  const refusal = dataCollectionRefusal({ sync }, answer);
  if (refusal !== null) return { ...askForMode(sync), message: refusal.refusal, value: refusal.value };
  const done = new Set(runs.map(({ id }) => id));
  const due = orgs.filter((org) => !done.has(collectionId(org)));
  if (due.length === 0) return { kind: 'ready', answer };
  return {
    kind: 'work',
    note: `The first Data Collection of ${listedNames(due)}.`,
    work: due.map((org) => ({
      workflow: 'dataCollection',
      id: collectionId(org),
      input: { org },
      summary: `First Data Collection of ${org}`,
    })),
  };
}

const isInstant = (sync: RevenueSyncAnswer | null): boolean => sync?.mode === 'instant-on';

function proposal(sync: RevenueSyncAnswer | null): DataCollectionAnswer {
  if (isInstant(sync)) return { mode: 'auto-collect' };
  return { mode: sync?.mode === 'schedule' ? 'schedule' : 'manual' };
}

function askForMode(sync: RevenueSyncAnswer | null): Extract<Turn, { kind: 'ask' }> {
  return {
    kind: 'ask',
    message:
      'How is the Data Collection to run from now on: after every sync of Instant On, by a schedule, or by hand? The first one follows your answer; it groups the lines of step 10 into revenue contracts.',
    remedy: `${autoCollectText(sync)} "schedule" runs it every morning after the sync, or by "cron" in the time zone of the organisation; with "manual", run \`revsync collect run\` yourself.`,
    value: valueOf(proposal(sync)),
    polls: false,
  };
}

const autoCollectText = (sync: RevenueSyncAnswer | null): string =>
  isInstant(sync)
    ? '"auto-collect" sets Auto_Collect to Y, so that each sync ends with it.'
    : `"auto-collect" goes with Instant On, and step 10 says ${sync?.mode ?? 'nothing of it'}.`;

/** Why an answer cannot be taken; null: it can. */
export function dataCollectionRefusal(
  { sync }: Pick<Before, 'sync'>,
  answer: DataCollectionAnswer,
): Refusal | null {
  if (answer.mode === 'auto-collect' && !isInstant(sync)) {
    return {
      refusal: `${autoCollectText(sync)} Choose "schedule" or "manual", or amend step 10 first.`,
      value: valueOf(proposal(sync)),
    };
  }
  const wrong = answer.cron === undefined ? null : cronMistake(answer.cron);
  return wrong === null
    ? null
    : { refusal: cronRefusal(wrong), value: valueOf({ ...answer, cron: CRON_EXAMPLE }) };
}

/** The settings that follow from both answers: those of step 10 may have been set otherwise since. */
export const collectionSettings = (
  { sync }: Pick<Before, 'sync'>,
  { mode }: DataCollectionAnswer,
): readonly Configured[] => [
  ...(sync === null ? [] : syncSettings(sync)),
  { name: SYNC_LOOKUP, code: 'Auto_Collect', value: mode === 'auto-collect' ? 'Y' : 'N' },
];

/** The schedules that are made sure of, kind by kind, and when they run where somebody said so. */
export function wantedKinds(
  { sync, rates }: Before,
  { mode, cron }: DataCollectionAnswer,
): readonly { readonly kind: ScheduleKind; readonly cron: string | undefined }[] {
  return [
    // The first sync may have brought currencies that step 8 did not know.
    ...(rates?.schedule === 'daily' ? [{ kind: 'exchange-rate-sync' as const, cron: undefined }] : []),
    ...(sync?.mode === 'schedule' ? [{ kind: 'revenue-sync' as const, cron: sync.cron }] : []),
    ...(mode === 'schedule' ? [{ kind: 'data-collection' as const, cron }] : []),
  ];
}

/** Whether each entity has a loop of Instant On from now on. */
export const startsLoops = ({ sync }: Pick<Before, 'sync'>): boolean => isInstant(sync);

/** What was started, or found running. */
export interface Onward {
  /** Entities whose loops run, and the seconds between their runs. */
  readonly loops: readonly string[];
  readonly seconds: string;
  readonly schedules: readonly ScheduleOutcome[];
  /** Schedules that are there and that nobody asked for. */
  readonly others: readonly StandingSchedule[];
}

/** The end of the enablement: what was collected, and what goes on by itself. */
export function dataCollectionDone(
  before: Before,
  answer: DataCollectionAnswer,
  runs: readonly ChildResult[],
  onward: Onward,
): Turn {
  const collections = runs.map(collectionOf);
  const sum = (name: keyof Counts): string =>
    String(collections.reduce((total, each) => total + BigInt(each[name]), 0n));
  return {
    kind: 'done',
    note: `${collectedText(sum)}; ${sum('waiting')} wait, ${sum('stopped')} are held or stopped. ${goesOnText(before, answer, onward)}`,
    evidence: {
      mode: answer.mode,
      ...listed('collections', cutList(collections, { characters: 1_600 })),
      ...listed('goesOn', cutList(goesOn(answer, onward), { characters: 2_000 })),
    },
  };
}

/** Done again after an amendment, it finds collected what it collected before. */
const collectedText = (sum: (name: keyof Counts) => string): string =>
  sum('collected') === '0'
    ? 'Nothing more was to be collected'
    : `${sum('collected')} lines are collected into ${sum('contracts')} revenue contracts`;

const COUNTS = ['contracts', 'collected', 'waiting', 'stopped'] as const;
type Counts = Record<(typeof COUNTS)[number], string>;

function collectionOf({ id, told }: ChildResult): Counts & { readonly org: string } {
  const count = (name: string): string => {
    const said = told[name];
    return typeof said === 'string' && /^\d+$/.test(said) ? said : '0';
  };
  return {
    org: id.slice(collectionId('').length),
    contracts: count('contracts'),
    collected: count('collected'),
    waiting: count('waiting'),
    stopped: count('stopped'),
  };
}

function goesOnText({ sync }: Before, { mode }: DataCollectionAnswer, onward: Onward): string {
  const { schedules, others } = onward;
  const rates = schedules.filter(({ id, action }) => isThere(action) && id.startsWith('exchange-rate'));
  const isDaily = rates.length > 0 && rates.every(({ found }) => found?.otherwise !== true);
  return sentences([
    syncText(sync, onward),
    {
      'auto-collect': 'Each sync collects.',
      schedule: runsText('The Data Collection', 'data-collection/', schedules),
      manual: 'Collect with `revsync collect run`.',
    }[mode],
    isDaily ? 'Exchange rates are synced every day.' : '',
    foundText(schedules),
    goingOnText(others),
  ]);
}

/** That it runs by its schedules, unless all of them are paused. */
function runsText(what: string, prefix: string, schedules: readonly ScheduleOutcome[]): string {
  const own = schedules.filter(({ id, action }) => isThere(action) && id.startsWith(prefix));
  return own.length > 0 && own.every(({ found }) => found?.paused === true)
    ? `${what} does not run by itself: its schedules are paused.`
    : `${what} runs by its schedules.`;
}

function syncText(sync: RevenueSyncAnswer | null, { loops, seconds, schedules }: Onward): string {
  switch (sync?.mode ?? 'manual') {
    case 'instant-on':
      return `Instant On syncs ${listedNames(loops)} again ${seconds} seconds after each run.`;
    case 'schedule':
      return runsText('The Revenue Sync', 'revenue-sync/', schedules);
    case 'manual':
      return 'Sync with `revsync sync run`.';
  }
}

const isThere = (action: ScheduleOutcome['action']): boolean => action !== 'not-needed';

const goesOn = ({ mode }: DataCollectionAnswer, { loops, seconds, schedules, others }: Onward) => [
  ...loops.map((entity) => ({
    id: `instant-on/${entity}`,
    when: `${seconds} seconds after each run${mode === 'auto-collect' ? ', which ends with Data Collection' : ''}`,
  })),
  ...schedules.filter(({ action }) => isThere(action)).map(({ id, note }) => ({ id, when: note })),
  ...others.filter(({ paused }) => !paused).map(({ id, when }) => ({ id, when })),
];
