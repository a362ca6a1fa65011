import { type RawBuilder, sql } from 'kysely';

import type { FieldType } from '../../domain/catalogue/define-object.ts';

type Text = RawBuilder<string | null>;

/** No text of Billing's is longer; what is, is rejected rather than stored. */
const LONGEST_TEXT = 100_000;

/** What may follow the day of an instant; Data Query sets the offset or a zone's name apart. */
const CLOCK = '^[0-9:.]*( ?(Z|UTC|[+-][0-9]{2}:?[0-9]{2}|[A-Z][A-Za-z_]+/[A-Za-z_/]+))?$';

/**
 * Whether a landed text is a value of the type (true for null). `pg_input_is_valid` alone is not enough:
 * PostgreSQL also reads `today`, `infinity` and `NaN`, which are not values of Billing's.
 */
export function isValid(type: FieldType, text: Text): RawBuilder<boolean> {
  switch (type) {
    case 'text':
      return sql`coalesce(length(${text}) <= ${sql.lit(LONGEST_TEXT)}, true)`;
    case 'integer':
      return sql`coalesce(translate(${text}, '0123456789-', '') = '' and pg_input_is_valid(${text}, 'integer'), true)`;
    case 'decimal':
      return sql`coalesce(length(${text}) <= 60 and (translate(${text}, '0123456789.-', '') = '' or ${text} ~ '^-?[0-9.]+[eE][+-]?[0-9]{1,2}$') and pg_input_is_valid(${text}, 'numeric'), true)`;
    case 'boolean':
      return sql`coalesce(lower(${text}) in ('true', 'false', '1', '0'), true)`;
    case 'date':
      return sql`coalesce(translate(left(${text}, 10), '0123456789', '') = '--' and (length(${text}) = 10 or substr(${text}, 11) ~ '^[T ]00:00:00(\\.0+)?(Z|[+-]00:?00)?$') and pg_input_is_valid(left(${text}, 10), 'date'), true)`;
    case 'datetime':
      return sql`coalesce(translate(left(${text}, 10), '0123456789', '') = '--' and substr(${text}, 12) ~ ${sql.lit(CLOCK)} and pg_input_is_valid(${text}, 'timestamptz'), true)`;
  }
}

/**
 * Whether all values of a row are spelled as they usually are, which is quick to see. What is plain is a
 * value or fails to be cast; what is not needs `isValid`, field by field. `row` is the whole landed row.
 */
export function isPlain(
  fields: readonly { readonly type: FieldType; readonly text: Text }[],
  row: RawBuilder<unknown>,
): RawBuilder<boolean> {
  const short = sql`pg_column_size(${row}) <= ${sql.lit(LONGEST_TEXT)}`;
  return sql`(${sql.join([short, ...fields.flatMap(({ type, text }) => plain(type, text))], sql` and `)})`;
}

function plain(type: FieldType, text: Text): RawBuilder<unknown>[] {
  switch (type) {
    case 'text':
      return [];
    case 'integer':
    case 'decimal':
      return [sql`coalesce(translate(${text}, '0123456789.-', '') = '', true)`];
    case 'boolean':
      return [sql`coalesce(${text} in ('true', 'false'), true)`];
    case 'date':
      return [sql`coalesce(translate(${text}, '0123456789', '') = '--' and length(${text}) = 10, true)`];
    case 'datetime':
      return [sql`coalesce(translate(left(${text}, 19), '0123456789', '') in ('--T::', '-- ::'), true)`];
  }
}

/** The landed text as a value of its type; only for text that `isValid`. Decimals lose trailing zeros. */
export function castTo(type: FieldType, text: Text): RawBuilder<unknown> {
  switch (type) {
    case 'text':
      return text;
    case 'integer':
      return sql`${text}::integer`;
    case 'decimal':
      return sql`trim_scale(${text}::numeric)`;
    case 'boolean':
      return sql`${text}::boolean`;
    case 'date':
      return sql`left(${text}, 10)::date`;
    case 'datetime':
      return sql`${text}::timestamptz`;
  }
}
