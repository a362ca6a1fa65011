import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { filterFields } from '../../../../src/domain/mapping/filter/filter.ts';
import { parseFilter } from '../../../../src/domain/mapping/filter/parse-filter.ts';

const field = (path: string, at: number) => ({ kind: 'field', path, at });

describe('parseFilter', () => {
  test('reads a comparison, with where its parts stand', () => {
    expect(parseFilter("Account.Currency  = 'EUR'")).toEqual({
      filter: {
        kind: 'compare',
        operator: '=',
        left: field('Account.Currency', 1),
        right: { kind: 'text', value: 'EUR', at: 21 },
      },
    });
  });

  test('binds not before and, and before or; keywords in any case', () => {
    expect(parseFilter('NOT A.b = 1 and A.c = true or A.d < -2.50')).toMatchObject({
      filter: {
        kind: 'or',
        terms: [
          {
            kind: 'and',
            terms: [{ kind: 'not', term: { kind: 'compare' } }, { right: { kind: 'boolean' } }],
          },
          { operator: '<', right: { kind: 'number', value: '-2.50' } },
        ],
      },
    });
    expect(parseFilter('A.b = 1 and (A.c = 2 or A.d = 3)')).toMatchObject({
      filter: { kind: 'and', terms: [{}, { kind: 'or' }] },
    });
  });

  test.each([
    ["A.b in ('x', \"it's\", 3)", { kind: 'in', negated: false, values: [{}, { value: "it's" }, {}] }],
    ["A.b not in ('say ''hi''')", { kind: 'in', negated: true, values: [{ value: "say 'hi'" }] }],
    ['A.b is null', { kind: 'null', negated: false }],
    ['A.b IS NOT NULL', { kind: 'null', negated: true }],
    ['A.b <> 1', { operator: '!=' }],
    ['[Ext Sell Price] < 0', { left: { kind: 'field', path: 'Ext Sell Price', at: 1 } }],
    ['3 >= A.b.c', { left: { kind: 'number' }, right: { path: 'A.b.c' } }],
  ])('reads %s', (text, filter) => {
    expect(parseFilter(text)).toMatchObject({ filter });
  });

  test.each([
    ['', 1, 'the filter ends'],
    ['A.b', 4, 'a comparison is missing'],
    ['A.b = ', 7, 'a field or a value belongs here'],
    ['A.b = EUR', 7, 'that is no field'],
    ["A.b = 'EUR", 7, 'not closed'],
    ["A.b == 'EUR'", 6, 'there is ='],
    ['A.b = 1 A.c = 2', 9, 'one too many'],
    ['(A.b = 1', 9, 'a parenthesis is open'],
    ['A.b = 1)', 8, 'one too many'],
    ['A.b in (A.c)', 9, 'a list has values'],
    ['A.b in ()', 9, 'belongs here'],
    ["'x' in ('y')", 1, 'where a field belongs'],
    ["'x' = 'y'", 1, 'Two values'],
    ['A.b = null', 7, 'belongs here'],
    ['A.b is empty', 8, '`is` needs null'],
    ['A.b = 1; drop table x', 8, 'cannot stand here'],
    ['A.b = 1.2.3', 7, 'cannot stand here'],
    [`${'('.repeat(60)}A.b = 1${')'.repeat(60)}`, 52, 'too deep'],
  ])('says where %j goes wrong', (text, at, says) => {
    const read = parseFilter(text);
    expect(read).toMatchObject({ error: { at, message: expect.stringContaining(says) } });
    expect('error' in read && read.error.suggestion).not.toBe('');
  });

  test('never throws, and points into the text', () => {
    const piece = fc.constantFrom(
      'A.b',
      '=',
      '(',
      ')',
      'and',
      'or',
      'not',
      'in',
      "'x'",
      '1',
      'is',
      'null',
      ',',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece).map((pieces) => pieces.join(' ')),
          fc.string(),
        ),
        (text) => {
          const read = parseFilter(text);
          if ('error' in read) {
            expect(read.error.at).toBeGreaterThanOrEqual(1);
            expect(read.error.at).toBeLessThanOrEqual(text.length + 1);
          }
        },
      ),
    );
  });
});

describe('filterFields', () => {
  test('are those on both sides, inside not and lists', () => {
    const read = parseFilter("not (A.a = B.b or C.c in ('x')) and D.d is null and 1 < E.e");
    const paths = 'filter' in read ? filterFields(read.filter).map(({ path }) => path) : [];
    expect(paths).toEqual(['A.a', 'B.b', 'C.c', 'D.d', 'E.e']);
  });
});
