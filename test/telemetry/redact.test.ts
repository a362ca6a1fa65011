import { describe, expect, test } from 'vitest';

import { redactor, secretsOfUrl } from '../../src/telemetry/redact.ts';

/** With everything in it that is written differently somewhere. */
const SECRET = 'pä"ss\\w/or+d %7';

describe('redactor', () => {
  const redact = redactor([SECRET, 'plain-secret']);
  const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

  test.each([
    ['as it is', SECRET],
    ['in JSON', inJson(SECRET)],
    ['in JSON in JSON', inJson(inJson(SECRET))],
    ['in JSON in JSON in JSON', inJson(inJson(inJson(SECRET)))],
    ['in a URL', encodeURIComponent(SECRET)],
    [
      'in a URL with small hexadecimal digits',
      encodeURIComponent(SECRET).replaceAll(/%../g, (h) => h.toLowerCase()),
    ],
    ['in a form', new URLSearchParams({ '': SECRET }).toString().slice(1)],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    ['in base64 for URLs', Buffer.from(SECRET).toString('base64url')],
    ['in JSON that keeps to ASCII', inJson(SECRET).replace('ä', '\\u00e4')],
  ])('takes a secret out that stands there %s', (_where, spelled) => {
    expect(redact(`before ${spelled} after`)).toBe('before [redacted] after');
    expect(redact(`a=${spelled}&b=plain-secret`)).toBe('a=[redacted]&b=[redacted]');
  });

  test.each([
    ['Authorization: Bearer abc.def-1~2+3/4==', 'Authorization: Bearer [redacted]'],
    ['{\\"Authorization\\":\\"bearer abc.def\\"}', '{\\"Authorization\\":\\"[redacted] [redacted]\\"}'],
    ['Basic c2FuZGJveDpzYW5kYm94', 'Basic [redacted]'],
    ['postgres://ann:s3cr@t/@db:5432/revsync', 'postgres://ann:[redacted]@db:5432/revsync'],
    ['connect to postgresql://ann:s%40t@db/x failed', 'connect to postgresql://ann:[redacted]@db/x failed'],
    [
      'grant_type=client_credentials&client_secret=abc%20d&x=1',
      'grant_type=client_credentials&client_secret=[redacted]&x=1',
    ],
    ['{"access_token":"abc","token_type":"bearer"}', '{"access_token":"[redacted]","token_type":"bearer"}'],
    ['{\\\\"clientSecret\\\\": \\\\"abc\\\\"}', '{\\\\"clientSecret\\\\": \\\\"[redacted]\\\\"}'],
    ['password=abc host=db', 'password=[redacted] host=db'],
  ])('takes out what looks like a credential: %s', (text, without) => {
    expect(redact(text)).toBe(without);
  });

  test.each([
    'The password of the role is wrong.',
    'http://127.0.0.1:36731/v1/object/account?x=1',
    'postgres://ann@db:5432/revsync',
    'the bearer of bad news',
    'Basic settings',
    'INVOICE-1:2 is held',
  ])('leaves other text alone: %s', (text) => {
    expect(redactor([])(text)).toBe(text);
  });

  test('leaves a finished line of JSON valid', () => {
    const line = JSON.stringify({
      msg: SECRET,
      url: `postgres://a:${encodeURIComponent(SECRET)}@h`,
      [SECRET]: 1,
    });
    expect(JSON.parse(redact(line))).toEqual({
      msg: '[redacted]',
      url: 'postgres://a:[redacted]@h',
      '[redacted]': 1,
    });
  });

  test('prefers the longer of two secrets that begin alike', () => {
    expect(redactor(['secret', 'secret-and-more'])('secret-and-more secret')).toBe('[redacted] [redacted]');
  });

  test('does not take a word of three letters for a secret', () => {
    expect(redactor(['the', ''])('the run of the day')).toBe('the run of the day');
  });
});

describe('secretsOfUrl', () => {
  test('are the password, as it is written and as it is meant', () => {
    expect(secretsOfUrl('postgres://ann:s%40t@db/x')).toEqual(['s%40t', 's@t']);
    expect(secretsOfUrl('postgres://ann@db/x')).toEqual([]);
    expect(secretsOfUrl('no url')).toEqual([]);
  });
});
