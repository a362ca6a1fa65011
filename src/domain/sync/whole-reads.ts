const HOUR = 3_600_000;

/**
 * Whether a light run has to read state objects whole: some fields change without touching UpdatedDate, and not every
 * deletion is told. What one run in an hour finds is found soon enough, and costs a loop next to nothing.
 *
 * @param last where the window ended of the last run that read them whole, ISO; null: none did
 * @param to where the window of this one ends, ISO
 */
export function isWholeReadDue(last: string | null, to: string): boolean {
  return last === null || Date.parse(to) - Date.parse(last) >= HOUR;
}
