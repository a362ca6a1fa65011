import { describe, expect, test } from 'vitest';

import { parseZoql } from '../../../src/billing/sandbox/zoql.ts';

describe('parseZoql', () => {
  test('reads fields, joined ids, the object and conditions', () => {
    const text =
      "select Id, Account.Id from InvoiceItem where UpdatedDate >= '2024-01-01T00:00:00Z' and Amount != -1.50";
    expect(parseZoql(text)).toEqual({
      fields: ['Id', 'Account.Id'],
      object: 'InvoiceItem',
      anyOf: [
        [
          { field: 'UpdatedDate', operator: '>=', value: '2024-01-01T00:00:00Z' },
          { field: 'Amount', operator: '!=', value: '-1.50' },
        ],
      ],
    });
  });

  test('binds and before or', () => {
    const { anyOf } = parseZoql('SELECT Id FROM Account WHERE A = 1 OR B = 2 AND C = NULL or D != true');
    expect(anyOf.map((group) => group.map(({ field, value }) => `${field}=${value}`))).toEqual([
      ['A=1'],
      ['B=2', 'C=null'],
      ['D=true'],
    ]);
  });

  test('understands what is escaped by backslash', () => {
    const { anyOf } = parseZoql(String.raw`select Id from Account where Name = 'O\'Brien \\ and = \'x\''`);
    expect(anyOf[0]?.[0]?.value).toBe(String.raw`O'Brien \ and = 'x'`);
  });

  test.each([
    ['', "'select' was expected"],
    ['select * from Account', 'is not ZOQL'],
    ['select Id Account', "'from' was expected"],
    ['select Id from Account order by Id', "'where' was expected"],
    ['select Id from Account where', 'a field was expected'],
    ["select Id from Account where Name = 'open", 'is not ZOQL'],
    ['select Id from Account where Name like 1', 'not an operator'],
    ['select Id from Account where Name = other', 'is not a value'],
    ['select Id from Account where Name < null', 'only equal or not equal'],
    ['select Id from Account where (Name = null)', 'is not ZOQL'],
    ["select Id from Account where Name = 'a' Id = 'b'", 'cannot follow a condition'],
  ])('refuses %j', (text, why) => {
    expect(() => parseZoql(text)).toThrow(why);
  });
});
