import type { RatePlan, RecordedPart } from '../activities/exchange-rates.ts';
import { spansOf } from '../src/domain/rates/days.ts';
import { failureType } from './desk.ts';
import { activities, LONG } from './proxies.ts';

const long = activities(LONG);

/** Days that one activity reads and records: four calls of Billing. */
const PIECE = 360;

/** Nothing that is done again would change what Billing says to these. */
const NO_TABLE = 'BILLING_PERMISSION_MISSING';
const NO_SUCH_BASE = new Set([NO_TABLE, 'BILLING_REQUEST_REFUSED']);

/** Counts as exact text. */
export type RateCounts = Pick<RecordedPart, 'read' | 'new' | 'changed' | 'unchanged' | 'refused'>;
export type RatePart = RatePlan['parts'][number];

/** What a run has read so far; a retry goes on from there, and counts nothing twice. */
export function openRateReading() {
  const done = new Map<string, RecordedPart>();
  let notes: string[] = [];

  const once = async (name: string, work: () => Promise<RecordedPart>): Promise<RecordedPart> => {
    const recorded = done.get(name) ?? (await work());
    done.set(name, recorded);
    return recorded;
  };
  const readPart = async (part: RatePart): Promise<void> => {
    const told = new Set<string>();
    for (const span of spansOf(part.span, PIECE)) {
      const summary = `rates in ${part.base}, ${span.from} to ${span.to}`;
      const recorded = await once(summary, () =>
        long.readRates.executeWithOptions({ summary }, [{ ...part, span }]),
      );
      for (const currency of recorded.told) told.add(currency);
    }
    const silent = part.currencies.filter((currency) => !told.has(currency));
    if (silent.length > 0) notes.push(`Billing told no rate of ${silent.join(', ')} in ${part.base}.`);
  };
  const readInstead = async ({ entity, org }: RatePlan, table: string): Promise<void> => {
    const { read } = await once('instead', () =>
      long.recordExtractedRates.executeWithOptions({ summary: 'record the extracted ExchangeRate objects' }, [
        { entity, org },
      ]),
    );
    notes.push(`Billing has no table of ${table}: ${read} extracted ExchangeRate objects stand in.`);
  };

  return {
    /** Answers the parts that were read from Billing's table. */
    async readAll(plan: RatePlan): Promise<RatePart[]> {
      notes = [];
      const read: RatePart[] = [];
      for (const part of plan.parts) {
        try {
          await readPart(part);
          read.push(part);
        } catch (error) {
          const type = failureType(error) ?? '';
          const none = `rates in ${part.base}`;
          if (part.base === plan.home && type === NO_TABLE) await readInstead(plan, 'exchange rates');
          else if (part.base === plan.home || !NO_SUCH_BASE.has(type)) throw error;
          else if (plan.home === null) await readInstead(plan, none);
          else notes.push(`Billing has no table of ${none}.`);
        }
      }
      return read;
    },
    counts: (): RateCounts => sumOf([...done.values()]),
    refusals: (): readonly string[] => [...done.values()].flatMap(({ refusals }) => refusals).slice(0, 10),
    notes: (): readonly string[] => notes,
  };
}

function sumOf(parts: readonly RateCounts[]): RateCounts {
  const sum = (count: keyof RateCounts): string =>
    String(parts.reduce((total, part) => total + BigInt(part[count]), 0n));
  return {
    read: sum('read'),
    new: sum('new'),
    changed: sum('changed'),
    unchanged: sum('unchanged'),
    refused: sum('refused'),
  };
}
