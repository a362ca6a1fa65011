import { describe, expect, test } from 'vitest';

import { checkSetup } from '../../../src/domain/setups/check-setup.ts';
import { VALIDATION } from '../../../src/domain/validation/validation-setup.ts';

const RULE = {
  id: 'price-below-floor',
  type: 'expression',
  appliesTo: ['INV'],
  expression: '[Ext Sell Price] > 0',
  message: 'Below the floor.',
  remedy: 'Ask sales.',
};
const LOOKUP = {
  ...RULE,
  id: 'region',
  type: 'lookup',
  expression: undefined,
  label: 'ATR1',
  values: ['EMEA'],
};

const mistakesOf = (body: object) => checkSetup(VALIDATION, { name: 'Floor', ...body }).mistakes;
const ofLookup = (lookup: string, lookups?: string[]) =>
  checkSetup(
    VALIDATION,
    { name: 'Floor', rules: [RULE, { ...LOOKUP, values: undefined, lookup }] },
    lookups === undefined ? {} : { lookups },
  ).mistakes;
const ofRule = (change: object) => mistakesOf({ rules: [{ ...RULE, ...change }] });

describe('a set of validation rules', () => {
  test('has no mistakes when it says what is to be so, for which lines, and what to do', () => {
    expect(
      mistakesOf({
        rules: [
          RULE,
          LOOKUP,
          { ...LOOKUP, id: 'looked-up', values: undefined, lookup: 'REGIONS', listed: 'false' },
          {
            ...RULE,
            id: 'beside',
            when: "[Booking.Subscription Type] = 'TERMED' and [Unsigned Sell Price] > 1",
            message: '{Ext Sell Price} of {Booking.Ext Sell Price}.',
            overridable: 'true',
            from: '2024-01-01',
            to: '2024-02-01',
          },
        ],
        predefined: [
          { id: 'missing-accounting-segments' },
          { id: 'missing-invoice-qty', filter: "[Invoice Num] <> 'INV-1'" },
        ],
      }),
    ).toEqual([]);
  });

  test('names lookups that exist, where it is known which do', () => {
    expect(ofLookup('REGIONS', ['REGIONS'])).toEqual([]);
    expect(ofLookup('REGOINS', ['OTHER', 'REGIONS'])).toEqual([
      {
        path: 'rules[1].lookup',
        message: 'There is no lookup REGOINS.',
        suggestion: 'Did you mean REGIONS?',
      },
    ]);
    expect(ofLookup('REGIONS', [])).toMatchObject([
      { suggestion: expect.stringMatching(/Write the values/) },
    ]);
    expect(ofLookup('REGIONS')).toEqual([]);
  });

  test.each([
    [{ id: 'Price Floor' }, 'rules[0].id', /lower case words/],
    [{ id: 'invoice-sign-differs' }, 'rules[0].id', /predefined/],
    [{ id: 'waits-for-approval' }, 'rules[0].id', /means something else/],
    [{ id: 'missing-region' }, 'rules[0].id', /means something else/],
    [{ id: 'same-version-recollection' }, 'rules[0].id', /means something else/],
    [{ id: 'contract-closed' }, 'rules[0].id', /means something else/],
    [{ expression: undefined }, 'rules[0]', /needs expression/],
    [{ expression: '[Ext Sel Price] > 0' }, 'rules[0].expression', /no staging field Ext Sel Price/],
    [{ expression: "[Ext Sell Price] = 'x'" }, 'rules[0].expression', /is a number/],
    [{ expression: '[Ext Sell Price] >' }, 'rules[0].expression', /At character 19/],
    [{ when: '[Elsewhere.Organization] is null' }, 'rules[0].when', /no staging field/],
    [{ message: 'Costs {Price}.' }, 'rules[0].message', /no staging field Price/],
    [{ label: 'ATR1' }, 'rules[0].label', /has no label/],
    [{ from: '2024-02-01', to: '2024-02-01' }, 'rules[0].to', /no day/],
    [
      { appliesTo: ['SO'], expression: '[Booking.ATR1] is null' },
      'rules[0].expression',
      /SO lines have no Booking/,
    ],
    [{ expression: '[Invoice.ATR1] is null' }, 'rules[0].expression', /INV lines have no Invoice/],
  ])('says what is wrong with %o', (change, path, message) => {
    const mistakes = ofRule(change);
    expect(mistakes).toMatchObject([{ path, message: expect.stringMatching(message) }]);
    expect(mistakes[0]?.suggestion).not.toBe('');
  });

  test.each([
    ['message', { message: 'Below\u0000.' }, 'U+0000'],
    ['remedy', { remedy: 'Ask\u0007.' }, 'U+0007'],
    ['expression', { expression: "[ATR1] = '\u0000'" }, 'U+0000'],
    ['values[0]', { ...LOOKUP, values: ['a\u0000'] }, 'U+0000'],
  ])('has no control characters in its %s', (where, change, character) => {
    const path = `rules[0].${where}`;
    expect(ofRule(change)[0]).toMatchObject({
      path,
      message: `${path} has the control character ${character} in it.`,
    });
  });

  test.each([
    [{ label: undefined }, 'rules[0]', /needs label/],
    [{ values: undefined }, 'rules[0]', /needs values or lookup/],
    [{ lookup: 'REGIONS' }, 'rules[0].lookup', /given already/],
    [{ label: 'Region' }, 'rules[0].label', /no staging field Region/],
    [{ expression: '[ATR1] is null' }, 'rules[0].expression', /has no expression/],
  ])('says what is wrong with a lookup: %o', (change, path, message) => {
    expect(mistakesOf({ rules: [{ ...LOOKUP, ...change }] })).toMatchObject([
      { path, message: expect.stringMatching(message) },
    ]);
  });

  test('has each id once, and names predefined rules that there are', () => {
    expect(
      mistakesOf({
        rules: [RULE, RULE],
        predefined: [{ id: 'missing-invoice-quantity' }, { id: 'invoice-sign-differs' }],
      }),
    ).toMatchObject([
      { path: 'rules[1].id', message: expect.stringContaining('several rules') },
      { path: 'predefined[0].id', suggestion: expect.stringContaining('missing-invoice-qty') },
      { path: 'predefined[1]', message: expect.stringContaining('in force without being named') },
    ]);
  });

  test('tells all mistakes at once, also beside parts that have no form', () => {
    const paths = mistakesOf({
      rules: [
        { ...RULE, type: 'advanced' },
        { ...RULE, id: 'two', expression: '[Nothing] > 0' },
      ],
    }).map(({ path }) => path);
    expect(paths).toEqual(['rules[0].type', 'rules[1].expression']);
  });
});
