import type { StartedLoop } from '../../../workers/start-loop.ts';
import type { LoopReport } from './loops.ts';

/** What a terminal shows of a loop that was started. */
export const startedText = ({ entity, workflowId, message }: StartedLoop): string =>
  `Instant On of ${entity}: ${message ?? `started as ${workflowId}.`}`;

/** How a loop stands, and what it waits for. */
export function loopText({ entity, workflow, state, message }: LoopReport): string[] {
  const title = `Instant On of ${entity}`;
  if (state === null) return [`${title}: ${workflow}. ${message ?? ''}`.trimEnd()];
  const { now, counts, lastRun, interval, awaiting, refused } = state;
  const { runs, nothingToDo, failed, failuresInARow } = counts;
  return [
    `${title}: ${workflow === 'running' ? now : `${workflow}.`}`,
    ...(awaiting === null ? [] : [`  Waiting for you: ${awaiting.message} ${awaiting.remedy}`]),
    `  ${runs} runs completed, ${nothingToDo} of them with nothing to do; ${failed} failed, ${failuresInARow} in a row now`,
    ...(lastRun === null
      ? []
      : [`  last run: ${[lastRun.outcome, lastRun.endedAt, lastRun.message].filter(Boolean).join(', ')}`]),
    ...(interval === null ? [] : [`  interval: ${interval.seconds} seconds, from ${interval.from}`]),
    ...refused.slice(-3).map((refusal) => `  refused: ${refusal}`),
  ];
}
