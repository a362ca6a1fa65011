import { escape } from '../operator/details.ts';
import { stepOf } from './steps.ts';
import type { AwaitingView, EnablementView, StepView } from './view.ts';

/** The page’s frame cuts the last line, so the last line is nothing. */
const SPACE = '&nbsp;';
const LONGEST = 900;
const LONGEST_NOTE = 300;
const LONGEST_REMEDY = 1_500;

/**
 * The markdown of the current details of an enablement: what is awaited with the button and the JSON to paste, then where
 * it stands, step by step, then messages that were refused.
 *
 * @param child the workflow that the step at hand has done, by its id; null: none
 */
export function enablementDetails(view: EnablementView, child: string | null): string {
  const subject = `Enablement of ${view.tenant ?? 'the tenant'}`;
  return [
    ...(view.awaiting === null ? [`**${escape(subject)}**: ${view.status}`] : awaitedLines(view.awaiting)),
    '',
    ...childLines(child),
    '| Step | | Status | Note |',
    '| --- | --- | --- | --- |',
    ...view.steps.map((each) => stepLine(each, each.step === view.awaiting?.step)),
    '',
    ...(view.kept.length === 0 ? [] : [`Answers kept until their step asks: ${view.kept.join(', ')}`, '']),
    ...(view.ignored.length === 0 ? [] : [`Answers that were not needed: ${view.ignored.join(', ')}`, '']),
    ...view.refused.slice(-3).map((text) => `- refused: ${escape(text, LONGEST)}`),
    '',
    SPACE,
  ].join('\n');
}

function awaitedLines({ step, message, remedy, example, skip, since, reminders }: AwaitingView): string[] {
  const { title } = stepOf(step);
  return [
    `**Waiting for you at step ${step} of 11, ${escape(title)}.** ${escape(message, LONGEST)}`,
    '',
    ...(remedy === '' ? [] : [escape(remedy, LONGEST_REMEDY), '']),
    `*Send an Update* → \`${example.update}\` with`,
    '',
    ...fenced(example.data),
    '',
    [
      skip === null ? '' : `Or \`skip\` with \`${JSON.stringify(skip)}\`: ${escape(stepOf(step).skip.why)}.`,
      'Or `abort` with `{"reason": "..."}`.',
      `Awaited since ${since}, reminded ${reminders} times.`,
    ]
      .filter(Boolean)
      .join(' '),
  ];
}

/** Longer ones would push all else off the page. */
const MOST_LINES = 40;

/** JSON breaks no line within a text, so no line of it can end the block that it stands in, whatever a tenant's names are. */
function fenced(data: object): string[] {
  const lines = JSON.stringify(data, null, 2).split('\n');
  return ['```json', ...(lines.length > MOST_LINES ? [JSON.stringify(data)] : lines), '```'];
}

/** What it waits for stands on its own page. */
function childLines(child: string | null): string[] {
  if (child === null) return [];
  const page = `/namespaces/{namespace}/workflows/${encodeURIComponent(child)}`;
  return [`[${escape(child)}](${page}) is under way; what it may wait for stands there.`, ''];
}

/** What is awaited stands above. */
const stepLine = ({ step, title, status, by, at, note }: StepView, isAwaited: boolean): string => {
  const who = [by, at].filter(Boolean).join(', ');
  const said = [isAwaited ? '' : escape(note, LONGEST_NOTE), who === '' ? '' : `(${escape(who)})`]
    .filter(Boolean)
    .join(' ');
  return `| ${step} | ${escape(title)} | ${status} | ${said} |`;
};
