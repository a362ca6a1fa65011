import type { Balance } from '../store/balance/read-balance.ts';
import { table } from './output.ts';

/** The balance for a terminal: a line per object, currency and measure, and whether the sides are equal. */
export function balanceText({ rows, lines, balanced, run, entity }: Balance): string[] {
  const header = [
    'object',
    'currency',
    'measure',
    'extracted',
    '=',
    'staged',
    'held',
    'rejected',
    'excluded',
    'unchanged',
    'reference',
  ];
  const cells = rows.map((row) => [
    row.object,
    row.currency ?? '',
    row.measure,
    row.extracted,
    '',
    row.staged,
    row.held,
    row.rejected,
    row.excluded,
    row.unchanged,
    row.reference,
  ]);
  const formed = Object.entries(lines).map(([type, count]) => `${count} ${type}`);
  const reasons = rows.flatMap(({ object, measure, exclusions }) =>
    measure === 'count'
      ? Object.entries(exclusions).map(([reason, count]) => `${count} ${object} ${reason}`)
      : [],
  );
  return [
    `Balance of run ${run} of ${entity}: ${balanced ? 'equal' : 'NOT EQUAL'}`,
    ...(rows.length === 0 ? ['Nothing was extracted.'] : table(header, cells)),
    `Lines formed: ${formed.join(', ') || 'none'}.`,
    ...(reasons.length === 0 ? [] : [`Excluded: ${reasons.join(', ')}.`]),
  ];
}
