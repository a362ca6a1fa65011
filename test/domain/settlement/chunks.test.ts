import { describe, expect, test } from 'vitest';

import { chunkWindows } from '../../../src/domain/settlement/chunks.ts';

const END = '2025-08-01T12:00:00Z';
const day = (text: string): string => `${text}T00:00:00.000Z`;

describe('chunkWindows', () => {
  test('are calendar months from the first change to the end, the first one open to the past', () => {
    expect(chunkWindows('2025-06-15T09:00:00Z', END, 'month')).toEqual([
      { from: null, to: day('2025-07-01') },
      { from: day('2025-07-01'), to: day('2025-08-01') },
      { from: day('2025-08-01'), to: END },
    ]);
  });

  test.each([
    ['quarter', [day('2025-01-01'), day('2025-04-01'), day('2025-07-01'), END]],
    ['year', [day('2025-01-01'), END]],
  ] as const)('are cut where a %s begins', (size, ends) => {
    expect(chunkWindows('2024-11-30T23:59:59Z', END, size).map(({ to }) => to)).toEqual(ends);
  });

  test('follow each other without a gap over the turn of years, and end with the end', () => {
    const windows = chunkWindows('2019-12-31T00:00:00Z', END, 'month');
    expect(windows).toHaveLength(69);
    expect(windows.slice(1).map(({ from }) => from)).toEqual(windows.slice(0, -1).map(({ to }) => to));
    expect(windows.at(-1)?.to).toBe(END);
  });

  test('are one where the end is the beginning of a month', () => {
    expect(chunkWindows('2025-07-02T00:00:00Z', day('2025-08-01'), 'month')).toEqual([
      { from: null, to: day('2025-08-01') },
    ]);
  });

  test.each([null, END, '2025-08-02T00:00:00Z'])('are none where the first change is %s', (earliest) => {
    expect(chunkWindows(earliest, END, 'month')).toEqual([]);
  });
});
