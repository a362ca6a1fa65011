import {
  type RevenueSyncAnswer,
  revenueSyncDone,
  type RevenueSyncFacts,
  revenueSyncRefusal,
  revenueSyncTurn,
  revenueVersionOf,
  runsToShow,
  syncSettings,
} from '../../src/domain/enablement/step-10-revenue-sync.ts';
import { summarizeBalances } from '../../src/store/balance/summarize-balances.ts';
import { newestRuns } from '../../src/store/newest-runs.ts';
import { ensureSeededTemplates } from '../../src/store/templates.ts';
import { lackingTypes } from '../../src/store/templates/lacking-types.ts';
import type { Dependencies } from '../dependencies.ts';
import { configure } from './configure.ts';
import { entitiesToRun } from './entities-to-run.ts';
import { standingSchedules } from './standing-schedules.ts';
import type { StepContext, StepWork } from './step-work.ts';

/** The Revenue Sync: the first run of every entity, and how the next ones are started. */
export function createStep10({
  db,
  schedules,
}: Pick<Dependencies, 'db' | 'schedules'>): StepWork<RevenueSyncAnswer> {
  return {
    async advance(context) {
      const { answer, by, runs } = context;
      const facts = await readFacts(context);
      const turn = revenueSyncTurn(facts, answer, runs);
      if (turn.kind !== 'ready') return turn;
      await configure(db, syncSettings(turn.answer), { by, reason: 'enablement step 10' });
      const balances = await summarizeBalances(db, runsToShow(facts.entities, runs));
      const standing = await standingSchedules({ db, schedules }, 'revenue-sync');
      return revenueSyncDone(turn.answer, balances, standing);
    },

    async refusal(answer, context) {
      return revenueSyncRefusal(await readFacts(context), answer);
    },
  };

  async function readFacts({ answers }: StepContext<RevenueSyncAnswer>): Promise<RevenueSyncFacts> {
    await ensureSeededTemplates(db);
    const [entities, lacking, newest] = [
      await entitiesToRun(db),
      await lackingTypes(db),
      await newestRuns(db),
    ];
    return {
      version: revenueVersionOf(answers[1]),
      entities: entities.map(({ entity }) => ({
        entity,
        lacking: lacking.get(entity) ?? [],
        run: newest.get(entity) ?? null,
      })),
    };
  }
}
