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

  test('multiplies out what is in parentheses', () => {
    const { anyOf } = parseZoql(
      'select Id from Account where (A = 1 or (B = 2 and C = 3)) and (D = 4 or E = 5) or F = 6',
    );
    expect(anyOf.map((group) => group.map(({ field }) => field).join(''))).toEqual([
      'AD',
      'AE',
      'BCD',
      'BCE',
      'F',
    ]);
  });

  test('reads all fields, an order and a limit, with keywords in any case', () => {
    expect(parseZoql('Select * From Order Order By UpdatedDate DESC Limit 1')).toEqual({
      fields: ['*'],
      object: 'Order',
      anyOf: [],
      order: { field: 'UpdatedDate', descending: true },
      limit: 1,
    });
    const sorted = parseZoql('select Id from Account where A = 1 order by Account.Id asc');
    expect(sorted.order).toEqual({ field: 'Account.Id', descending: false });
    expect(parseZoql('select Id from Account order by Id').order).toEqual({ field: 'Id', descending: false });
  });

  test('has a limit to how many conditions there may be, written or multiplied out', () => {
    const many = (count: number) => Array.from({ length: count }, () => 'A = 1').join(' and ');
    expect(() => parseZoql(`select Id from Account where ${many(200)}`)).not.toThrow();
    expect(() => parseZoql(`select Id from Account where ${many(201)}`)).toThrow('more than 200 conditions');
    const pairs = Array.from({ length: 30 }, () => '(A = 1 or B = 2)').join(' and ');
    expect(() => parseZoql(`select Id from Account where ${pairs}`)).toThrow('more than 200 conditions');
  });

  test.each([
    ['', "'select' was expected"],
    ['select *, Id from Account', "'from' was expected"],
    ['select Id Account', "'from' was expected"],
    ['select count(Id) from Account', "'from' was expected"],
    ['select Id as Number from Account', "'from' was expected"],
    ['select Id from Account group by Id', "'where' was expected"],
    ['select Id from Account order Id', "'by' was expected"],
    ['select Id from Account limit many', 'is not a limit'],
    ['select Id from Account limit -1', 'is not a limit'],
    ['select Id from Account limit 1 order by Id', "'where' was expected"],
    ['select Id from Account where (Name = null', "')' was expected"],
    ['select Id from Account where ()', 'a field was expected'],
    ['select Id from Account where Name = "a"', 'is not ZOQL'],
    ['select Id from Account where', 'a field was expected'],
    ["select Id from Account where Name = 'open", 'is not ZOQL'],
    ['select Id from Account where Name like 1', 'not an operator'],
    ['select Id from Account where Name = other', 'is not a value'],
    ['select Id from Account where Name < null', 'only equal or not equal'],
    ["select Id from Account where Name = 'a' Id = 'b'", 'a condition is not followed by "Id"'],
  ])('refuses %j', (text, why) => {
    expect(() => parseZoql(text)).toThrow(why);
  });
});
