import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';

import type { RatePlan } from '../activities/exchange-rates.ts';
import type { DaySpan } from '../src/domain/rates/days.ts';
import { RATE_SYNC_EXAMPLE, RateSyncInput } from '../src/domain/rates/rate-sync-input.ts';
import { openDesk, RunAborted } from './desk.ts';
import { parseInput } from './parse-input.ts';
import { activities, QUICK } from './proxies.ts';
import { openRateReading, type RateCounts, type RatePart } from './rate-reading.ts';
import { REVSYNC_ENTITY, REVSYNC_TENANT } from './search-attributes.ts';

const quick = activities(QUICK);

const STEPS = [
  { step: 'window', title: 'Decide on the days and currencies' },
  { step: 'read', title: 'Read rates and keep each that is new as a version' },
  { step: 'record', title: 'Record how far rates have been read' },
] as const;

/** Counts as exact text. */
export interface RateSyncOutcome {
  readonly workflowId: string;
  readonly runId: string;
  readonly entity: string | null;
  readonly outcome: 'completed' | 'nothing-to-do' | 'aborted';
  /** Days of rates in terms of the home currency, or else the reporting one, both included; null where none were asked for. */
  readonly window: DaySpan | null;
  readonly currencies: readonly string[];
  readonly rates: RateCounts;
  /** Why a few of the refused rates were refused. */
  readonly refused: readonly string[];
  /** What a person should know beside; empty where all is as usual. */
  readonly note: string;
}

/**
 * Reads Billing's table of exchange rates for one entity, and keeps what it says as versions with their provenance:
 * over the days that were not read yet, or over chosen ones. Where Billing has no table, the extracted ExchangeRate
 * objects stand in.
 */
export async function exchangeRateSync(raw?: unknown): Promise<RateSyncOutcome> {
  const input = parseInput(RateSyncInput, RATE_SYNC_EXAMPLE, raw);
  const desk = openDesk('exchangeRateSync', `Exchange rates ${input.entity ?? ''}`.trim(), STEPS);
  const { workflowId, runId } = workflowInfo();
  const reading = openRateReading();
  let plan: RatePlan | null = null;
  const ended = (outcome: RateSyncOutcome['outcome']): RateSyncOutcome => {
    desk.finish(outcome);
    const [first] = plan?.parts ?? [];
    return {
      workflowId,
      runId,
      entity: plan?.entity ?? input.entity ?? null,
      outcome,
      window: first?.span ?? null,
      currencies: first?.currencies ?? [],
      rates: reading.counts(),
      refused: reading.refusals(),
      note: [plan?.note ?? '', ...reading.notes()].filter((note) => note !== '').join(' '),
    };
  };

  try {
    const planned = await desk.step('window', () => makePlan(input), describe);
    plan = planned;
    upsertSearchAttributes([
      { key: REVSYNC_TENANT, value: planned.tenant },
      { key: REVSYNC_ENTITY, value: planned.entity },
    ]);
    if (planned.parts.length === 0) {
      for (const step of ['read', 'record']) desk.note(step, 'skipped', planned.note);
      return ended('nothing-to-do');
    }
    const read = await desk.step(
      'read',
      () => reading.readAll(planned),
      () => countsText(reading.counts()),
    );
    if (!planned.movesMarks) desk.note('record', 'skipped', 'chosen days are no mark');
    else if (read.length === 0) desk.note('record', 'skipped', 'nothing was read from the table');
    else await desk.step('record', () => moveMarks(read));
    return ended('completed');
  } catch (error) {
    if (error instanceof RunAborted) return ended('aborted');
    throw error;
  }
}

/** The entities first: the first run of all may be this one. */
async function makePlan(input: RateSyncInput): Promise<RatePlan> {
  await quick.readEntities.executeWithOptions({ summary: 'read the entities of the tenant' }, []);
  return quick.planRateSync.executeWithOptions(
    { summary: `decide on the days of ${input.entity ?? 'the tenant'}` },
    [input],
  );
}

const moveMarks = (parts: readonly RatePart[]): Promise<void> =>
  quick.moveRateMarks.executeWithOptions({ summary: 'remember how far rates have been read' }, [parts]);

const describe = ({ parts, note }: RatePlan): string =>
  parts.length === 0
    ? note
    : parts
        .map(
          ({ base, currencies, span }) => `${currencies.join(', ')} in ${base}, ${span.from} to ${span.to}`,
        )
        .join('; ');

const countsText = ({ read, new: added, changed, refused }: RateCounts): string =>
  `${read} read, ${added} new, ${changed} changed${refused === '0' ? '' : `, ${refused} refused`}`;
