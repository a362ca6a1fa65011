import { describe, expect, test } from 'vitest';

import { customFieldFacts, mappingOf } from '../../../src/domain/enablement/custom-field-proposal.ts';
import type { SeenCustomField } from '../../../src/domain/mapping/mappable-fields.ts';
import { TEMPLATE_TYPES } from '../../../src/domain/mapping/transaction-template.ts';

const seen = (object: string, field: string, filled: string, rows = '8'): SeenCustomField => ({
  object,
  field,
  filled,
  rows,
});

describe('customFieldFacts', () => {
  test('proposes the fullest first, each an attribute of its own whatever type reads it', () => {
    const facts = customFieldFacts(
      [
        seen('InvoiceItem', 'Centre__c', '4'),
        seen('RatePlanCharge', 'Region__c', '1'),
        seen('Account', 'Sector__c', '8'),
      ],
      TEMPLATE_TYPES,
    );
    expect(facts.fields).toEqual([
      { object: 'Account', field: 'Sector__c', rate: '100.0' },
      { object: 'InvoiceItem', field: 'Centre__c', rate: '50.0' },
      { object: 'RatePlanCharge', field: 'Region__c', rate: '12.5' },
    ]);
    expect(facts.proposal).toEqual([
      { from: 'Account.Sector__c', to: 'ATR1' },
      { from: 'InvoiceItem.Centre__c', to: 'ATR2' },
      { from: 'RatePlanCharge.Region__c', to: 'ATR3' },
    ]);
  });

  test('keeps fields of the same rate in the order of their names', () => {
    const { proposal } = customFieldFacts(
      [seen('RatePlanCharge', 'B__c', '2', '4'), seen('RatePlanCharge', 'A__c', '1', '2')],
      ['SO'],
    );
    expect(proposal.map(({ from }) => from)).toEqual(['RatePlanCharge.A__c', 'RatePlanCharge.B__c']);
  });

  test('proposes nothing that no template of these types reads, nor a field without a way to it', () => {
    const fields = [seen('InvoiceItem', 'Centre__c', '4'), seen('default__project__c', 'region__c', '4')];
    const { proposal, fields: found } = customFieldFacts(fields, ['SO']);
    expect(proposal).toEqual([]);
    expect(found).toHaveLength(2);
  });

  test('proposes no more than there are attributes', () => {
    const many = Array.from({ length: 70 }, (_, at) =>
      seen('RatePlanCharge', `F${at}__c`, String(at + 1), '70'),
    );
    const { proposal } = customFieldFacts(many, ['SO']);
    expect(proposal).toHaveLength(60);
    expect(proposal[0]).toEqual({ from: 'RatePlanCharge.F69__c', to: 'ATR1' });
    expect(proposal[59]).toEqual({ from: 'RatePlanCharge.F10__c', to: 'ATR60' });
  });

  test('cuts a proposal that would be too long to show', () => {
    const name = 'N'.repeat(240);
    const many = Array.from({ length: 60 }, (_, at) => seen('RatePlanCharge', `${name}${at}__c`, '1'));
    const { proposal } = customFieldFacts(many, ['SO']);
    expect(proposal.length).toBeGreaterThan(10);
    expect(JSON.stringify(proposal).length).toBeLessThan(8_000);
  });
});

describe('mappingOf', () => {
  const proposal = [{ from: 'Account.Sector__c', to: 'ATR1' }];

  test('takes the proposal, or the mapping of the answer, or none', () => {
    expect(mappingOf(null, { proposal })).toEqual([]);
    expect(mappingOf({ approve: true }, { proposal })).toEqual(proposal);
    expect(mappingOf({ approve: true, mapping: [] }, { proposal })).toEqual([]);
    const mapping = [{ from: ' Account . Region__c ', to: 'ATR2' }];
    expect(mappingOf({ approve: true, mapping }, { proposal })).toEqual([
      { from: 'Account.Region__c', to: 'ATR2' },
    ]);
  });
});
