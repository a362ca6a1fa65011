import { CATALOGUE } from '../../domain/catalogue/catalogue.ts';
import type { Footprint } from '../../limitations/limitation.ts';
import type { Db } from '../database.ts';

const OBJECTS: ReadonlyMap<string, string> = new Map(CATALOGUE.map(({ table, name }) => [table, name]));

/** The text of a footprint's query, the same for all entities. */
export const queryOf = (db: Db, footprint: Footprint): string => footprint.hits('').compile(db).sql;

/**
 * The objects whose rows a footprint reads, taken from its query, sorted. They are more than its `objects`, which have
 * to be extracted to tell: a currency may be lacking, and still a change of it changes what is found.
 */
export function objectsRead(db: Db, footprint: Footprint): string[] {
  const tables = queryOf(db, footprint).matchAll(/"?prestaging"?\."?(\w+)"?/g);
  return [...new Set([...tables].flatMap(([, table = '']) => OBJECTS.get(table) ?? []))].toSorted();
}
