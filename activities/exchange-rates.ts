import { RevsyncError } from '../src/domain/errors.ts';
import { dayIn } from '../src/domain/rates/days.ts';
import type { RateSyncInput } from '../src/domain/rates/rate-sync-input.ts';
import { firstDay } from '../src/domain/rates/rate-window.ts';
import { type RatesWanted, ratesWanted } from '../src/domain/rates/rates-wanted.ts';
import { profileValue } from '../src/store/profiles.ts';
import { moveRateMarks, type RatesAsked, readRateMarks } from '../src/store/rates/rate-marks.ts';
import { oldestLacking } from '../src/store/rates/lacking-rates.ts';
import { listConversions } from '../src/store/rates/conversion.ts';
import { earliestDay } from '../src/store/rates/earliest-day.ts';
import { recordExportedRates, recordRates, type RecordedRates } from '../src/store/rates/record-rates.ts';
import { billingIdOf, type KnownEntity } from '../src/store/tenancy.ts';
import { chooseEntity } from './choose-entity.ts';
import type { Dependencies } from './dependencies.ts';
import { whileHeartbeating } from './heartbeating.ts';
import { currentOwner } from './current-owner.ts';

/** What a run asks Billing for, in which order; without parts it asks for nothing, and `note` says why. */
export interface RatePlan {
  readonly tenant: string;
  readonly entity: string;
  readonly org: string;
  readonly home: string | null;
  readonly parts: readonly RatesAsked[];
  /** Whether the run reads on from where the last one ended; not over days that a person chose. */
  readonly movesMarks: boolean;
  readonly note: string;
}

/** Sentences of a reply are examples: workflows carry counts. */
const EXAMPLES = 10;

/** What was recorded of a part, in counts as exact text, with a few of the refusals in words. */
export interface RecordedPart extends Omit<RecordedRates, 'refused'> {
  readonly refused: string;
  readonly refusals: readonly string[];
  /** Currencies that rates came of. */
  readonly told: readonly string[];
}

export function createExchangeRateActivities(deps: Dependencies) {
  const { db, billing } = deps;
  const portOf = async (entity: string) => billing(await billingIdOf(db, entity), currentOwner().workflowId);

  return {
    /** Decides which days of which currencies a run asks for. `entity` as a person names it. */
    async planRateSync({ entity: name, currencies, ...chosen }: RateSyncInput): Promise<RatePlan> {
      const known = await chooseEntity(db, name);
      const { entity, org } = known;
      const [conversion] = await listConversions(db, entity);
      const { home, timezone, inUse } = conversion ?? { home: null, timezone: null, inUse: [] };
      const { wanted, note } = ratesWanted({
        home,
        reporting: await profileValue(db, 'REPORTING_CURRENCY'),
        inUse,
        chosen: currencies,
      });
      const movesMarks = chosen.from === undefined && chosen.to === undefined;
      const common = { tenant: deps.tenant.tenant, entity, org, home, movesMarks, note };
      if (wanted.length === 0) return { ...common, parts: [] };
      // Whichever clock is behind: a day that has not begun in Billing has no rates yet.
      const now = Math.min(deps.now(), await (await portOf(entity)).serverTime());
      return { ...common, parts: await partsOf(known, wanted, chosen, dayIn(timezone, now)) };
    },

    /** Reads and records a part of what is asked for. Safe to repeat: what is recorded is not recorded again. */
    async readRates({ entity, base, currencies, span }: RatesAsked): Promise<RecordedPart> {
      const whose = { entity, by: currentOwner().workflowId, source: 'custom-exchange-rates' as const };
      return whileHeartbeating(async () => {
        const all = await (await portOf(entity)).exchangeRates({ currency: base, ...span });
        const rates = all.filter(({ to }) => currencies.includes(to));
        const recorded = await db.transaction().execute((trx) => recordRates(trx, whose, rates));
        return counted(recorded, [...new Set(rates.map(({ to }) => to))]);
      });
    },

    /**
     * Records the extracted `ExchangeRate` objects, where Billing has no table.
     *
     * @throws RevsyncError `EXCHANGE_RATES_NOWHERE` when there are none either
     */
    async recordExtractedRates({ entity }: Pick<RatePlan, 'entity' | 'org'>): Promise<RecordedPart> {
      return whileHeartbeating(async () => {
        const by = currentOwner().workflowId;
        const recorded = await db
          .transaction()
          .execute((trx) => recordExportedRates(trx, { entity, by, changedSince: null }));
        if (recorded.read === '0') throw nowhere(entity);
        return counted(recorded, []);
      });
    },

    /** Remembers how far rates have been read. */
    async moveRateMarks(parts: readonly RatesAsked[]): Promise<void> {
      for (const part of parts) await moveRateMarks(db, part);
    },
  };

  /** The first day of a part is that of the currency which needs the most; all of them come in one reply. */
  async function partsOf(
    { entity, org }: KnownEntity,
    wanted: readonly RatesWanted[],
    chosen: Pick<RateSyncInput, 'from' | 'to'>,
    today: string,
  ): Promise<RatesAsked[]> {
    const earliest = await earliestDay(db, entity);
    const waiting = await oldestLacking(db, entity);
    // Nothing is told yet of days to come, so it does no harm to ask for them.
    const to = chosen.to ?? (chosen.from !== undefined && chosen.from > today ? chosen.from : today);
    const parts: RatesAsked[] = [];
    for (const { base, currencies } of wanted) {
      const marks = await readRateMarks(db, entity, base);
      const [first] = currencies
        .map((currency) => {
          const lacking = waiting(base, currency);
          return firstDay(marks.get(currency), { earliest, lacking }, to);
        })
        .toSorted();
      parts.push({ entity, org, base, currencies, span: { from: chosen.from ?? first ?? to, to } });
    }
    return parts;
  }
}
export type ExchangeRateActivities = ReturnType<typeof createExchangeRateActivities>;

const counted = ({ refused, ...counts }: RecordedRates, told: readonly string[]): RecordedPart => ({
  ...counts,
  refused: String(refused.length),
  refusals: refused.slice(0, EXAMPLES),
  told,
});

const nowhere = (entity: string): RevsyncError =>
  new RevsyncError(
    `Billing has no table of exchange rates, and no ExchangeRate of ${entity} was extracted.`,
    {
      code: 'EXCHANGE_RATES_NOWHERE',
      fate: 'fix-input',
      remedy:
        'Ask Zuora Support for custom exchange rates, or run a sync with credentials that may export ExchangeRate; then send `retry`. `abort` if the transactions carry their own rates.',
      context: { entity },
    },
  );
