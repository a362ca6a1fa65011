import { type RawBuilder, sql } from 'kysely';

import { CONVERTED_LABELS, STAGING_FIELDS, type StagingField } from '../../domain/mapping/staging-fields.ts';

/** `func_ex_rate_source` of a rate that the template maps. */
export const MAPPED_RATE = 'template';

/** They tell when Billing touched the rows, not what these say. */
const DATES = new Set(['charge_last_update_date', 'sequence_number']);

/** Whether a field says something of its own. What follows from the price and the rate does not. */
export const isContent = ({ column, label }: StagingField): boolean =>
  !DATES.has(column) && !CONVERTED_LABELS.has(label);

/** What a field says of its own. A rate does where the template maps it; any other follows from Billing's and our tables. */
export const contentValue = (alias: string, { column }: StagingField): RawBuilder<unknown> =>
  column === 'func_ex_rate'
    ? sql`case when ${sql.id(alias, 'func_ex_rate_source')} = ${sql.lit(MAPPED_RATE)} then ${sql.id(alias, column)} end`
    : sql.id(alias, column);

/**
 * Hash of what a line of `staging.line` (by its alias) says. A decision on a line counts for this content: one that
 * is formed anew and says the same is decided on already.
 */
export function contentOf(alias: string): RawBuilder<string> {
  const columns = STAGING_FIELDS.filter(isContent).map((field) => {
    const value = contentValue(alias, field);
    return field.type === 'Number' ? sql`trim_scale(${value})` : value;
  });
  return sql<string>`md5(row(${sql.id(alias, 'type')}, ${sql.join(columns)})::text)`;
}
