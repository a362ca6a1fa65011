import type { ExplainedLine } from '../store/explain/explain-line.ts';
import { wrapped } from './wrapped.ts';

const WIDTH = 110;

const EFFECTS = { holds: 'holds it', forms: 'made it what it is', reports: 'tells of it' } as const;

/** A line in plain words: where it stands, the rules it met, what it waits for, what releases it. */
export function explanationText(line: ExplainedLine): string[] {
  const { id, type, status, amount, currency, subscription, source } = line;
  const worth = amount === null ? '' : ` of ${[amount, currency].filter((part) => part !== null).join(' ')}`;
  const of = subscription === null ? '' : `, subscription ${subscription}`;
  return [
    `${id} is ${status}.`,
    ...wrapped(`${type} line${worth}${of}, from ${source.object} ${source.id}.`, WIDTH),
    '',
    ...wrapped(line.standing, WIDTH, ''),
    ...section(
      'Rules it met',
      line.rules.map(({ id: rule, effect, message }) => `${rule} (${EFFECTS[effect]}): ${message}`),
    ),
    ...section(
      'Waits for',
      line.waitsFor.map((other) => `${other.id}, which is ${other.status}${heldText(other.holds)}`),
    ),
    ...section(
      'What releases it',
      line.releases.map(({ text, command }) => (command === null ? text : `${text} ${command}`)),
    ),
    ...section(
      'Decided',
      line.decisions.map(
        ({ as, by, at, reason }) =>
          `${as === 'rejected' ? 'rejected' : `released as ${as}`} by ${by} on ${at.slice(0, 10)}: ${reason}`,
      ),
    ),
  ];
}

const heldText = (holds: readonly { readonly limitation: string }[]): string =>
  holds.length === 0 ? '' : ` (${holds.map(({ limitation }) => limitation).join(', ')})`;

function section(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  return ['', `${title}:`, ...items.flatMap((item) => wrapped(`- ${item}`, WIDTH))];
}
