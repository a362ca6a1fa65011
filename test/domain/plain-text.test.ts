import { describe, expect, test } from 'vitest';

import { neverKept, plainText } from '../../src/domain/plain-text.ts';

describe('plainText', () => {
  test.each(['', 'Twice.', 'Ärger, 二度', '😀', 'one\n\ttwo\r\n'])('takes %j', (text) => {
    expect(plainText().parse(text)).toBe(text);
  });

  test.each([
    ['a\u0000', 'U+0000'],
    ['\u001b[31mred', 'U+001B'],
    ['a\u007f', 'U+007F'],
    ['a\u0085', 'U+0085'],
    ['half of \ud83d a smile', 'U+D83D'],
  ])('refuses %j and names the character', (text, name) => {
    expect(plainText().safeParse(text).error?.issues[0]?.message).toBe(
      `has the control character ${name} in it`,
    );
  });
});

describe('neverKept', () => {
  test.each([null, undefined, 5, 'plain \u001b 😀 \\u0000', { a: ['one', { b: '\n' }] }])(
    'takes %j',
    (value) => {
      expect(neverKept(value)).toBeNull();
    },
  );

  test.each([
    ['a\0', 'U+0000'],
    [{ a: [{ b: 'half \ude00' }] }, 'U+DE00'],
    [{ a: { 'b\0': 1 } }, 'U+0000'],
  ])('names the character in %j, however deep', (value, name) => {
    expect(neverKept(value)).toBe(name);
  });
});
