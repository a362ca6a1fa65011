import { type RawBuilder, sql } from 'kysely';

import type { Mapped } from './derivation.ts';

type Day = RawBuilder<unknown>;

/**
 * The Revenue End Date of a line as its template's row means it (design 9 (1)). Staging holds it as it came; what is
 * reckoned with is [start, end), whose end is the first day after.
 */
interface EndDate {
  /** The first day after, from what staging holds. */
  readonly dayAfter: (held: Day) => Day;
  /** What staging holds, from the first day after. */
  readonly held: (dayAfter: Day) => Day;
}

export function endDate(mapped: Mapped): EndDate {
  const same = (day: Day): Day => day;
  return mapped.row('revenue_end_date')?.end === 'inclusive'
    ? { dayAfter: (held) => sql`(${held} + 1)`, held: (dayAfter) => sql`(${dayAfter} - 1)` }
    : { dayAfter: same, held: same };
}
