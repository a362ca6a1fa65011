import { type RawBuilder, sql } from 'kysely';

import { type BillingObject, columnOf } from '../../domain/catalogue/define-object.ts';

/** `"Path"."column"`: a field of the object joined under that path. Paths may hold dots. */
export function column<Value = unknown>(
  path: string,
  object: BillingObject,
  field: string,
): RawBuilder<Value> {
  return sql<Value>`${sql.id(path, columnOf(object, field))}`;
}
