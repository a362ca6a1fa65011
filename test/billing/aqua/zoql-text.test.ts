import { describe, expect, test } from 'vitest';

import { zoqlText } from '../../../src/billing/aqua/zoql-text.ts';

describe('text in a query', () => {
  test.each([
    ['plain', "'plain'"],
    ['', "''"],
    ["O'Neil", "'O\\'Neil'"],
    ['a\\b', "'a\\\\b'"],
    ["\\' or Id != '", "'\\\\\\' or Id != \\''"],
  ])('%j is quoted as %s', (text, literal) => {
    expect(zoqlText(text)).toBe(literal);
  });
});
