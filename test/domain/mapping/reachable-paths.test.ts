import { describe, expect, test } from 'vitest';

import { reachablePaths } from '../../../src/domain/mapping/reachable-paths.ts';
import { ROUTES } from '../../../src/domain/mapping/routes.ts';
import { isUnmappable } from '../../../src/domain/mapping/unmappable.ts';

describe.each(Object.entries(ROUTES))('the paths of %s', (_type, routes) => {
  const paths = reachablePaths(routes);

  test('begin with the driver and name each object once by a way', () => {
    expect(paths[0]?.path).toBe(routes.driver);
    expect(new Set(paths.map(({ path }) => path)).size).toBe(paths.length);
  });

  test('lead to no object that templates may not use', () => {
    expect(paths.filter(({ object }) => isUnmappable(object.name))).toEqual([]);
  });

  test('lead to the contacts of the driver or its document, and to the accounting codes', () => {
    const objects = new Set(paths.map(({ object }) => object.name));
    expect(objects).toContain('Contact');
    expect(objects).toContain('AccountingCode');
  });
});

test('a relation that a route follows first is not shown twice', () => {
  const paths = reachablePaths(ROUTES.INV).map(({ path }) => path);
  expect(paths).not.toContain('InvoiceItem.Invoice');
  expect(paths).toContain('Subscription.Account');
});
