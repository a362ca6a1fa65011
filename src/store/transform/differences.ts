import { type RawBuilder, sql } from 'kysely';

import { findStagingField, GUARDED_LABELS, type StagingField } from '../../domain/mapping/staging-fields.ts';
import { contentValue } from '../lines/content.ts';
import { listed } from './listed.ts';

/** A field of a line under an alias as text that depends on no setting; null where it is empty. */
export function plainText(alias: string, field: StagingField): RawBuilder<string | null> {
  const { type } = field;
  const value = contentValue(alias, field);
  if (type === 'Number') return sql<string | null>`trim_scale(${value})::text`;
  return type === 'Date'
    ? sql<string | null>`to_char(${value}, 'YYYY-MM-DD')`
    : sql<string | null>`nullif(${value}, '')`;
}

const shown = (alias: string, field: StagingField): RawBuilder<string> =>
  sql<string>`coalesce(${plainText(alias, field)}, 'empty')`;

const GUARDED = GUARDED_LABELS.flatMap((label) => findStagingField(label) ?? []);

/** The guarded fields in which `f` differs from the collected line `c`: `Ext Sell Price (was 1200, is 1300), Duration (...)`. */
export const DIFFERENCES = sql<string>`concat_ws(', ',
  ${listed(
    GUARDED.map((field) => {
      const differs = sql`${sql.id('f', field.column)} is distinct from ${sql.id('c', field.column)}`;
      return sql`case when ${differs} then ${sql.lit(`${field.label} (was `)} || ${shown('c', field)} || ', is ' || ${shown('f', field)} || ')' end`;
    }),
  )})`;
