import type { Loops, Schedules } from '../../activities/dependencies.ts';
import type { StepContext } from '../../activities/enablement/step-work.ts';
import type { ChildName, ChildResult, JsonObject, StepNumber } from '../../src/domain/enablement/step.ts';
import {
  changedText,
  type StandingSchedule,
  stayedText,
} from '../../src/domain/schedules/schedule-outcome.ts';
import { NO_LOOPS, NO_SCHEDULES } from './activities.ts';

/** A workflow that a step had done, come to its good end. */
export const ranWell = (workflow: ChildName, id: string, told: JsonObject = {}): ChildResult => ({
  workflow,
  id,
  runId: `run-of-${id}`,
  outcome: 'completed',
  told,
});

/** What a step knows: nothing was answered and nothing was run, but for what a test says. */
export const contextOf = <Answer extends object>(
  step: StepNumber,
  told: Partial<StepContext<Answer>> = {},
): StepContext<Answer> => ({
  enablement: '1',
  step,
  answer: null,
  by: 'ann',
  note: null,
  answers: {},
  named: null,
  runs: [],
  ...told,
});

/**
 * A Temporal that remembers which schedules and loops it was asked for; one asked for again is there. `standing` were
 * there before.
 */
export function rememberingTemporal(standing: readonly StandingSchedule[] = []) {
  const there = new Set<string>();
  const crons = new Map<string, string | undefined>();
  const schedules: Schedules = {
    ...NO_SCHEDULES,
    standing: async (id) => standing.find((each) => each.id === id) ?? null,
    async ensure(wanted, { cron } = {}) {
      return wanted.map(({ id, definition: { kind, workflow }, entity, org, notNeeded }) => {
        const common = { id, kind, workflow, entity, org };
        if (notNeeded !== null) return { ...common, action: 'not-needed', note: notNeeded };
        const was = standing.find((each) => each.id === id);
        if (was !== undefined) {
          crons.set(id, cron);
          const { paused } = was;
          if (cron === undefined) {
            return { ...common, action: 'exists', note: stayedText(was), found: { paused, otherwise: true } };
          }
          const note = changedText(was, { ...was, when: `${cron}, UTC` });
          return { ...common, action: 'changed', note, found: { paused, otherwise: paused } };
        }
        if (there.has(id)) return { ...common, action: 'exists', note: 'It stays as it is.' };
        there.add(id);
        crons.set(id, cron);
        return { ...common, action: 'created', note: `made for ${cron ?? 'every morning'}` };
      });
    },
  };
  const started: string[] = [];
  const loops: Loops = {
    ...NO_LOOPS,
    async start(entity) {
      const outcome = started.includes(entity) ? 'running' : 'started';
      if (outcome === 'started') started.push(entity);
      return { outcome };
    },
  };
  return { schedules, loops, crons, started };
}
