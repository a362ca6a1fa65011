import { type RawBuilder, sql } from 'kysely';

import type { BillingObject } from '../../domain/catalogue/define-object.ts';
import { prestagingTable } from '../prestaging-table.ts';

/** The one table of all custom objects; its column `object` tells them apart. */
export const CUSTOM_RECORDS = 'custom_record';

/** Where the rows of an object lie in pre-staging. */
export interface Target {
  readonly table: RawBuilder<unknown>;
  /** Whether the row under an alias is one of the entity's rows of the object. */
  readonly holds: (alias: string) => RawBuilder<boolean>;
  /** The column of the object's name, where the table has one. */
  readonly nameColumn: RawBuilder<unknown>;
  readonly nameValue: RawBuilder<unknown>;
}

export function targetOf(object: BillingObject, entity: string): Target {
  const shared = object.table === CUSTOM_RECORDS;
  return {
    table: prestagingTable(object),
    holds: (alias) =>
      shared
        ? sql<boolean>`${sql.id(alias, 'entity')} = ${entity} and ${sql.id(alias, 'object')} = ${object.name}`
        : sql<boolean>`${sql.id(alias, 'entity')} = ${entity}`,
    nameColumn: shared ? sql`object, ` : sql``,
    nameValue: shared ? sql`${object.name}, ` : sql``,
  };
}

/** The jsonb column that takes the fields which the catalogue does not have. */
export const customColumnOf = ({ table }: BillingObject): 'content' | 'custom' =>
  table === CUSTOM_RECORDS ? 'content' : 'custom';
