import { describe, expect, test } from 'vitest';

import { wrapped } from '../../src/cli/wrapped.ts';

describe('wrapped', () => {
  test('breaks between words, no line longer than asked, all but the first indented', () => {
    expect(wrapped('one two three four', 9)).toEqual(['one two', '  three', '  four']);
    expect(wrapped('one two', 7)).toEqual(['one two']);
    expect(wrapped('a b c', 3, '> ')).toEqual(['a b', '> c']);
  });

  test('leaves a word whole that is longer than a line', () => {
    expect(wrapped('a 2c92c0f95e1d4a7f b', 8)).toEqual(['a', '  2c92c0f95e1d4a7f', '  b']);
    expect(wrapped('', 8)).toEqual(['']);
  });
});
