import { describe, expect, test } from 'vitest';

import { shortText } from '../../src/domain/short-text.ts';

describe('a text that may be too long', () => {
  test('is as it was where it fits', () => {
    expect(shortText('four', 4)).toBe('four');
  });

  test('ends with an ellipsis where it was cut', () => {
    expect(shortText('fives', 4)).toBe('fiv…');
  });

  test('is not cut in the middle of a character, which gRPC would refuse', () => {
    expect(shortText('ab\u{1F600}cd', 4)).toBe('ab…');
    expect(shortText('ab\u{1F600}cd', 5)).toBe('ab\u{1F600}…');
  });
});
