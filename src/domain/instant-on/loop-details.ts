import { escape } from '../operator/details.ts';
import type { LoopView } from './loop-view.ts';

/** The page’s frame cuts the last line, so the last line is nothing. */
const SPACE = '&nbsp;';
const LONGEST = 400;

/**
 * The markdown of a loop's current details: what is awaited or what it does, where the run is, then counts, the interval
 * and where it comes from, and messages that were refused.
 */
export function loopDetails(view: LoopView): string {
  const rows = rowsOf(view).map(([name, value]) => `| ${name} | ${escape(value, LONGEST)} |`);
  return [
    ...awaitedLines(view),
    `**${escape(view.subject)}**: ${escape(view.now, LONGEST)}`,
    '',
    ...whereToLook(view),
    '| | |',
    '| --- | --- |',
    ...rows,
    '',
    ...view.refused.slice(-3).map((text) => `- refused: ${escape(text)}`),
    '',
    SPACE,
  ].join('\n');
}

function awaitedLines({ awaiting }: LoopView): string[] {
  if (awaiting === null) return [];
  const { message, remedy, example } = awaiting;
  return [
    `**Waiting for you.** ${escape(message, LONGEST)}`,
    '',
    escape(remedy, LONGEST),
    '',
    `*Send an Update* → \`${example.update}\` with \`${JSON.stringify(example.data)}\`, or \`abort\` with \`{"reason": "..."}\``,
    '',
  ];
}

/** What the run under way waits for stands on its own page. */
function whereToLook({ status, entity }: LoopView): string[] {
  if (entity === null || (status !== 'running' && status !== 'busy')) return [];
  const id = `revenue-sync/${entity}`;
  const page = `/namespaces/{namespace}/workflows/${encodeURIComponent(id)}`;
  return [`[${escape(id)}](${page}) says how far it is, and what it waits for.`, ''];
}

function rowsOf({ counts, lastRun, interval, paused }: LoopView): [string, string][] {
  const { runs, nothingToDo, failed, failuresInARow } = counts;
  return [
    ['Completed', `${runs} runs, ${nothingToDo} of them with nothing to do`],
    ['Failed', `${failed} runs, ${failuresInARow} of them in a row now`],
    ['Last run', lastRunText(lastRun)],
    ['Interval', interval === null ? '' : `${interval.seconds} seconds, from ${interval.from}`],
    ...(paused === null
      ? []
      : [
          ['Paused', [paused.since, paused.by, paused.reason].filter(Boolean).join(', ')] as [string, string],
        ]),
  ];
}

const lastRunText = (run: LoopView['lastRun']): string =>
  run === null ? 'none yet' : [run.outcome, run.endedAt, run.message].filter(Boolean).join(', ');
