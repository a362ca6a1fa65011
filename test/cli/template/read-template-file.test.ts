import { describe, expect, test } from 'vitest';

import { parseTemplateText } from '../../../src/cli/template/read-template-file.ts';

describe('parseTemplateText', () => {
  test('reads YAML and JSON, and leaves numbers and words as they are written', () => {
    expect(parseTemplateText('a: 1.10\nb: yes\nc: true\nd: 0x10\ne: null\nf: ~')).toEqual({
      input: { a: '1.10', b: 'yes', c: 'true', d: '0x10', e: null, f: null },
    });
    expect(parseTemplateText('{"a": 12345678901234567890.10, "b": [true, null, "x\\u00e9"]}')).toEqual({
      input: { a: '12345678901234567890.10', b: ['true', null, 'xé'] },
    });
  });

  test.each([
    ['a: b: c', 'line 1'],
    ['a: [', 'line'],
    ['a: 1\na: 2', 'unique'],
    ['a: *nowhere', 'nowhere'],
    [
      `a: &a [x,x,x]\nb: &b [${'*a,'.repeat(20)}]\nc: &c [${'*b,'.repeat(20)}]\nd: [${'*c,'.repeat(20)}]`,
      'alias',
    ],
  ])('says what keeps %j from being read', (text, says) => {
    expect(parseTemplateText(text)).toMatchObject({
      mistake: { path: '', message: expect.stringContaining(says) },
    });
  });

  test('takes a tag that it does not know for nothing more than text', () => {
    expect(parseTemplateText('a: !!js/function x')).toEqual({ input: { a: 'x' } });
  });

  test('gives up on what is nested beyond reason', () => {
    expect(parseTemplateText('['.repeat(200_000))).toHaveProperty('mistake');
  });
});
