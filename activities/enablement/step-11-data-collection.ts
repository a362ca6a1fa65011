import {
  answersBefore,
  type Before,
  collectionSettings,
  type DataCollectionAnswer,
  dataCollectionDone,
  dataCollectionRefusal,
  dataCollectionTurn,
  type Onward,
  requireGrouping,
  startsLoops,
  wantedKinds,
} from '../../src/domain/enablement/step-11-data-collection.ts';
import type { StandingSchedule } from '../../src/domain/schedules/schedule-outcome.ts';
import { loopSettings } from '../../src/domain/instant-on/loop-settings.ts';
import { SYNC_LOOKUP } from '../../src/domain/settings/lookups.ts';
import { lookupValue } from '../../src/store/lookups.ts';
import { readWanted } from '../../src/store/schedules/read-wanted.ts';
import { orgsWithout } from '../../src/store/setups/orgs-without.ts';
import { ensureSeededSetups } from '../../src/store/setups/seeded-setups.ts';
import type { Dependencies, EnsuredSchedule } from '../dependencies.ts';
import { configure } from './configure.ts';
import { entitiesToRun } from './entities-to-run.ts';
import { standingSchedules } from './standing-schedules.ts';
import type { StepWork } from './step-work.ts';

/** The Data Collection: the first one of every organisation; then all that goes on by itself is started. */
export function createStep11({
  db,
  schedules,
  loops,
}: Pick<Dependencies, 'db' | 'schedules' | 'loops'>): StepWork<DataCollectionAnswer> {
  return {
    async advance({ answer, answers, by, runs }) {
      const before = answersBefore(answers);
      const entities = await entitiesToRun(db);
      const orgs = [...new Set(entities.map(({ org }) => org))].toSorted();
      await ensureSeededSetups(db);
      const ungrouped = new Set(await orgsWithout(db, 'grouping'));
      requireGrouping(orgs.filter((org) => ungrouped.has(org)));
      const turn = dataCollectionTurn(before, orgs, answer, runs);
      if (turn.kind !== 'ready') return turn;
      // Loops and schedules go by the settings, and so come after them.
      await configure(db, collectionSettings(before, turn.answer), { by, reason: 'enablement step 11' });
      const ensured = await ensure(before, turn.answer);
      const onward: Onward = {
        schedules: ensured,
        others: await others(ensured),
        loops: await startLoops(
          before,
          entities.map(({ entity }) => entity),
        ),
        seconds: await secondsBetween(),
      };
      return dataCollectionDone(before, turn.answer, runs, onward);
    },

    async refusal(answer, { answers }) {
      return dataCollectionRefusal(answersBefore(answers), answer);
    },
  };

  async function ensure(before: Before, answer: DataCollectionAnswer): Promise<EnsuredSchedule[]> {
    const ensured: EnsuredSchedule[] = [];
    for (const { kind, cron } of wantedKinds(before, answer)) {
      ensured.push(...(await schedules.ensure(await readWanted(db, { kind }), { cron })));
    }
    return ensured;
  }

  /** Those that are there and were not asked for. */
  async function others(ensured: readonly EnsuredSchedule[]): Promise<StandingSchedule[]> {
    const asked = new Set(ensured.flatMap(({ id, action }) => (action === 'not-needed' ? [] : [id])));
    return (await standingSchedules({ db, schedules })).filter(({ id }) => !asked.has(id));
  }

  /** One that runs already goes on. */
  async function startLoops(before: Before, entities: readonly string[]): Promise<readonly string[]> {
    if (!startsLoops(before)) return [];
    for (const entity of entities) await loops.start(entity);
    return entities;
  }

  /** As a loop reads them. */
  async function secondsBetween(): Promise<string> {
    const duration = await lookupValue(db, SYNC_LOOKUP, 'RevenueSync_Duration');
    return String(loopSettings({ profile: 'Yes', fromDate: null, duration }, 'UTC').seconds);
  }
}
