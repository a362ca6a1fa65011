import { type RawBuilder, sql } from 'kysely';

import { STAGING_FIELDS } from '../../domain/mapping/staging-fields.ts';

/** They tell when Billing touched the rows, not what these say. */
const NOT_CONTENT = new Set(['charge_last_update_date', 'sequence_number']);

/**
 * Hash of what a line of `staging.line` (by its alias) says. A decision on a line counts for this content: one that
 * is formed anew and says the same is decided on already.
 */
export function contentOf(alias: string): RawBuilder<string> {
  const columns = STAGING_FIELDS.filter(({ column }) => !NOT_CONTENT.has(column)).map(({ column, type }) => {
    const value = sql.id(alias, column);
    return type === 'Number' ? sql`trim_scale(${value})` : value;
  });
  return sql<string>`md5(row(${sql.id(alias, 'type')}, ${sql.join(columns)})::text)`;
}
