import type { DryRun } from '../../store/dry-run/dry-run.ts';
import { clipped } from '../list-output.ts';
import { table } from '../output.ts';
import type { Side } from './diff-sides.ts';

/** What the next sync of an entity would do, for a person. */
export function dataText(data: DryRun, sides: { readonly before: Side; readonly after: Side }): string[] {
  const { entity, type, lines, contracts } = data;
  const { added, removed, collected } = lines;
  return [
    `The ${type} lines of ${entity} at its next sync, over what is extracted by now:`,
    `  ${countsText(lines)}`,
    ...(collected === '0'
      ? []
      : [
          `  ${collected} of these are collected: no template changes them until Billing changes their rows.`,
        ]),
    ...lines.retyped.map(
      ({ before, after, lines: count }) => `  ${count} ${before} become ${after}, with another id.`,
    ),
    ...idsText('Added', added, lines.addedSample),
    ...idsText('Removed', removed, lines.removedSample),
    ...idsText('Contracts affected', contracts.count, contracts.sample),
    ...amountsText(data),
    ...fieldsText(data),
    ...holdsText(data),
    ...notesText(data, sides),
  ];
}

function countsText({ added, removed, changed, unchanged }: DryRun['lines']): string {
  const moved = [
    ...(changed === '0' ? [] : [`${changed} changed`]),
    ...(added === '0' ? [] : [`${added} added`]),
    ...(removed === '0' ? [] : [`${removed} removed`]),
  ];
  return `${moved.length === 0 ? 'none changed' : moved.join(', ')}; ${unchanged} stay as they are.`;
}

function idsText(what: string, count: string, ids: readonly string[]): string[] {
  if (count === '0') return [];
  return [`  ${what}: ${count} (${ids.join(', ')}${count === String(ids.length) ? '' : ', …'})`];
}

function amountsText({ amounts }: DryRun): string[] {
  if (amounts.length === 0) return [];
  const header = ['type', 'currency', 'lines before', 'after', 'Ext Sell Price before', 'after'];
  const rows = amounts.map(({ type, currency, lines, before, after }) => [
    type,
    currency ?? 'none',
    lines.before,
    lines.after,
    before,
    after,
  ]);
  return ['', ...table(header, rows)];
}

/** Empty and blank look alike otherwise; what would move the cursor is not passed on to the terminal. */
const shown = (value: string | null): string =>
  value === null ? '(empty)' : clipped(value.replaceAll(/\p{Cc}+/gu, ' '), 34);

function fieldsText({ fields }: DryRun): string[] {
  if (fields.length === 0) return [];
  const rows = fields.flatMap(({ label, lines, samples }) =>
    samples.map(({ line, before, after }, at) => [
      at === 0 ? label : '',
      at === 0 ? lines : '',
      line,
      shown(before),
      shown(after),
    ]),
  );
  return ['', ...table(['field', 'lines', 'for example', 'before', 'after'], rows)];
}

function holdsText({ holds }: DryRun): string[] {
  if (holds.length === 0) return [];
  const rows = holds.map(({ limitation, withheld, released }) => [
    limitation,
    withheld.count,
    released.count,
    clipped([...withheld.sample, ...released.sample].join(', '), 60),
  ]);
  return ['', ...table(['hold', 'withheld', 'released', 'for example'], rows)];
}

/** What one has to know to read the figures. */
function notesText(
  { entity, used, usesOwn, openRun, pending, neverExtracted }: DryRun,
  { before, after }: { readonly before: Side; readonly after: Side },
): string[] {
  const missing = neverExtracted.map(({ object, field }) => (field === null ? object : `${object}.${field}`));
  const { added = '0', removed = '0', changed = '0' } = pending ?? {};
  const notes = [
    ...(used === before.id ? [] : [`${entity} uses ${used === null ? 'none' : `"${used}"`} now.`]),
    ...(usesOwn && after.template.entity === null
      ? [
          `It has a default of its own, and uses "${after.id}" only once that is kept for ${entity} (\`load --entity\`).`,
        ]
      : []),
    ...(openRun === null
      ? []
      : [`Run ${openRun} is open: what it has loaded by now is counted, the rest is not.`]),
    ...([added, removed, changed].every((count) => count === '0')
      ? []
      : [
          `Besides, the next sync forms rows that are here already: by the template used now it adds ${added} lines, removes ${removed} and changes ${changed}.`,
        ]),
    ...(missing.length === 0
      ? []
      : [`Not extracted by any sync yet, and empty here until one brings it: ${missing.join(', ')}.`]),
  ];
  return notes.length === 0 ? [] : ['', ...notes];
}
