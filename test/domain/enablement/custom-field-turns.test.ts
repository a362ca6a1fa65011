import { describe, expect, test } from 'vitest';

import { customFieldFacts } from '../../../src/domain/enablement/custom-field-proposal.ts';
import {
  refusalOfCustomFields,
  turnOfCustomFields,
} from '../../../src/domain/enablement/custom-field-turns.ts';
import { CustomFieldsAnswer } from '../../../src/domain/enablement/step-05-custom-fields.ts';

const field = (object: string, name: string, filled = '3') => ({ object, field: name, filled, rows: '4' });
const FACTS = customFieldFacts(
  [field('RatePlanCharge', 'Region__c'), field('Account', 'Sector__c', '1')],
  ['SO'],
);
const PROPOSED = [
  { from: 'RatePlanCharge.Region__c', to: 'ATR1' },
  { from: 'Account.Sector__c', to: 'ATR2' },
];

describe('the custom fields', () => {
  test('are nobody’s business where no row has any', () => {
    expect(turnOfCustomFields(customFieldFacts([], ['SO']), null)).toMatchObject({ kind: 'not-applicable' });
  });

  test('are asked for, with the fullest and a value that fits', () => {
    const turn = turnOfCustomFields(FACTS, null);
    expect(turn).toMatchObject({ kind: 'ask', value: { approve: true, mapping: PROPOSED }, polls: false });
    if (turn.kind !== 'ask') throw new Error('it did not ask');
    expect(turn.message).toContain(
      '2 custom fields: RatePlanCharge.Region__c (75.0 %) and Account.Sector__c (25.0 %).',
    );
    expect(turn.message).toContain(
      'Proposed: RatePlanCharge.Region__c to ATR1 and Account.Sector__c to ATR2.',
    );
    expect(turn.remedy).not.toContain('custom object');
    expect(CustomFieldsAnswer.safeParse(turn.value).success).toBe(true);
  });

  test('of custom objects come with the way to write them', () => {
    const turn = turnOfCustomFields(
      customFieldFacts([field('default__project__c', 'region__c')], ['SO']),
      null,
    );
    expect(turn).toMatchObject({
      message: expect.stringContaining('None of them can be proposed.'),
      remedy: expect.stringContaining('Account.Project__c.default__project__c.region__c'),
      value: { approve: true, mapping: [] },
    });
  });

  test('are mapped as proposed by an approval alone', () => {
    expect(refusalOfCustomFields({ approve: true }, FACTS)).toBeNull();
    expect(turnOfCustomFields(FACTS, { approve: true })).toEqual({
      kind: 'done',
      note: 'Mapped: RatePlanCharge.Region__c to ATR1 and Account.Sector__c to ATR2.',
      evidence: {
        fields: [
          { field: 'RatePlanCharge.Region__c', filledPercent: '75.0' },
          { field: 'Account.Sector__c', filledPercent: '25.0' },
        ],
        mapping: PROPOSED,
      },
    });
  });

  test('are mapped as told, and what no row has is said', () => {
    const mapping = [{ from: 'Account.Warehouse__c', to: 'ATR9' }];
    expect(refusalOfCustomFields({ approve: true, mapping }, FACTS)).toBeNull();
    expect(turnOfCustomFields(FACTS, { approve: true, mapping })).toMatchObject({
      kind: 'done',
      note: 'Mapped: Account.Warehouse__c to ATR9. No row has Account.Warehouse__c by now.',
      evidence: { mapping, withoutRows: ['Account.Warehouse__c'] },
    });
  });

  test('are not mapped where an empty mapping is approved', () => {
    expect(refusalOfCustomFields({ approve: true, mapping: [] }, FACTS)).toBeNull();
    expect(turnOfCustomFields(FACTS, { approve: true, mapping: [] })).toMatchObject({
      kind: 'done',
      note: 'No custom field is mapped.',
      evidence: { mapping: [] },
    });
  });

  test('are refused with every mistake and a value that would do', () => {
    const mapping = [
      { from: 'RatePlanCharge.Regon__c', to: 'ATR1' },
      { from: 'Account.Sector__c', to: 'ATR1' },
    ];
    const refused = refusalOfCustomFields({ approve: true, mapping }, FACTS);
    expect(refused?.refusal).toContain('Did you mean RatePlanCharge.Region__c?');
    expect(refused?.refusal).toContain('Account.Sector__c cannot go to ATR1');
    const value = CustomFieldsAnswer.parse(refused?.value);
    expect(value).toEqual({ approve: true, mapping: PROPOSED });
    expect(refusalOfCustomFields(value, FACTS)).toBeNull();
  });

  test('stay small as evidence, however many there are', () => {
    const many = Array.from({ length: 300 }, (_, at) => field('RatePlanCharge', `Some_Long_Name_${at}__c`));
    const turn = turnOfCustomFields(customFieldFacts(many, ['SO']), { approve: true });
    if (turn.kind !== 'done') throw new Error('it is not done');
    expect(turn.evidence).toMatchObject({ fieldsLeftOut: '280', mappingLeftOut: '40' });
    expect(JSON.stringify(turn.evidence).length).toBeLessThan(4_000);
  });
});
