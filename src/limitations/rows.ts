import { type RawBuilder, sql } from 'kysely';

import { objectOf } from '../domain/catalogue/catalogue.ts';

/** The pre-staging table of an object, under its own name: `prestaging.invoice_item as "InvoiceItem"`. */
export function rowsOf(object: string, alias = object): RawBuilder<unknown> {
  return sql`${sql.table(`prestaging.${objectOf(object).table}`)} as ${sql.id(alias)}`;
}

/** Left-joins the row of an object whose id is `id`; deleted ones are none. */
export const joined = (object: string, id: RawBuilder<unknown>, alias = object): RawBuilder<unknown> =>
  sql`left join ${rowsOf(object, alias)} on ${sql.id(alias)}.entity = own.entity and ${sql.id(alias)}.id = ${id}
      and not ${sql.id(alias)}.deleted`;
