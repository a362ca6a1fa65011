import { describe, expect, test } from 'vitest';

import { findObject } from '../../../../src/domain/catalogue/catalogue.ts';
import type { FieldType } from '../../../../src/domain/catalogue/define-object.ts';
import type { Routes } from '../../../../src/domain/mapping/route.ts';
import { ROUTES } from '../../../../src/domain/mapping/routes.ts';
import { SEEDED_TEMPLATES } from '../../../../src/domain/mapping/seeded/seeded-templates.ts';
import { findStagingField, type InputValueType } from '../../../../src/domain/mapping/staging-fields.ts';
import { MAPPING_TABLES } from '../../../support/mapping-tables.ts';

const ENTITY_FIELDS = ['DisplayName', 'EntityName', 'HomeCurrency'];
const FITS: Readonly<Record<InputValueType, readonly FieldType[]>> = {
  Character: ['text'],
  Number: ['integer', 'decimal'],
  Date: ['date', 'datetime'],
};
/** domain.md 1.1: fields of these may not appear in any transaction template. */
const UNMAPPABLE = [
  'CreditBalanceAdjustment',
  'RatePlanChargeTier',
  'Order',
  'OrderAction',
  'ExchangeRate',
  'RampInterval',
  'RampSubscriptionLink',
];

/** The object and the type of the field that a path ends in, along the routes and then relations. */
function resolve(from: string, { driver, routes }: Routes): { object: string; type: FieldType } | undefined {
  const [first = '', ...rest] = from.split('.');
  const field = rest.pop() ?? '';
  if (first === 'Entity')
    return ENTITY_FIELDS.includes(field) ? { object: 'Entity', type: 'text' } : undefined;
  const route = routes.find(({ path }) => path === first);
  if (first !== driver && route === undefined) return undefined;
  let object = findObject(route?.object ?? first);
  for (const step of rest) object = findObject(object?.relations[step]?.object ?? '');
  const type = object?.fields[field];
  return object === undefined || type === undefined ? undefined : { object: object.name, type };
}

describe.each(SEEDED_TEMPLATES.map((template) => [template.type, template] as const))(
  'the seeded template of %s',
  (type, template) => {
    const routes = ROUTES[type];

    test('serves every entity', () => {
      expect(template.entity).toBeNull();
    });

    test('has every row of its mapping document, in its order', () => {
      expect(template.rows.map(({ from, to, type: input }) => [from, to, input])).toEqual(
        MAPPING_TABLES[type],
      );
    });

    test.each(template.rows.map((row) => [row.to, row.from, row] as const))(
      'fills %s from %s, a field there is, of a type that fits',
      (_to, from, row) => {
        const source = resolve(from, routes);
        expect(source).toBeDefined();
        expect(FITS[row.type]).toContain(source?.type);
        expect(UNMAPPABLE).not.toContain(source?.object);
        const target = findStagingField(row.to);
        expect(target).toMatchObject({ type: row.type, derived: false });
      },
    );

    test('fills no field twice', () => {
      expect(new Set(template.rows.map(({ to }) => to)).size).toBe(template.rows.length);
    });

    test('takes Billing’s end dates as exclusive', () => {
      const ends = template.rows.filter(({ to }) => to.endsWith(' End Date'));
      expect(ends.map(({ to }) => to)).toEqual(['Subscription End Date', 'Revenue End Date']);
      expect(ends.every(({ end }) => end === 'exclusive')).toBe(true);
    });
  },
);

describe('SEEDED_TEMPLATES', () => {
  test('are transformed bookings first', () => {
    expect(SEEDED_TEMPLATES.map(({ type }) => type)).toEqual(['SO', 'INV', 'IIA', 'CM', 'DM']);
  });
});
