/** Text as a literal of ZOQL and Export ZOQL: in quotes, `'` and `\` escaped by a backslash (wire.md 2.3). */
export function zoqlText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
