import { type RawBuilder, sql } from 'kysely';

import { STAGING_FIELDS, type StagingField } from '../../domain/mapping/staging-fields.ts';

/** They tell when Billing touched the rows, not what these say. */
const NOT_CONTENT = new Set(['charge_last_update_date', 'sequence_number']);

/** Whether a field says something of its own. */
export const isContent = ({ column }: StagingField): boolean => !NOT_CONTENT.has(column);

/**
 * Hash of what a line of `staging.line` (by its alias) says. A decision on a line counts for this content: one that
 * is formed anew and says the same is decided on already.
 */
export function contentOf(alias: string): RawBuilder<string> {
  const columns = STAGING_FIELDS.filter(isContent).map(({ column, type }) => {
    const value = sql.id(alias, column);
    return type === 'Number' ? sql`trim_scale(${value})` : value;
  });
  return sql<string>`md5(row(${sql.id(alias, 'type')}, ${sql.join(columns)})::text)`;
}
