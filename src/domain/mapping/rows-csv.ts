import { csvRows, csvText } from '../csv/csv-text.ts';
import { RevsyncError } from '../errors.ts';
import type { TemplateRow } from './transaction-template.ts';

/** Zuora's columns, and the convention of end dates, which Zuora has nowhere. */
const COLUMNS = {
  seq: 'Seq',
  to: 'Staging Field Name',
  from: 'Input Value Label',
  type: 'Input Value Type',
  end: 'End Date Convention',
} as const;

/** The rows of a template as CSV; constants, defaults, filter and policies are not in it. */
export function csvOfRows(rows: readonly TemplateRow[]): string {
  const lines = rows.map(({ from, to, type, end = '' }, at) => [String(at + 1), to, from, type, end]);
  return csvText([Object.values(COLUMNS), ...lines]);
}

/**
 * The rows of a CSV file in the order of their `Seq`, as far as the file gives them one; yet to be checked. Columns
 * stand in any order; others are left out.
 *
 * @throws RevsyncError `TEMPLATE_UNREADABLE`
 */
export function rowsOfCsv(text: string): Record<string, string>[] {
  const [header, ...lines] = csvRows(text) ?? [];
  if (header === undefined) throw unreadable('The file has no rows, or a quote in it is not closed.');
  const places = new Map(header.map((name, at) => [name.trim().toLowerCase(), at]));
  const placeOf = (name: string): number | undefined => places.get(name.toLowerCase());
  const lacking = [COLUMNS.to, COLUMNS.from, COLUMNS.type].filter((name) => placeOf(name) === undefined);
  if (lacking.length > 0) throw unreadable(`The file lacks the column ${lacking.join(', ')}.`);

  const cellOf = (cells: readonly string[], name: string): string =>
    (cells[placeOf(name) ?? cells.length] ?? '').trim();
  const inOrder = lines
    .map((cells, at) => ({ cells, seq: seqOf(cellOf(cells, COLUMNS.seq)) ?? at }))
    .toSorted((a, b) => a.seq - b.seq);
  return inOrder.map(({ cells }) => {
    const end = cellOf(cells, COLUMNS.end).toLowerCase();
    const row = {
      from: cellOf(cells, COLUMNS.from),
      to: cellOf(cells, COLUMNS.to),
      type: cellOf(cells, COLUMNS.type),
    };
    return end === '' ? row : { ...row, end };
  });
}

const seqOf = (text: string): number | undefined => (/^\d{1,9}$/.test(text) ? Number(text) : undefined);

function unreadable(message: string): RevsyncError {
  return new RevsyncError(message, {
    code: 'TEMPLATE_UNREADABLE',
    fate: 'fix-input',
    remedy: `Give CSV with the columns ${Object.values(COLUMNS).join(', ')}, as \`revsync template export --format csv\` writes it.`,
  });
}
