import { describe, expect, test } from 'vitest';

import { findObject } from '../../../src/domain/catalogue/catalogue.ts';
import { driverAmount } from '../../../src/domain/catalogue/driver-amount.ts';
import { ROUTES } from '../../../src/domain/mapping/routes.ts';
import { splitPath } from '../../../src/domain/mapping/transaction-template.ts';

describe.each(Object.entries(ROUTES))('the routes of %s', (_type, { driver, routes }) => {
  const objectAt = (path: string) =>
    findObject(path === driver ? path : (routes.find((route) => route.path === path)?.object ?? path));

  test('start from an object whose rows become lines', () => {
    expect(driverAmount(driver)).toBeDefined();
  });

  test('lead to objects of the catalogue, each by a name of its own', () => {
    expect(routes.filter(({ path }) => objectAt(path) === undefined)).toEqual([]);
    expect(new Set(routes.map(({ path }) => path)).size).toBe(routes.length);
  });

  test.each(routes.map((route, index) => [route.path, route, index] as const))(
    'reach %s along fields that hold keys, from where the route has been before',
    (_path, { via }, index) => {
      const reached = new Set([driver, ...routes.slice(0, index).map(({ path }) => path)]);
      for (const from of via) {
        const { path, field } = splitPath(from);
        expect(reached).toContain(path);
        expect(objectAt(path)?.fields[field]).toBe('text');
        expect(field).toMatch(/Id$/);
      }
    },
  );

  test.each(routes.map((route) => [route.path, route] as const))(
    'reach %s where the field says it is',
    (path, { via, object }) => {
      const target = object ?? path;
      for (const from of via) {
        const start = splitPath(from);
        const relations = Object.values(objectAt(start.path)?.relations ?? {});
        const leads = relations
          .filter(({ field }) => field === start.field)
          .map((relation) => relation.object);
        // The price of a charge has the charge's own key, and some fields are no relation in Billing.
        if (start.field !== 'Id' && leads.length > 0) expect(leads).toContain(target);
      }
    },
  );
});
