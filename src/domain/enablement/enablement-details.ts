import { escape } from '../operator/details.ts';
import { shortText } from '../short-text.ts';
import type { StepNumber } from './step.ts';
import { stepOf } from './steps.ts';
import type { AwaitingView, EnablementView, StepView } from './view.ts';

/** The page’s frame cuts the last line, so the last line is nothing. */
const SPACE = '&nbsp;';
const LONGEST = 900;
const LONGEST_NOTE = 300;
/** A ticket is sent as it stands here, and whoever accepts deviations reads what follows from each. */
const LONGEST_REMEDY = 8_000;
const LONGEST_REFUSAL = 4_000;

/** What is not for the database. */
export interface UnderWay {
  /** The workflow that the step at hand has done, by its id; null: none. */
  readonly child: string | null;
  /** The step whose answer is being looked at; null: none. */
  readonly checked: StepNumber | null;
  /** Why the database does not take where the enablement stands; null: it does. */
  readonly untold: string | null;
}

/**
 * The markdown of the current details of an enablement: what is awaited with the button and the JSON to paste, then where
 * it stands, step by step, then messages that were refused.
 *
 * It says first what is under way beside that, and that the database is not told of it, where it is not.
 */
export function enablementDetails(view: EnablementView, { child, checked, untold }: UnderWay): string {
  const subject = `Enablement of ${view.tenant ?? 'the tenant'}`;
  return [
    ...(checked === null ? [] : [`The answer to step ${checked} is being checked.`, '']),
    ...(untold === null ? [] : [untoldLine(untold), '']),
    ...(view.awaiting === null ? [`**${escape(subject)}**: ${view.status}`] : awaitedLines(view.awaiting)),
    '',
    ...childLines(child),
    '| Step | | Status | Note |',
    '| --- | --- | --- | --- |',
    ...view.steps.map((each) => stepLine(each, each.step === view.awaiting?.step)),
    '',
    ...(view.kept.length === 0 ? [] : [`Answers kept until their step asks: ${view.kept.join(', ')}`, '']),
    ...(view.ignored.length === 0 ? [] : [`Answers that were not needed: ${view.ignored.join(', ')}`, '']),
    ...view.refused.slice(-3).map((text) => `- refused: ${escape(text, LONGEST_REFUSAL)}`),
    '',
    SPACE,
  ].join('\n');
}

function awaitedLines({ step, message, remedy, example, skip, since, reminders }: AwaitingView): string[] {
  const { title } = stepOf(step);
  return [
    `**Waiting for you at step ${step} of 11, ${escape(title)}.** ${escape(message, LONGEST)}`,
    '',
    ...remedyLines(remedy),
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

/** A sentence, and its points, each on a line of its own. */
function remedyLines(remedy: string): string[] {
  const [first = '', ...points] = shortText(remedy, LONGEST_REMEDY).split('\n');
  if (first === '') return [];
  const listed = points.map((point) => `- ${escape(point, LONGEST_REMEDY)}`);
  return [escape(first, LONGEST_REMEDY), '', ...(listed.length === 0 ? [] : [...listed, ''])];
}

/** Longer ones would push all else off the page. */
const MOST_LINES = 40;

/** JSON breaks no line within a text, so no line of it can end the block that it stands in, whatever a tenant's names are. */
function fenced(data: object): string[] {
  const lines = JSON.stringify(data, null, 2).split('\n');
  return ['```json', ...(lines.length > MOST_LINES ? [JSON.stringify(data)] : lines), '```'];
}

const untoldLine = (why: string): string =>
  `The database does not take where this stands; it is told again by itself, and nothing is lost here: ${escape(why, LONGEST_NOTE)}`;

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
