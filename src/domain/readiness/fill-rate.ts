/** Percent of the rows that are filled, rounded half up to one decimal, as text; null without rows. */
export function fillRate(filled: string, rows: string): string | null {
  const all = BigInt(rows);
  if (all === 0n) return null;
  const tenths = (BigInt(filled) * 2000n + all) / (2n * all);
  return `${tenths / 10n}.${tenths % 10n}`;
}
