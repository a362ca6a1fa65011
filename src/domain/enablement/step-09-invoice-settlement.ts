import { z } from 'zod';

import { daysLater } from '../rates/days.ts';
import { cutList, listed } from './cut-list.ts';
import { listedNames } from './listed-names.ts';
import type { Ready } from './ready.ts';
import type { Refusal } from './refusal.ts';
import { defineStep, type JsonObject, type Turn } from './step.ts';

export const InvoiceSettlementAnswer = z.strictObject({
  approve: z.literal(true),
  /** The first day on which memos count instead of adjustments, YYYY-MM-DD. */
  switchDate: z.iso.date().optional(),
});
export type InvoiceSettlementAnswer = z.infer<typeof InvoiceSettlementAnswer>;

export const STEP_09 = defineStep<InvoiceSettlementAnswer>({
  step: 9,
  name: 'step-09-invoice-settlement',
  title: 'Switch over to Invoice Settlement',
  asks: 'Where Invoice Settlement came after credits were made by invoice item adjustments, a one-off configuration brings historical memos.',
  kind: 'human',
  condition:
    'Invoice Settlement is on in Billing, and there are invoice item adjustments from the time before it.',
  reads: 'Whether Billing has memos, and the adjustments that were read.',
  does: 'Runs the Invoice Settlement backfill, which brings historical memos in chunks and proves that all are there.',
  evidence: 'What the backfill brought, entity by entity, and its proof.',
  gates: [],
  skip: { legal: true, why: 'historical memos stay out until `revsync backfill run`' },
  final: 'memos that took over from adjustments are never given back',
  again: [],
  answer: InvoiceSettlementAnswer,
  example: { approve: true },
});

/** What is known of an entity and its way to Invoice Settlement. */
export interface SettlementFacts {
  readonly entity: string;
  /** Whether it is on in Billing, as its settings were read; null: they did not tell. */
  readonly on: boolean | null;
  /** The day of the last adjustment in pre-staging; null: there is none. */
  readonly lastAdjustment: string | null;
  /** Whether a run has found memos; null before the first. */
  readonly settled: boolean | null;
  /** The day from which memos count, once it is kept. */
  readonly switchDate: string | null;
  readonly hasRuns: boolean;
  readonly backfill: 'open' | 'done' | null;
}

/** Where the switch-over of an entity stands, as evidence keeps it; counts are exact text. */
export interface SettlementOutcome {
  readonly entity: string;
  readonly state: string;
  readonly switchDate: string | null;
  readonly chunks: string;
  readonly memos: string;
  readonly differences: string;
}

/**
 * How an entity is concerned. `history`: memos have to be brought. `date`: nothing was read yet, and a day may be kept
 * from which memos count. `kept`: that day is kept. `done`: it is switched over. `no`: adjustments have no part in it.
 */
type Concern = 'history' | 'date' | 'kept' | 'done' | 'no';

/** As `checkSettlement` decides what is due, but for entities without adjustments: memos come to these by any sync. */
function concernOf(facts: SettlementFacts): Concern {
  const { on, lastAdjustment, settled, switchDate, hasRuns, backfill } = facts;
  if (backfill === 'done') return 'done';
  if (backfill === 'open') return 'history';
  if (on !== true || lastAdjustment === null) return 'no';
  if (settled === true && switchDate === null) return 'no';
  if (hasRuns) return 'history';
  return settled === true ? 'kept' : 'date';
}

const having = (entities: readonly SettlementFacts[], ...concerns: readonly Concern[]): SettlementFacts[] =>
  entities.filter((each) => concerns.includes(concernOf(each)));

/** What comes next, up to the backfill; ready once it is done, or where there is nothing for it to do. */
export function settlementTurn(
  tenant: string,
  entities: readonly SettlementFacts[],
  answer: InvoiceSettlementAnswer | null,
): Turn | Ready<InvoiceSettlementAnswer> {
  const open = having(entities, 'history', 'date');
  if (answer === null) return open.length > 0 ? askForSwitch(open) : notApplicable(entities);
  if (entities.every((each) => concernOf(each) === 'no')) return notApplicable(entities);
  const due = having(entities, 'history', ...(answer.switchDate === undefined ? [] : ['date' as const]));
  if (due.length === 0) return { kind: 'ready', answer };
  return {
    kind: 'work',
    note: `The Invoice Settlement backfill of ${namesOf(due)}.`,
    work: backfillsOf(tenant, entities, due, answer),
  };
}

/**
 * One backfill over all entities where none of them would hold it up: one without Invoice Settlement would, and one
 * whose day is another. Else one for each that is due.
 */
function backfillsOf(
  tenant: string,
  entities: readonly SettlementFacts[],
  due: readonly SettlementFacts[],
  { switchDate }: InvoiceSettlementAnswer,
): Extract<Turn, { kind: 'work' }>['work'] {
  const id = `invoice-settlement-backfill/${tenant}`;
  const dated = switchDate === undefined ? {} : { switchDate };
  const workflow = 'invoiceSettlementBackfill';
  const goesThrough = entities.every(
    (each) => each.on === true && (switchDate === undefined || mayTake(each, switchDate)),
  );
  if (goesThrough) {
    return [{ workflow, id, input: dated, summary: `Invoice Settlement backfill of ${tenant}` }];
  }
  return due.map((each) => ({
    workflow,
    id: `${id}/${each.entity}`,
    input: {
      entity: each.entity,
      ...(switchDate !== undefined && mayTake(each, switchDate) ? dated : {}),
    },
    summary: `Invoice Settlement backfill of ${each.entity}`,
  }));
}

/** A day that is kept stays. */
const mayTake = (facts: SettlementFacts, asked: string): boolean =>
  facts.settled !== true || facts.switchDate === asked;

/** Refuses a day that no entity could take. */
export function settlementRefusal(
  entities: readonly SettlementFacts[],
  { switchDate }: InvoiceSettlementAnswer,
): Refusal | null {
  const due = having(entities, 'history', 'date', 'kept', 'done');
  if (switchDate === undefined || due.length === 0 || due.some((each) => mayTake(each, switchDate))) {
    return null;
  }
  const kept = due.map(
    ({ entity, switchDate: since }) => `those of ${entity} since ${since ?? 'its first run'}`,
  );
  return {
    refusal: `Memos count already, ${listedNames(kept)}: lines were formed by that day, so it stays. Leave switchDate out.`,
    value: { approve: true },
  };
}

/** The end of the step, with what the database says of the switch-over. */
export function settlementDone(
  entities: readonly SettlementFacts[],
  outcomes: readonly SettlementOutcome[],
): Turn {
  const switched = having(entities, 'done');
  const kept = having(entities, 'kept');
  const undated = having(entities, 'date');
  const sentences = [
    ...(switched.length > 0 ? [`The history of memos of ${namesOf(switched)} is brought and proven.`] : []),
    ...(kept.length > 0
      ? [
          `Memos of ${namesOf(kept)} count from ${listedNames(daysOf(kept))} on, and adjustments before; the first sync brings both.`,
        ]
      : []),
    ...(undated.length > 0
      ? [
          `No switch date is kept for ${namesOf(undated)}: from the first sync on memos count, and no adjustment does.`,
        ]
      : []),
  ];
  return {
    kind: 'done',
    note: sentences.join(' '),
    evidence: { ...listed('entities', cutList(outcomes.map(outcomeText), { characters: 3_500 })) },
  };
}

const outcomeText = ({
  entity,
  state,
  switchDate,
  chunks,
  memos,
  differences,
}: SettlementOutcome): JsonObject => ({
  entity,
  state,
  switchDate,
  chunks,
  memos,
  differences,
});

function notApplicable(entities: readonly SettlementFacts[]): Turn {
  const facts = entities.map(({ entity, on, lastAdjustment, switchDate }) => ({
    entity,
    on,
    lastAdjustment,
    switchDate,
  }));
  return {
    kind: 'not-applicable',
    note: whyNot(entities),
    evidence: { ...listed('entities', cutList(facts, { characters: 3_500 })) },
  };
}

function whyNot(entities: readonly SettlementFacts[]): string {
  const over = having(entities, 'done', 'kept');
  if (over.length > 0) return `Memos took over from adjustments already, in ${namesOf(over)}.`;
  const on = entities.filter((each) => each.on === true);
  if (on.length === 0) {
    return entities.some((each) => each.on === null)
      ? 'Billing does not tell whether Invoice Settlement is on, and shows no memos. Once it does, `revsync backfill run` switches over.'
      : 'Invoice Settlement is off in Billing, so credits are made by adjustments.';
  }
  return on.every((each) => each.lastAdjustment === null)
    ? 'Invoice Settlement is on, and there are no invoice item adjustments from the time before it: memos come with every sync.'
    : 'Memos came with every run, so there is no other history to bring.';
}

function askForSwitch(due: readonly SettlementFacts[]): Turn {
  const history = due.filter((each) => concernOf(each) === 'history');
  const fresh = due.filter((each) => concernOf(each) === 'date');
  const proposed = fresh.length > 0 ? dayAfterLast(fresh) : null;
  return {
    kind: 'ask',
    message: [
      ...(history.length > 0
        ? [
            `Invoice Settlement is on in ${namesOf(history)}, and its adjustments were read: the backfill brings historical memos.`,
          ]
        : []),
      ...(fresh.length > 0
        ? [
            `Before the first run of ${namesOf(fresh)} there is nothing to bring; a switch date decides which adjustments count.`,
          ]
        : []),
      'Is it approved?',
    ].join(' '),
    remedy: [
      'Corrections dated before the switch date count as adjustments, from it on as memos; it is kept for good.',
      fresh.length > 0
        ? 'The proposed one is the day after the last adjustment, by which all of them count. Without one, memos alone count, and no adjustment does.'
        : 'Without one it is today, where the entity is.',
      'Schedules and loops are paused meanwhile.',
    ].join(' '),
    value: { approve: true, ...(proposed === null ? {} : { switchDate: proposed }) },
    polls: false,
  };
}

/** By then all adjustments count. */
function dayAfterLast(entities: readonly SettlementFacts[]): string | null {
  const last = entities
    .flatMap(({ lastAdjustment }) => (lastAdjustment === null ? [] : [lastAdjustment]))
    .toSorted()
    .at(-1);
  return last === undefined ? null : daysLater(last, 1);
}

const namesOf = (entities: readonly SettlementFacts[]): string =>
  listedNames(entities.map(({ entity }) => entity));

const daysOf = (entities: readonly SettlementFacts[]): string[] => [
  ...new Set(entities.flatMap(({ switchDate }) => (switchDate === null ? [] : [switchDate]))),
];
