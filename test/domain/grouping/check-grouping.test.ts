import { describe, expect, test } from 'vitest';

import { checkGrouping } from '../../../src/domain/grouping/check-grouping.ts';
import { GROUPING } from '../../../src/domain/grouping/grouping-setup.ts';
import type { GroupingTemplate } from '../../../src/domain/grouping/grouping-template.ts';
import { checkSetup } from '../../../src/domain/setups/check-setup.ts';
import { setupDocument } from '../../../src/domain/setups/setup-file.ts';

const rule = (more = {}) => ({ seq: 1, keys: ['Customer Number'], enabled: true, ...more });
const mistakes = (template: GroupingTemplate) =>
  checkGrouping(template).map(({ path, message, suggestion }) => [path, message, suggestion]);

describe('checkGrouping', () => {
  test.each(GROUPING.seeds.map((seed) => [seed.name, seed] as const))(
    'finds nothing wrong with %s',
    (_, seed) => {
      const document = setupDocument(GROUPING, { ...seed, org: null });
      expect(checkSetup(GROUPING, document).mistakes).toEqual([]);
    },
  );

  test.each(['Organization', 'organisation', 'Org', 'SEC_ATR_VAL'])(
    'says that the organisation is in every key already: %s',
    (label) => {
      expect(mistakes({ rules: [rule({ keys: [label] })] })).toEqual([
        ['rules[0].keys[0]', 'The organisation is part of every key and cannot be removed.', 'Leave it out.'],
      ]);
    },
  );

  test.each([
    ['a label twice', { keys: ['ATR1', 'ATR1'] }, 'keys[1]', 'ATR1 is in the key already.'],
    [
      'a label that is none',
      { keys: ['Customr Number'] },
      'keys[0]',
      'There is no staging field Customr Number.',
    ],
    [
      'what only billing lines have',
      { keys: ['Invoice Num'] },
      'keys[0]',
      'Invoice Num is of billing lines, and SO lines are grouped.',
    ],
    ['a window over no date', { window: { days: 1, field: 'ATR1' } }, 'window.field', 'ATR1 is no date.'],
    [
      'a window over no label',
      { window: { days: 1, field: 'Day' } },
      'window.field',
      'There is no staging field Day.',
    ],
    [
      'a filter that cannot be read',
      { filter: '[ATR1] =' },
      'filter',
      'At character 9: Here the filter ends, and a field or a value belongs here.',
    ],
    [
      'a filter of another kind',
      { filter: "[Ordered Qty] = 'x'" },
      'filter',
      'At character 17: Ordered Qty is a number, and this is not.',
    ],
  ])('finds %s', (_what, more, at, message) => {
    expect(mistakes({ rules: [rule(more)] }).map((each) => each.slice(0, 2))).toEqual([
      [`rules[0].${at}`, message],
    ]);
  });

  test('finds rules of one number, and that none is enabled', () => {
    expect(mistakes({ rules: [rule({ enabled: false }), rule({ enabled: false })] })).toEqual([
      ['rules[1].seq', 'Rule 1 is there already.', 'Give it a number of its own, for example 2.'],
      [
        'rules',
        'No rule is enabled, so every line would be held.',
        'Write enabled: true in at least one of them.',
      ],
    ]);
  });

  test('finds what is wrong beside the rules', () => {
    const template: GroupingTemplate = {
      rules: [rule()],
      secondary: { label: 'Billing Id', onSeveral: 'own' },
      filter: 'Account.Name is null',
      validFrom: '2024-02-01',
      validTo: '2024-02-01',
    };
    expect(mistakes(template).map(([path, message]) => [path, message])).toEqual([
      ['secondary.label', 'Billing Id is of billing lines, and SO lines are grouped.'],
      ['filter', 'At character 1: There is no staging field Account.Name.'],
      ['validTo', 'The template would be for no day: 2024-02-01 is not before 2024-02-01.'],
    ]);
  });
});
