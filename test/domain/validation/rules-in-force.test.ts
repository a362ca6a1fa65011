import { describe, expect, test } from 'vitest';

import { OPTIONAL_RULES, PREDEFINED_RULES } from '../../../src/domain/validation/rules/predefined-rules.ts';
import { rulesInForce } from '../../../src/domain/validation/rules-in-force.ts';
import { ValidationSetForm } from '../../../src/domain/validation/validation-set.ts';

const inForce = (set: object) => rulesInForce(ValidationSetForm.parse(set));

describe('the rules in force', () => {
  test('are the predefined ones where nobody added any', () => {
    expect(rulesInForce(null)).toEqual(PREDEFINED_RULES);
    expect(inForce({})).toEqual(PREDEFINED_RULES);
  });

  test('are the predefined ones first, then those of the set', () => {
    const rules = inForce({
      rules: [
        { id: 'b', type: 'expression', expression: '[ATR1] is null', message: 'm', remedy: 'r' },
        { id: 'a', type: 'lookup', label: 'ATR1', lookup: 'REGIONS', message: 'm', remedy: 'r' },
      ],
    });
    expect(rules.slice(PREDEFINED_RULES.length)).toMatchObject([
      { id: 'b', appliesTo: ['SO', 'INV', 'CM', 'CM-C'], requires: { expression: '[ATR1] is null' } },
      { id: 'a', requires: { label: 'ATR1', among: { lookup: 'REGIONS' }, listed: true } },
    ]);
  });

  test('are for fewer lines where a set says so, but ask the same of them', () => {
    const find = (id: string, set: object) => inForce(set).find((rule) => rule.id === id);
    const filter = "[Subscription Type] = 'TERMED' or [ATR1] is null";
    const [plain, conditional] = ['missing-invoice-qty', 'referenced-invoice-missing'].map((id) => ({
      before: find(id, {}),
      after: find(id, { predefined: [{ id, filter }] }),
    }));
    expect(plain?.after).toEqual({ ...plain?.before, when: filter });
    expect(conditional?.after).toEqual({
      ...conditional?.before,
      when: `([Original Invoice Line Id] is not null) and (${filter})`,
    });
  });

  test('have an optional rule only where a set names it', () => {
    for (const { id } of OPTIONAL_RULES) {
      expect(inForce({}).some((rule) => rule.id === id)).toBe(false);
      expect(inForce({ predefined: [{ id }] }).some((rule) => rule.id === id)).toBe(true);
    }
  });
});
