import { sql } from 'kysely';

import type { TestDatabase } from './database.ts';

const snake = (name: string): string =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();

interface BillingValue {
  readonly entity: string;
  readonly object: string;
  readonly id: string;
  readonly field: string;
}

/**
 * What a field of a billing row holds in pre-staging now, as text; `undefined` when there is no such row. Looks by
 * itself, without anything of the code that maps fields.
 */
export async function billingValue(
  { db }: TestDatabase,
  { entity, object, id, field }: BillingValue,
): Promise<string | null | undefined> {
  const named = snake(field);
  const [row, value] = object.startsWith('default__')
    ? [
        sql`prestaging.custom_record as p where entity = ${entity} and object = ${object} and id = ${id}`,
        named === 'updated_date'
          ? sql`to_jsonb(updated_date) #>> '{}'`
          : sql`content ->> ${field.toLowerCase()}`,
      ]
    : object === 'Entity'
      ? [sql`control.entity as p where entity = ${id}`, sql`to_jsonb(p) ->> ${named}`]
      : [
          sql`${sql.table(`prestaging.${snake(object)}`)} as p where entity = ${entity} and id = ${id}`,
          field.endsWith('__c') ? sql`custom ->> ${field}` : sql`to_jsonb(p) ->> ${named}`,
        ];
  const { rows } = await sql<{ value: string | null }>`select ${value} as value from ${row}`.execute(db);
  return rows[0]?.value;
}
