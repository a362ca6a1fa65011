import { z } from 'zod';

import { ratesWanted } from '../rates/rates-wanted.ts';
import {
  foundText,
  goingOnText,
  type ScheduleOutcome,
  sentences,
  type StandingSchedule,
} from '../schedules/schedule-outcome.ts';
import { cutList, listed } from './cut-list.ts';
import { listedNames } from './listed-names.ts';
import type { Ready } from './ready.ts';
import { type ChildResult, defineStep, type JsonObject, type Turn } from './step.ts';

export const ExchangeRatesAnswer = z.strictObject({ schedule: z.enum(['daily', 'off']) });
export type ExchangeRatesAnswer = z.infer<typeof ExchangeRatesAnswer>;

export const STEP_08 = defineStep<ExchangeRatesAnswer>({
  step: 8,
  name: 'step-08-exchange-rates',
  title: 'Sync exchange rates',
  asks: 'With transactions in several currencies, exchange rates are synced from Billing regularly, so that both systems agree.',
  kind: 'human',
  condition: 'More than one currency is in use.',
  reads: 'The currencies of accounts, the home currencies and the reporting currency.',
  does: 'Runs the first exchange rate sync of every entity that needs one, and makes the daily schedule where it is wanted.',
  evidence: 'The currencies, the runs and the schedules.',
  gates: [],
  skip: { legal: true, why: 'billing lines without a rate are held until rates are synced' },
  final: null,
  again: [],
  answer: ExchangeRatesAnswer,
  example: { schedule: 'daily' },
});

/** The currencies of an entity. */
export interface EntityCurrencies {
  readonly entity: string;
  readonly home: string | null;
  readonly inUse: readonly string[];
}

/** What decides whether rates are wanted, and whose. */
export interface RatesFacts {
  readonly entities: readonly EntityCurrencies[];
  /** Profile REPORTING_CURRENCY. */
  readonly reporting: string | null;
}

const rateSyncId = (entity: string): string => `exchange-rate-sync/${entity}`;

/** What comes next, up to the runs; then the schedules do. */
export function exchangeRatesTurn(
  facts: RatesFacts,
  answer: ExchangeRatesAnswer | null,
  runs: readonly ChildResult[],
): Turn | Ready<ExchangeRatesAnswer> {
  const converting = convertingEntities(facts);
  if (converting.length === 0) {
    return { kind: 'not-applicable', note: whyNoRates(facts), evidence: currenciesOf(facts) };
  }
  if (answer === null) return askForSchedule(facts, converting);
  const done = new Set(runs.map(({ id }) => id));
  const due = converting.filter((entity) => !done.has(rateSyncId(entity)));
  if (due.length === 0) return { kind: 'ready', answer };
  return {
    kind: 'work',
    note: `The first exchange rate sync of ${listedNames(due)}.`,
    work: due.map((entity) => ({
      workflow: 'exchangeRateSync',
      id: rateSyncId(entity),
      input: { entity },
      summary: `Exchange rates of ${entity}`,
    })),
  };
}

/**
 * The end of the step. `schedules` are those that were made sure of; none where they are off, and `standing` those that
 * are there all the same.
 */
export function exchangeRatesDone(
  facts: RatesFacts,
  { schedule }: ExchangeRatesAnswer,
  runs: readonly ChildResult[],
  schedules: readonly ScheduleOutcome[],
  standing: readonly StandingSchedule[] = [],
): Turn {
  const synced = syncedText(convertingEntities(facts), runs);
  const onward =
    schedule === 'daily' ? dailyText(schedules) : sentences(['No schedule is made.', goingOnText(standing)]);
  const kept = [...schedules.map(scheduleText), ...standing.map(standingText)];
  return {
    kind: 'done',
    note: sentences([synced, onward]),
    evidence: {
      ...currenciesOf(facts),
      ...listed('runs', cutList(tellingFirst(runs).map(rateRun), { characters: 1_200 })),
      ...listed('schedules', cutList(kept, { characters: 1_200 })),
    },
  };
}

const MOST_TOLD = 3;

/** Whose rates came, and what the runs of the others tell: a currency without any rate is not synced. */
function syncedText(entities: readonly string[], runs: readonly ChildResult[]): string {
  const telling = entities.flatMap((entity) => {
    const run = runs.findLast(({ id }) => id === rateSyncId(entity));
    const note = run === undefined ? '' : noteOf(run);
    return note === '' ? [] : [{ entity, note }];
  });
  const without = new Set(telling.map(({ entity }) => entity));
  const whole = entities.filter((entity) => !without.has(entity));
  const more = telling.slice(MOST_TOLD).map(({ entity }) => entity);
  return sentences([
    whole.length === 0 ? '' : `Exchange rates of ${listedNames(whole)} are synced.`,
    ...telling.slice(0, MOST_TOLD).map(({ entity, note }) => `The sync of ${entity} tells: ${note}`),
    more.length === 0 ? '' : `So do those of ${listedNames(more)}: see their runs.`,
    telling.length === 0 ? '' : 'Lines without a rate are held.',
  ]);
}

/** Whether all run every day is said only where it is so. */
function dailyText(schedules: readonly ScheduleOutcome[]): string {
  const found = foundText(schedules);
  return found === ''
    ? 'Rates are synced every day from now on, by the schedule exchange-rate-sync of each entity.'
    : `Each entity that needs rates has a schedule exchange-rate-sync. ${found}`;
}

const wantedOf = ({ home, inUse }: EntityCurrencies, reporting: string | null) =>
  ratesWanted({ home, reporting, inUse, chosen: undefined });

const convertingEntities = ({ entities, reporting }: RatesFacts): string[] =>
  entities.filter((each) => wantedOf(each, reporting).wanted.length > 0).map(({ entity }) => entity);

function whyNoRates({ entities, reporting }: RatesFacts): string {
  if (entities.every(({ home }) => home === null) && reporting === null) {
    return 'Currency Conversion is off in Billing, and there is no reporting currency: the currency of the invoice is the functional one, so no rate is needed.';
  }
  const notes = new Set(entities.map((each) => wantedOf(each, reporting).note));
  return `Only one currency is in use. ${listedNames([...notes].map((note) => note.replace(/\.$/, '')))}.`;
}

function askForSchedule(facts: RatesFacts, converting: readonly string[]): Turn {
  const currencies = new Set(
    facts.entities
      .filter(({ entity }) => converting.includes(entity))
      .flatMap((each) => wantedOf(each, facts.reporting).wanted)
      .flatMap(({ base, currencies: others }) => [base, ...others]),
  );
  return {
    kind: 'ask',
    message: `Several currencies are in use in ${listedNames(converting)}: ${listedNames([...currencies].toSorted(), 8)}. Exchange rates are synced once now; are they to be synced every day?`,
    remedy:
      'Answer "daily" to have a schedule made that syncs them every morning in the time zone of the entity, or "off" to run `revsync rates run` yourself. Lines without a rate are held.',
    value: { schedule: 'daily' },
    polls: false,
  };
}

const currenciesOf = ({ entities, reporting }: RatesFacts): JsonObject => ({
  reportingCurrency: reporting,
  ...listed(
    'currencies',
    cutList(
      entities.map(({ entity, home, inUse }) => ({ entity, home, inUse: inUse.slice(0, MOST_CURRENCIES) })),
      { characters: 1_200 },
    ),
  ),
});
const MOST_CURRENCIES = 20;

const rateRun = ({ id, outcome, told }: ChildResult): JsonObject => ({
  run: id,
  outcome,
  note: noteOf({ told }),
});

/** What a run tells beside its counts; empty where all is as usual. One that is too long to be passed on is not told here. */
const noteOf = ({ told }: Pick<ChildResult, 'told'>): string =>
  typeof told['note'] === 'string' ? told['note'] : 'More than fits here: see its run.';

const tellingFirst = (runs: readonly ChildResult[]): ChildResult[] =>
  runs.toSorted((one, other) => Number(noteOf(one) === '') - Number(noteOf(other) === ''));

const standingText = ({ id, when, paused }: StandingSchedule): JsonObject => ({
  id,
  action: paused ? 'paused' : 'goes-on',
  note: when,
});

const scheduleText = ({ id, action, note }: ScheduleOutcome): JsonObject => ({ id, action, note });
