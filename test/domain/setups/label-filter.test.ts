import { describe, expect, test } from 'vitest';

import { labelFilterMistakes } from '../../../src/domain/setups/label-filter.ts';

describe('labelFilterMistakes', () => {
  test.each([
    "[Subscription Type] = 'EVERGREEN' and not ([Ordered Qty] > 1.5 or [CT Mod Date] is null)",
    "[SO Book Date] >= '2024-01-31' and [ATR7] in ('a', \"b\")",
    '[Revenue End Date] > [ Revenue Start Date ]',
  ])('finds nothing wrong with %s', (text) => {
    expect(labelFilterMistakes('filter', text)).toEqual([]);
  });

  test.each([
    ['[Custmer Name] is null', 1, 'There is no staging field Custmer Name.', 'Did you mean Customer Name?'],
    [
      '[SO Book Date] = 3',
      18,
      'SO Book Date is a day, and this is not.',
      "Compare it with a day in quotes: '2024-01-31'.",
    ],
    ['[ATR1 = 3', 1, 'A bracket is not closed.', 'Close it with ].'],
    [
      'ATR1 = 3',
      1,
      'Here there is ATR1, and that is no field.',
      "Write [Label], or put text in quotes: 'ATR1'.",
    ],
    [
      '3 is null',
      1,
      'A value stands where a field belongs.',
      'Write the field first: [Transaction Currency] is null.',
    ],
  ])('says of %s where it goes wrong, and what to write', (text, at, message, suggestion) => {
    expect(labelFilterMistakes('rules[0].filter', text)).toEqual([
      { path: 'rules[0].filter', message: `At character ${at}: ${message}`, suggestion },
    ]);
  });
});
