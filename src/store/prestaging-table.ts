import { type RawBuilder, sql } from 'kysely';

import type { BillingObject } from '../domain/catalogue/define-object.ts';

/** `prestaging.<table>` of an object, quoted. */
export function prestagingTable(object: BillingObject): RawBuilder<unknown> {
  return sql.table(`prestaging.${object.table}`);
}
