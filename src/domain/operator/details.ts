import type { Awaited, DeskState } from './steps.ts';

/** The page’s frame cuts the last line, so the last line is nothing. */
const SPACE = '&nbsp;';

/** Longest cell of the table: the page cuts long details at the end. */
const LONGEST_NOTE = 160;
/** What is awaited stands first, so that there is room for all of it. */
const LONGEST_MESSAGE = 400;

/**
 * The markdown of a workflow's current details: first what is awaited, with the button and the JSON to
 * paste, then the table of steps. Text that came from elsewhere is escaped: the page renders it.
 */
export function deskDetails(state: DeskState): string {
  const { awaiting } = state;
  const first =
    awaiting === null
      ? `**${escape(state.subject)}**: ${state.status}`
      : [
          `**Waiting for you at ${escape(awaiting.step)}.** ${escape(awaiting.message, LONGEST_MESSAGE)}`,
          '',
          `${escape(awaiting.remedy, LONGEST_MESSAGE)}`,
          '',
          `*Send an Update* → \`${awaiting.example.update}\` with \`${JSON.stringify(awaiting.example.data)}\`, ${skipText(awaiting)}or \`abort\` with \`{"reason": "..."}\``,
        ].join('\n');
  const rows = state.steps.map(
    ({ title, status, note }) => `| ${escape(title)} | ${status} | ${escape(note)} |`,
  );
  const refused = state.refused.slice(-3).map((text) => `- refused: ${escape(text)}`);
  return [
    first,
    '',
    '| Step | Status | Note |',
    '| --- | --- | --- |',
    ...rows,
    '',
    ...refused,
    '',
    SPACE,
  ].join('\n');
}

/** `skip`, where the run can go on without the step. */
const skipText = ({ skip }: Awaited): string =>
  skip === null ? '' : `\`skip\` with \`${JSON.stringify(skip)}\`, `;

/** One line of plain text in markdown and HTML alike. */
export function escape(text: string, longest = LONGEST_NOTE): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  const short = plain.length > longest ? `${plain.slice(0, longest - 1)}…` : plain;
  return short
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_{}[\]()#+!|~-]/g, '\\$&');
}
