import {
  type ExchangeRatesAnswer,
  exchangeRatesDone,
  exchangeRatesTurn,
  type RatesFacts,
} from '../../src/domain/enablement/step-08-exchange-rates.ts';
import { profileValue } from '../../src/store/profiles.ts';
import { listConversions } from '../../src/store/rates/conversion.ts';
import { readWanted } from '../../src/store/schedules/read-wanted.ts';
import type { Dependencies } from '../dependencies.ts';
import { entitiesToRun } from './entities-to-run.ts';
import { standingSchedules } from './standing-schedules.ts';
import type { StepWork } from './step-work.ts';

/** Exchange rates: the first sync of every entity that converts, then the daily schedules. */
export function createStep08({
  db,
  schedules,
}: Pick<Dependencies, 'db' | 'schedules'>): StepWork<ExchangeRatesAnswer> {
  return {
    async advance({ answer, runs }) {
      const facts = await readFacts();
      const turn = exchangeRatesTurn(facts, answer, runs);
      if (turn.kind !== 'ready') return turn;
      const kind = 'exchange-rate-sync';
      if (turn.answer.schedule === 'off') {
        const standing = await standingSchedules({ db, schedules }, kind);
        return exchangeRatesDone(facts, turn.answer, runs, [], standing);
      }
      const ensured = await schedules.ensure(await readWanted(db, { kind }));
      return exchangeRatesDone(facts, turn.answer, runs, ensured);
    },
  };

  async function readFacts(): Promise<RatesFacts> {
    const synced = new Set((await entitiesToRun(db)).map(({ entity }) => entity));
    const entities = (await listConversions(db)).filter(({ entity }) => synced.has(entity));
    return { entities, reporting: await profileValue(db, 'REPORTING_CURRENCY') };
  }
}
