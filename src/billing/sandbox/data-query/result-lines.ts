import { csvLine } from '../csv-write.ts';
import { type OutputColumn } from './select-plan.ts';
import { type SqlType, type Value } from './sql-tree.ts';
import { isNumeric, textOf } from './values.ts';

export type ResultFormat = 'JSON' | 'CSV' | 'TSV' | 'DSV';

/** The lines of a result: a header where the format has one, and one line a row. */
export interface LineWriter {
  readonly header: string;
  line(values: readonly Value[]): string;
}

/** `separator` is for DSV alone. */
export function linesOf(
  format: ResultFormat,
  columns: readonly OutputColumn[],
  separator: string,
): LineWriter {
  if (format === 'JSON') {
    const keys = columns.map(({ name }) => `${JSON.stringify(name)}:`);
    const line: LineWriter['line'] = (values) =>
      `{${columns.map(({ type }, index) => (keys[index] ?? '') + jsonValue(type, values[index] ?? null)).join(',')}}\n`;
    return { header: '', line };
  }
  const join = format === 'CSV' ? csvLine : separatedBy(format === 'TSV' ? '\t' : separator);
  return {
    header: join(columns.map(({ name }) => name)),
    line: (values) => join(columns.map(({ type }, index) => values[index] && textOf(type, values[index]))),
  };
}

/** Numbers are written digit by digit as they are, never through a JavaScript number. */
function jsonValue(type: SqlType, value: Value): string {
  if (value === null) return 'null';
  if (type === 'boolean' || (isNumeric(type) && /^-?(0|[1-9]\d*)(\.\d+)?$/.test(value))) return value;
  return JSON.stringify(textOf(type, value));
}

function separatedBy(separator: string): (cells: readonly (string | null | undefined)[]) => string {
  const quoted = (cell: string): boolean => /["\r\n]/.test(cell) || cell.includes(separator);
  return (cells) =>
    `${cells
      .map((cell) => (cell != null && quoted(cell) ? `"${cell.replaceAll('"', '""')}"` : (cell ?? '')))
      .join(separator)}\n`;
}
