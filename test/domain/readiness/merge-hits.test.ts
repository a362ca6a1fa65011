import { describe, expect, test } from 'vitest';

import { addSums, type EntityHits, mergeHits } from '../../../src/domain/readiness/merge-hits.ts';

const hits = (entity: string, ...amounts: readonly (string | null)[]): EntityHits => ({
  entity,
  count: String(amounts.length),
  amounts: [],
  samples: amounts.map((amount, at) => ({
    object: 'RatePlanCharge',
    id: `${entity}-${at}`,
    amount,
    currency: amount === null ? null : 'USD',
    detail: null,
  })),
});

describe('mergeHits', () => {
  test('adds counts beyond what a number holds', () => {
    const many = { ...hits('one'), count: '9007199254740993' };
    expect(mergeHits([many, { ...hits('two'), count: '2' }])).toMatchObject({
      count: '9007199254740995',
      entities: [
        { entity: 'one', count: '9007199254740993' },
        { entity: 'two', count: '2' },
      ],
    });
  });

  test('leaves out entities in which nothing was found', () => {
    expect(mergeHits([hits('one'), hits('two', '1.00')]).entities).toEqual([{ entity: 'two', count: '1' }]);
  });

  test('keeps the five samples with the most at stake, whatever their sign, and those without an amount last', () => {
    const merged = mergeHits([hits('one', '-900', '3', null), hits('two', '100', '-2', '1')]);
    expect(merged.samples.map(({ entity, amount }) => `${entity} ${amount}`)).toEqual([
      'one -900',
      'two 100',
      'one 3',
      'two -2',
      'two 1',
    ]);
  });
});

describe('mergeHits over several currencies', () => {
  const valued = (entity: string, ...texts: readonly string[]): EntityHits => ({
    ...hits(entity),
    count: String(texts.length),
    samples: texts.map((text) => {
      const [amount = '', currency = ''] = text.split(' ');
      return { object: 'Invoice', id: text, amount, currency, detail: null };
    }),
  });

  test('takes the largest of each currency in turn, so that none crowds out the others', () => {
    const merged = mergeHits([
      valued('one', '900000 JPY', '800000 JPY', '700000 JPY', '600000 JPY', '500000 JPY'),
      valued('two', '-20 EUR', '10 EUR', '3 USD'),
    ]);
    expect(merged.samples.map(({ id }) => id)).toEqual([
      '-20 EUR',
      '900000 JPY',
      '3 USD',
      '10 EUR',
      '800000 JPY',
    ]);
  });
});

describe('addSums', () => {
  test('adds by currency, exactly, with signs and without, and puts amounts without a currency last', () => {
    const sums = addSums([
      { currency: null, amount: '1', gross: '1' },
      { currency: 'USD', amount: '0.1', gross: '0.1' },
      { currency: 'EUR', amount: '5', gross: '5' },
      { currency: 'USD', amount: '-0.3', gross: '0.7' },
    ]);
    expect(sums).toEqual([
      { currency: 'EUR', amount: '5', gross: '5' },
      { currency: 'USD', amount: '-0.2', gross: '0.8' },
      { currency: null, amount: '1', gross: '1' },
    ]);
  });
});
