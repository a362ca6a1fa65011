import { describe, expect, test } from 'vitest';

import { firstDay, type RateMark, waitedOut } from '../../../src/domain/rates/rate-window.ts';

const TODAY = '2024-06-30';
const first = (mark: RateMark | undefined, earliest: string | null, lacking: string | null = null) =>
  firstDay(mark, { earliest, lacking }, TODAY);
const mark = (syncedFrom: string, syncedTo: string) => ({ syncedFrom, syncedTo });

describe('the first day that rates are asked for', () => {
  test('is a while before the oldest line on the first run, since that day may have no rate of its own', () => {
    expect(first(undefined, '2023-03-10')).toBe('2023-02-07');
  });

  test('is 90 days ago on the first run where no line is known', () => {
    expect(first(undefined, null)).toBe('2024-04-01');
  });

  test('overlaps what was read, because providers correct what they said', () => {
    expect(first(mark('2023-02-07', '2024-06-29'), '2023-03-10')).toBe('2024-06-27');
    expect(first(mark('2023-02-07', '2024-06-29'), null)).toBe('2024-06-27');
  });

  test('goes back when older lines came than rates were read for', () => {
    expect(first(mark('2024-04-01', '2024-06-29'), '2023-03-10')).toBe('2023-02-07');
  });

  test('goes back for a line that waits for an older rate, to where the last one before its day may be', () => {
    const read = mark('2023-02-07', '2024-06-29');
    expect(first(read, '2023-03-10', '2023-04-01')).toBe('2023-03-01');
    expect(first(read, '2023-03-10', '2031-01-01')).toBe('2024-05-30');
    expect(first(read, '2023-03-10', '2000-01-01')).toBe('2000-01-01');
    expect(first(undefined, '2023-03-10', '2023-04-01')).toBe('2023-02-07');
    expect(first(undefined, null, '2024-02-01')).toBe('2024-01-01');
  });

  test('is never before there was anything to convert, nor after today', () => {
    expect(first(undefined, '0201-01-01')).toBe('2000-01-01');
    expect(first(mark('2000-01-01', '2024-06-29'), '0201-01-01')).toBe('2024-06-27');
    expect(first(undefined, '2031-01-01')).toBe('2024-05-30');
    expect(first(mark('2024-01-01', '2024-12-31'), null)).toBe(TODAY);
  });
});

test('nobody waits for the rates of days that are long gone', () => {
  expect(waitedOut(TODAY)).toBe('2024-06-20');
});
