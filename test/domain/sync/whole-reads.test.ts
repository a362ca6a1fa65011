import { describe, expect, test } from 'vitest';

import { isWholeReadDue } from '../../../src/domain/sync/whole-reads.ts';

describe('reading state objects whole in a light run', () => {
  test.each([
    ['where no run has done so', null, true],
    ['an hour after the last time', '2024-01-31T10:00:00.000000Z', true],
    ['not before', '2024-01-31T10:00:01.000000Z', false],
    ['not by a window that ends before the last one', '2024-01-31T12:00:00.000000Z', false],
  ])('is due %s', (_when, last, due) => {
    expect(isWholeReadDue(last, '2024-01-31T11:00:00.000Z')).toBe(due);
  });
});
