/** One line of CSV as RFC 4180 has it; null is nothing between the commas. */
export function csvLine(cells: readonly (string | null | undefined)[], nullText = ''): string {
  let line = '';
  for (let index = 0; index < cells.length; index += 1) {
    if (index > 0) line += ',';
    const cell = cells[index];
    line += cell === null || cell === undefined ? nullText : csvCell(cell);
  }
  return `${line}\n`;
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
