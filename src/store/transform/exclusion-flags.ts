import { type RawBuilder, sql } from 'kysely';

import type { Exclusion } from './derivation.ts';

type What = 'booking' | 'billing';

/** Whether the flag of the row under that path keeps its bookings, or its billings, out of revenue (design 9 (21)). */
export const isFlagged = (what: What, path: string): RawBuilder<boolean | null> =>
  sql<boolean | null>`${sql.id(path, `exclude_item_${what}_from_revenue_accounting`)}`;

/** What the flags on any of these rows keep out. */
export const excludedByFlag = (what: What, ...paths: readonly string[]): Exclusion[] =>
  paths.map((path) => ['exclusion-flag', isFlagged(what, path)]);
