type Cell = string | null | undefined;

/** One line of CSV as RFC 4180 has it; null is nothing between the commas. */
export function csvLine(cells: readonly Cell[], nullText = ''): string {
  // Most lines need no quotes, and one look at the whole line is much quicker than one at each cell.
  const plain = nullText === '' ? cells.join(',') : '"';
  if (!/["\r\n]/.test(plain) && commasIn(plain) === cells.length - 1) return `${plain}\n`;
  return `${cells.map((cell) => csvCell(cell, nullText)).join(',')}\n`;
}

function csvCell(cell: Cell, nullText: string): string {
  if (cell === null || cell === undefined) return nullText;
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function commasIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf(','); at !== -1; at = text.indexOf(',', at + 1)) count += 1;
  return count;
}
