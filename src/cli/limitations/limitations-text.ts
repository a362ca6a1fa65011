import { table } from '../output.ts';
import { wrapped } from '../wrapped.ts';
import type { ListedLimitation } from './listed-limitation.ts';

const WIDTH = 100;

/** `Discount charges (3)`: the heading of the source, and which point under it. */
export const headingText = ({
  heading,
  point,
}: {
  readonly heading: string;
  readonly point: number | null;
}): string => (point === null ? heading : `${heading} (${point})`);

/** The rules for a terminal, in the order of the source. */
export function limitationsText(listed: readonly ListedLimitation[]): string[] {
  return [
    ...table(
      ['id', 'outcome', 'checked at', 'heading'],
      listed.map((each) => [each.id, each.outcome, each.checkedAt.join(', '), headingText(each)]),
    ),
    '',
    '`revsync limitations ID` says what revsync does about one, and what to do.',
  ];
}

/** All of one rule. */
export function limitationText(listed: ListedLimitation): string[] {
  const { id, scope, outcome, checkedAt, implies, does, remedy, before, page, rule, test } = listed;
  const block = (title: string, text: string | null): string[] =>
    text === null || text === '' ? [] : wrapped(`${title}: ${text}`, WIDTH);
  return [
    `${id}: ${headingText(listed)}`,
    `${outcome} (${scope}), checked at ${checkedAt.join(', ')}`,
    '',
    ...block('What revsync does', does),
    ...block('What to do', remedy),
    ...block('Before go-live', before),
    ...block('Comes with', implies.join(', ')),
    '',
    ...block('Page', page),
    ...block('Rule', rule),
    ...block('Test', test),
  ];
}
