import { describe, expect, test } from 'vitest';

import { csvRows, csvText } from '../../../src/domain/csv/csv-text.ts';

describe('csvText', () => {
  test('quotes what would break a row, and marks what would be a formula', () => {
    expect(csvText([['a', 'b,c', 'say "hi"', '=1+1', '-5', "'x", ''], ['2']])).toBe(
      `a,"b,c","say ""hi""",'=1+1,'-5,''x,\r\n2\r\n`,
    );
  });
});

describe('csvRows', () => {
  test('reads what spreadsheets write: a byte order mark, either line end, no last one, empty lines', () => {
    expect(csvRows('\uFEFFa,b\n1,"2\r\n3"\r\n\r\n4,')).toEqual([
      ['a', 'b'],
      ['1', '2\r\n3'],
      ['4', ''],
    ]);
  });

  test('keeps a quote that is no mark', () => {
    expect(csvRows("'abc,'=1,''x")).toEqual([["'abc", '=1', "'x"]]);
  });

  test.each(['a,"b', 'a,"b"c', 'a,b"c'])('gives up on %j', (text) => {
    expect(csvRows(text)).toBeNull();
  });

  test('has no rows in an empty text', () => {
    expect(csvRows('')).toEqual([]);
  });
});
