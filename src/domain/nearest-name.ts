/**
 * The name most like the one that was written, or null when none is near: the same in other case, else the
 * one with the fewest slips of the pen, else one that holds the other.
 */
export function nearestName(written: string, names: Iterable<string>): string | null {
  const wanted = written.toLowerCase();
  let nearest: { readonly name: string; readonly slips: number } | null = null;
  let holding: string | null = null;
  for (const name of names) {
    const candidate = name.toLowerCase();
    const slips = slipsBetween(wanted, candidate);
    const reach = Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3));
    if (slips <= reach && (nearest === null || slips < nearest.slips)) nearest = { name, slips };
    holding ??= holds(wanted, candidate) ? name : null;
  }
  return nearest?.name ?? holding;
}

/** Shorter parts are in too many names to mean anything. */
const LEAST_PART = 4;

function holds(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short.length >= LEAST_PART && long.includes(short);
}

/** Letters to add, leave out, change or swap with their neighbour. */
function slipsBetween(one: string, other: string): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1];
      const swapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[j - 2] ?? 0) + 1 : Infinity,
      );
    }
    before = row;
    row = next;
  }
  return row[other.length] ?? 0;
}
