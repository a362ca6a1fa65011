import { expect, test } from 'vitest';

import { fillRate } from '../../../src/domain/readiness/fill-rate.ts';

test.each([
  ['0', '0', null],
  ['0', '3', '0.0'],
  ['1', '3', '33.3'],
  ['2', '3', '66.7'],
  ['1', '2000', '0.1'],
  ['1', '2001', '0.0'],
  ['9007199254740993', '9007199254740993', '100.0'],
])('%s of %s rows is %s percent', (filled, rows, rate) => {
  expect(fillRate(filled, rows)).toBe(rate);
});
