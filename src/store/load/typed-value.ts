import { type RawBuilder, sql } from 'kysely';

import type { FieldType } from '../../domain/catalogue/define-object.ts';

/** No text of Billing's is longer; what is, is rejected rather than stored. */
const LONGEST_TEXT = 100_000;

/**
 * Whether a landed text is a value of the type. `pg_input_is_valid` alone is not enough: PostgreSQL also
 * reads `today`, `infinity` and `NaN`, which are not values of Billing's.
 */
export function isValid(type: FieldType, text: RawBuilder<unknown>): RawBuilder<boolean> {
  switch (type) {
    case 'text':
      return sql`length(${text}) <= ${sql.lit(LONGEST_TEXT)}`;
    case 'integer':
      return sql`(translate(${text}, '0123456789-', '') = '' and pg_input_is_valid(${text}, 'integer'))`;
    case 'decimal':
      return sql`(length(${text}) <= 60 and (translate(${text}, '0123456789.-', '') = '' or ${text} ~ '^-?[0-9.]+[eE][+-]?[0-9]{1,2}$') and pg_input_is_valid(${text}, 'numeric'))`;
    case 'boolean':
      return sql`(lower(${text}) in ('true', 'false', '1', '0'))`;
    case 'date':
      return sql`(translate(left(${text}, 10), '0123456789', '') = '--' and (length(${text}) = 10 or substr(${text}, 11) ~ '^[T ]00:00:00(\\.0+)?(Z|[+-]00:?00)?$') and pg_input_is_valid(left(${text}, 10), 'date'))`;
    case 'datetime':
      return sql`(translate(left(${text}, 10), '0123456789', '') = '--' and substr(${text}, 12) ~ '^[0-9:.]*(Z|[+-][0-9]{2}:?[0-9]{2})?$' and pg_input_is_valid(${text}, 'timestamptz'))`;
  }
}

/** The landed text as a value of its type; only for text that `isValid`. Decimals lose trailing zeros. */
export function castTo(type: FieldType, text: RawBuilder<unknown>): RawBuilder<unknown> {
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
