import { describe, expect, test } from 'vitest';

import { briefly, fitting, inFull, saidIn } from '../../../src/domain/enablement/deviation-words.ts';
import { type Deviation, deviationsOf } from '../../../src/domain/enablement/deviations.ts';
import { judged, PAST_TERM } from '../../support/judged-rules.ts';

function only(...rules: Parameters<typeof deviationsOf>[0]): Deviation {
  const [first, ...more] = deviationsOf(rules, [PAST_TERM]);
  if (first === undefined || more.length > 0) throw new Error('there is not one deviation');
  return first;
}
const DAYS = only(judged('days-in-month', { value: 'Assume30Days' }));
const UNIT = only(judged('proration-unit'));

describe('saidIn', () => {
  test('tells every value with the entities that have it', () => {
    const deviation = only(
      judged('days-in-month', { entity: 'DE', value: 'Assume30Days' }),
      judged('days-in-month', { entity: 'FR', value: 'Assume30Days' }),
      judged('days-in-month', { entity: 'US', value: null, fits: null }),
    );
    expect(saidIn(deviation)).toBe('Assume30Days in DE and FR, not told in US');
  });

  test('names the settings of a limitation', () => {
    const deviation = only(
      judged('invoice-past-end-of-term-auto-renew-off', { value: 'true' }),
      judged('invoice-past-end-of-term-auto-renew-on', { value: 'false' }),
    );
    expect(saidIn(deviation)).toBe(
      'invoice-past-end-of-term-auto-renew-off is true in demo, invoice-past-end-of-term-auto-renew-on is false in demo',
    );
  });

  test('counts entities that are many, and keeps values of Billing short and on one line', () => {
    const many = Array.from({ length: 200 }, (_, at) =>
      judged('days-in-month', { entity: `E${at}`, value: `x\n${'y'.repeat(150)}` }),
    );
    expect(saidIn(only(...many))).toMatch(/^x y+… in E0, E1, E2, E3, E4 and 195 more$/);
  });
});

test('inFull says what it is, what is wanted, where, and what follows', () => {
  expect(inFull(DAYS)).toBe(
    'days-in-month: Assume30Days in demo. Wanted: Use actual number of days, at Billing Settings > Define Billing Rules. Contractual values count the days there are; months of 30 days are billed at other amounts.',
  );
});

describe('briefly', () => {
  test('has the consequence of each', () => {
    expect(briefly([DAYS], 300)).toBe(
      'days-in-month (Contractual values count the days there are; months of 30 days are billed at other amounts)',
    );
  });

  test.each([60, 100, 150, 220])('stays within %i characters and names both', (room) => {
    const words = briefly([DAYS, UNIT], room);
    expect(words.length).toBeLessThanOrEqual(room);
    expect(words).toMatch(/^days-in-month.*proration-unit/);
  });
});

describe('fitting', () => {
  test('takes all where there is room', () => {
    expect(fitting(['One.', 'Two.'], 100, 'See the list.')).toBe('One. Two.');
  });

  test('puts each on a line of its own where told', () => {
    expect(fitting(['One.', 'Two.'], 100, 'See the list.', '\n')).toBe('One.\nTwo.');
  });

  test('takes the first ones, and says how many it left out and where they are', () => {
    const texts = Array.from({ length: 10 }, (_, at) => `Text number ${at}.`);
    const text = fitting(texts, 100, 'See the list.');
    expect(text).toBe(
      'Text number 0. Text number 1. Text number 2. Text number 3. And 6 more: See the list.',
    );
    expect(text.length).toBeLessThanOrEqual(100);
  });
});
