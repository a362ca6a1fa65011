import { LIMITATIONS } from '../../limitations/all-limitations.ts';
import { PRACTICES } from '../../limitations/all-practices.ts';
import { practiceTripleOf, type Triple, tripleOf } from '../../limitations/triple.ts';
import { headingText } from './limitations-text.ts';

/** docs/INDEX.md: from every heading of the known limitations to its rule, its test and its page; then the practices. */
export function indexPage(): string {
  return [
    '# Known limitations: where each one is',
    '',
    'Made from the rules, and not to be edited: [CONTRIBUTING.md](../CONTRIBUTING.md) says how to make it anew. Headings are',
    'those of Zuora’s list of known limitations, with the point under them. `revsync limitations` prints them, too.',
    '',
    ...markdownTable(
      ['Heading', 'Rule', 'Outcome', 'Test', 'Page'],
      LIMITATIONS.map((rule) => {
        const links = linked(rule.id, tripleOf(rule.id));
        return [headingText(rule), links.rule, rule.outcome, links.test, links.page];
      }),
    ),
    '',
    'Best practices that Billing does not enforce:',
    '',
    ...markdownTable(
      ['Practice', 'Rule', 'Test', 'Page'],
      PRACTICES.map(({ id, title }) => {
        const links = linked(id, practiceTripleOf(id));
        return [title, links.rule, links.test, links.page];
      }),
    ),
    '',
  ].join('\n');
}

/** Links as the page has them, which lies in docs. */
const linked = (id: string, { rule, test, page }: Triple) => ({
  rule: `[${id}](../${rule})`,
  test: `[test](../${test})`,
  page: `[page](${page.replace(/^docs\//, '')})`,
});

/** As prettier writes them: columns as wide as what is in them. */
function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = header.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => (row[at] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
