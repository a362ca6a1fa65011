import { findObject } from '../catalogue/catalogue.ts';
import type { BillingObject } from '../catalogue/define-object.ts';
import type { Routes } from './route.ts';
import { isUnmappable } from './unmappable.ts';

/** An object that rows of a type can read, by the path they read it along. */
export interface ReachablePath {
  readonly path: string;
  readonly object: BillingObject;
}

/**
 * The objects that rows of a type can read: the driver, those that routes lead to, and one relation on from
 * each. Rows may go further along relations; nobody needs to be shown that.
 */
export function reachablePaths({ driver, routes }: Routes): ReachablePath[] {
  const stations = [driver, ...routes.map(({ path }) => path)];
  const objectAt = (path: string): BillingObject | undefined =>
    findObject(routes.find((route) => route.path === path)?.object ?? path);
  const found = stations.flatMap((path): ReachablePath[] => {
    const object = objectAt(path);
    return object === undefined ? [] : [{ path, object }];
  });
  const shown = new Set(stations);
  const beyond = found.flatMap(({ path, object }) =>
    Object.entries(object.relations).flatMap(([name, relation]): ReachablePath[] => {
      const target = findObject(relation.object);
      const route = routes.find((each) => each.path === name);
      // The route of that name goes this very way.
      const same = route?.via[0] === `${path}.${relation.field}`;
      const farther = `${path}.${name}`;
      if (same || shown.has(farther) || target === undefined || isUnmappable(target.name)) return [];
      return [{ path: farther, object: target }];
    }),
  );
  return [...found, ...beyond];
}
