import { invariant } from '../errors.ts';
import type { Routes } from './route.ts';
import { splitPath } from './transaction-template.ts';

/** An object whose field holds the key of the one before it. */
interface Step {
  readonly object: string;
  readonly field: string;
}

/** From a row of an object back to the drivers that may lead to it; the last step is the driver. */
export interface Way {
  readonly object: string;
  readonly steps: readonly [Step, ...Step[]];
}

/** Every way along which rows of the driver may reach a path of its routes. */
export function waysTo(routes: Routes, path: string): Way[] {
  const route = routes.routes.find((each) => each.path === path);
  invariant(route !== undefined, `no route to ${path}`);
  const object = route.object ?? route.path;
  return route.via.flatMap((via): Way[] => {
    const { path: from, field } = splitPath(via);
    if (from === routes.driver) return [{ object, steps: [{ object: from, field }] }];
    return waysTo(routes, from).map((way) => ({
      object,
      steps: [{ object: way.object, field }, ...way.steps],
    }));
  });
}
