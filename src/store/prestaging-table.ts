import { type RawBuilder, sql } from 'kysely';

import { type BillingObject, columnOf } from '../domain/catalogue/define-object.ts';

/** `prestaging.<table>` of an object, quoted. */
export function prestagingTable(object: BillingObject): RawBuilder<unknown> {
  return sql.table(`prestaging.${object.table}`);
}

/** `<alias>.<column>` of an object's field, quoted. */
export function fieldRef(alias: string, object: BillingObject, field: string): RawBuilder<unknown> {
  return sql.ref(`${alias}.${columnOf(object, field)}`);
}
