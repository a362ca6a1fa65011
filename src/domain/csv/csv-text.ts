/** What a spreadsheet would take for a formula when a cell begins with it; and the mark that keeps it from that. */
const DANGEROUS = /^[=+\-@\t\r]/;
const MARK = "'";

/**
 * Rows of cells as CSV (RFC 4180). A cell that a spreadsheet would run as a formula gets a `'` in front; so does
 * one that begins with a `'`, so that reading it back gives every cell as it was.
 */
export function csvText(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(cellText).join(',')}\r\n`).join('');
}

function cellText(cell: string): string {
  const harmless = DANGEROUS.test(cell) || cell.startsWith(MARK) ? `${MARK}${cell}` : cell;
  return /[",\r\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/**
 * The rows of a CSV text with the marks of `csvText` taken off; lines without any cell are left out. Null when a
 * quote is not closed.
 */
export function csvRows(text: string): string[][] | null {
  const rows: string[][] = [];
  let row: string[] = [];
  const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  CELL.lastIndex = text.startsWith('\uFEFF') ? 1 : 0;
  while (CELL.lastIndex < text.length || row.length > 0) {
    const found = CELL.exec(text);
    if (found === null) return null;
    const [, quoted, plain = '', end] = found;
    row.push(unmarked(quoted?.replaceAll('""', '"') ?? plain));
    if (end === ',') continue;
    if (row.length > 1 || row[0] !== '' || quoted !== undefined) rows.push(row);
    row = [];
  }
  return rows;
}

function unmarked(cell: string): string {
  const marked = cell.startsWith(MARK) && (DANGEROUS.test(cell.slice(1)) || cell.startsWith(MARK, 1));
  return marked ? cell.slice(1) : cell;
}
