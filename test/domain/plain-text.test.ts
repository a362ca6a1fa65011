import { describe, expect, test } from 'vitest';

import { plainText } from '../../src/domain/plain-text.ts';

describe('plainText', () => {
  test.each(['', 'Twice.', 'Ärger, 二度', 'one\n\ttwo\r\n'])('takes %j', (text) => {
    expect(plainText().parse(text)).toBe(text);
  });

  test.each([
    ['a\u0000', 'U+0000'],
    ['\u001b[31mred', 'U+001B'],
    ['a\u007f', 'U+007F'],
    ['a\u0085', 'U+0085'],
  ])('refuses %j and names the character', (text, name) => {
    expect(plainText().safeParse(text).error?.issues[0]?.message).toBe(
      `has the control character ${name} in it`,
    );
  });
});
