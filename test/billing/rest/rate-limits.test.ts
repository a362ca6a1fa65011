import { describe, expect, test } from 'vitest';

import { concurrencyLimitOf, quotaOf, rateWindowsOf } from '../../../src/billing/rest/rate-limits.ts';

const DOCUMENTED = '2250000, 50000;w=60, 2250000;w=3600, 27000000;w=86400';

describe('the rate limits of a reply', () => {
  test('are a limit for each window, without the repeated first number', () => {
    expect(rateWindowsOf({ 'ratelimit-limit': DOCUMENTED })).toEqual([
      { limit: 50_000, seconds: 60 },
      { limit: 2_250_000, seconds: 3600 },
      { limit: 27_000_000, seconds: 86_400 },
    ]);
  });

  test.each([
    ['100;w=60', [{ limit: 100, seconds: 60 }]],
    [' 100 ; comment="a" ; W = 60 ; burst=5', [{ limit: 100, seconds: 60 }]],
    ['2500', []],
    ['0;w=60, 5;w=0, many;w=60, -5;w=60, 5;w=1e9', []],
    ['', []],
    [undefined, []],
  ])('written as %j are %j', (text, windows) => {
    expect(rateWindowsOf({ 'ratelimit-limit': text })).toEqual(windows);
  });
});

describe('what is left', () => {
  test('is of the window that the first number is the limit of', () => {
    const headers = {
      'ratelimit-limit': DOCUMENTED,
      'ratelimit-remaining': '399',
      'ratelimit-reset': '1200',
    };
    expect(quotaOf(headers)).toEqual({ limit: 2_250_000, remaining: 399, reset: 1200 });
  });

  test.each([
    [{ 'ratelimit-limit': '100', 'ratelimit-remaining': '1' }],
    [{ 'ratelimit-limit': '100', 'ratelimit-reset': '1' }],
    [{ 'ratelimit-remaining': '100', 'ratelimit-reset': '1' }],
    [{ 'ratelimit-limit': '100', 'ratelimit-remaining': 'some', 'ratelimit-reset': '1' }],
    [{ 'ratelimit-limit': '100', 'ratelimit-remaining': '-1', 'ratelimit-reset': '1' }],
    [{}],
  ])('is not known from %j', (headers: Record<string, string>) => {
    expect(quotaOf(headers)).toBeNull();
  });
});

test.each([
  ['40', 40],
  [' 200 ', 200],
  ['0', null],
  ['-1', null],
  ['40, 40', null],
  [undefined, null],
])('the concurrency limit %j is %s', (text, limit) => {
  expect(concurrencyLimitOf({ 'concurrency-limit-limit': text })).toBe(limit);
});
