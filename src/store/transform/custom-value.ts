import { type RawBuilder, sql } from 'kysely';

import type { FieldType } from '../../domain/catalogue/define-object.ts';
import { castTo, isValid } from '../load/typed-value.ts';

/** The text of a custom field as a value of the type; what is none counts as empty, so that one row stops no run. */
export function customValue(type: FieldType, value: RawBuilder<unknown>): RawBuilder<unknown> {
  if (type === 'text') return value;
  const text = sql<string | null>`${value}`;
  return sql`case when ${isValid(type, text)} then ${castTo(type, text)} end`;
}
