import { describe, expect, test } from 'vitest';

import { SEEDED_TEMPLATES } from '../../../src/domain/mapping/seeded/seeded-templates.ts';
import type { TemplateRow, TransactionTemplate } from '../../../src/domain/mapping/transaction-template.ts';
import {
  type EntityMapping,
  suggestMappings as suggestIn,
} from '../../../src/domain/readiness/suggest-mapping.ts';

const field = (object: string, name: string, filled = '3') => ({ object, field: name, filled, rows: '4' });

const suggestMappings = (seen: EntityMapping['seen'], own: EntityMapping['templates']) =>
  suggestIn([{ entity: 'demo', seen, templates: own }]);

function templates(type: TransactionTemplate['type'], ...rows: readonly TemplateRow[]) {
  const body = SEEDED_TEMPLATES.find((each) => each.type === type);
  if (body === undefined) throw new Error(`no template of ${type}`);
  return [{ name: `${type} template`, body: { ...body, rows: [...body.rows, ...rows] } }];
}

describe('suggestMappings', () => {
  test('offers every unmapped field an attribute of its own, with the way to it and its fill rate', () => {
    const seen = [field('RatePlanCharge', 'Region__c'), field('Account', 'Sector__c')];
    expect(suggestMappings(seen, templates('SO'))).toEqual([
      {
        ...field('RatePlanCharge', 'Region__c'),
        entity: 'demo',
        rate: '75.0',
        mappedBy: [],
        suggestion: { type: 'SO', from: 'RatePlanCharge.Region__c', to: 'ATR1' },
      },
      {
        ...field('Account', 'Sector__c'),
        entity: 'demo',
        rate: '75.0',
        mappedBy: [],
        suggestion: { type: 'SO', from: 'Account.Sector__c', to: 'ATR2' },
      },
    ]);
  });

  test('passes over attributes that are taken, and says which template maps a field', () => {
    const seen = [field('RatePlanCharge', 'Region__c'), field('RatePlanCharge', 'Team__c')];
    const mapped = templates('SO', { from: 'RatePlanCharge.Region__c', to: 'ATR1', type: 'Character' });
    expect(suggestMappings(seen, mapped)).toMatchObject([
      { mappedBy: ['SO template'], suggestion: null },
      { mappedBy: [], suggestion: { to: 'ATR2' } },
    ]);
  });

  test('goes on to another type where bookings cannot reach the field', () => {
    const both = [...templates('SO'), ...templates('INV')];
    expect(suggestMappings([field('InvoiceItem', 'CostCentre__c')], both)).toMatchObject([
      { suggestion: { type: 'INV', from: 'InvoiceItem.CostCentre__c', to: 'ATR1' } },
    ]);
  });

  test('offers nothing for a field without values, or without a way to it', () => {
    const seen = [field('RatePlanCharge', 'Empty__c', '0'), field('OrderAction', 'Far__c')];
    expect(suggestMappings(seen, templates('SO')).map(({ suggestion }) => suggestion)).toEqual([null, null]);
  });

  describe('over several entities', () => {
    const seen = [field('RatePlanCharge', 'Region__c')];
    const mapping = { from: 'RatePlanCharge.Region__c', to: 'ATR1', type: 'Character' } as const;
    const own = (name: string, ...rows: readonly TemplateRow[]) =>
      templates('SO', ...rows).map((each) => ({ ...each, name }));

    test('a field that one entity maps is not mapped in the others', () => {
      const uses = suggestIn([
        { entity: 'north', seen, templates: own('North', mapping) },
        { entity: 'south', seen, templates: own('South') },
      ]);
      expect(uses).toMatchObject([
        { entity: 'north', mappedBy: ['North'], suggestion: null },
        { entity: 'south', mappedBy: [], suggestion: { to: 'ATR1' } },
      ]);
    });

    test('a template that they share has one attribute for a field, and none for two', () => {
      const shared = own('Shared');
      const uses = suggestIn([
        { entity: 'north', seen, templates: shared },
        { entity: 'south', seen: [field('RatePlanCharge', 'Team__c'), ...seen], templates: shared },
      ]);
      expect(uses.map(({ field: name, suggestion }) => `${name} ${suggestion?.to}`)).toEqual([
        'Region__c ATR1',
        'Team__c ATR2',
        'Region__c ATR1',
      ]);
    });
  });
});
