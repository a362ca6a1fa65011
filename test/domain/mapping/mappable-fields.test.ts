import { describe, expect, test } from 'vitest';

import { mappableFields } from '../../../src/domain/mapping/mappable-fields.ts';
import { resolvePath } from '../../../src/domain/mapping/resolve-path.ts';
import { ROUTES } from '../../../src/domain/mapping/routes.ts';
import { TEMPLATE_TYPES } from '../../../src/domain/mapping/transaction-template.ts';

const SEEN = [
  { object: 'RatePlanCharge', field: 'Region__c', filled: '3', rows: '5' },
  { object: 'default__project__c', field: 'name__c', filled: '2', rows: '2' },
];

describe('mappableFields', () => {
  test.each(TEMPLATE_TYPES)('of %s are fields that rows can name', (type) => {
    const unresolved = mappableFields(type, SEEN).filter(
      ({ path }) => path !== null && !('source' in resolvePath(ROUTES[type], path)),
    );
    expect(unresolved).toEqual([]);
  });

  const fields = mappableFields('INV', SEEN);
  const at = (path: string) => fields.find((field) => field.path === path);

  test('say what type they are and where they may go', () => {
    expect(at('InvoiceItem.ChargeAmount')).toMatchObject({ inputType: 'Number', attributesOnly: false });
    expect(at('InvoiceItem.BillToContact.FirstName')).toMatchObject({ attributesOnly: true });
    expect(at('Entity.HomeCurrency')).toMatchObject({ object: 'Entity' });
  });

  test('include custom fields on every way to their object, with how many rows have them', () => {
    expect(at('RatePlanCharge.Region__c')).toMatchObject({ type: 'custom', filled: '3', rows: '5' });
    expect(at('AppliedToCharge.Region__c')).toBeDefined();
  });

  test('include custom objects, whose way only the tenant knows', () => {
    expect(fields.filter(({ path }) => path === null)).toMatchObject([
      { object: 'default__project__c', field: 'name__c', filled: '2' },
    ]);
  });

  test('have no tax', () => {
    expect(at('InvoiceItem.TaxAmount')).toBeUndefined();
    expect(fields.some(({ object }) => object === 'Order')).toBe(false);
  });
});
