import { type RawBuilder, sql } from 'kysely';

import { objectOf } from '../../domain/catalogue/catalogue.ts';
import { invariant } from '../../domain/errors.ts';
import type { Routes } from '../../domain/mapping/route.ts';
import { splitPath } from '../../domain/mapping/transaction-template.ts';
import { column } from './column.ts';

/** The key that leads to the object of a route; null where none of its fields has one. */
export function keyTo({ driver, routes }: Routes, path: string): RawBuilder<string | null> {
  const route = routes.find((each) => each.path === path);
  invariant(route !== undefined, `no route to ${path}`);
  const keys = route.via.map((from) => {
    const at = splitPath(from);
    const object = at.path === driver ? driver : routes.find((each) => each.path === at.path)?.object;
    return column<string | null>(at.path, objectOf(object ?? at.path), at.field);
  });
  return keys.length === 1 && keys[0] !== undefined
    ? keys[0]
    : sql<string | null>`coalesce(${sql.join(keys)})`;
}
