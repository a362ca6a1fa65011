import { describe, expect, test } from 'vitest';

import { ratesWanted } from '../../../src/domain/rates/rates-wanted.ts';

const wanted = (change: Partial<Parameters<typeof ratesWanted>[0]>) =>
  ratesWanted({ home: 'USD', reporting: null, inUse: ['EUR', 'JPY', 'USD'], chosen: undefined, ...change });

describe('the rates that an entity wants', () => {
  test('are of the currencies in use in terms of its home currency', () => {
    expect(wanted({}).wanted).toEqual([{ base: 'USD', currencies: ['EUR', 'JPY'] }]);
    expect(wanted({ reporting: 'USD' }).wanted).toEqual([{ base: 'USD', currencies: ['EUR', 'JPY'] }]);
  });

  test('lead to another reporting currency, too, by either table', () => {
    expect(wanted({ reporting: 'GBP' }).wanted).toEqual([
      { base: 'USD', currencies: ['EUR', 'GBP', 'JPY'] },
      { base: 'GBP', currencies: ['USD'] },
    ]);
    expect(wanted({ reporting: 'GBP', inUse: ['USD'] }).wanted).toHaveLength(2);
  });

  test('are those that a person chose', () => {
    expect(wanted({ chosen: ['KWD', 'KWD', 'USD'], reporting: 'GBP' }).wanted).toEqual([
      { base: 'USD', currencies: ['KWD'] },
    ]);
  });

  test('lead to the reporting currency where there is no home currency', () => {
    expect(wanted({ home: null, reporting: 'KWD' })).toEqual({
      wanted: [{ base: 'KWD', currencies: ['EUR', 'JPY', 'USD'] }],
      note: '',
    });
    expect(wanted({ home: null, reporting: 'KWD', chosen: ['EUR', 'KWD'] }).wanted).toEqual([
      { base: 'KWD', currencies: ['EUR'] },
    ]);
    expect(wanted({ home: null, reporting: 'USD', inUse: ['USD'] })).toEqual({
      wanted: [],
      note: 'The entity has no other currency than USD.',
    });
  });

  test('are none, and it says why', () => {
    expect(wanted({ home: null })).toEqual({
      wanted: [],
      note: 'The entity has no home currency: Currency Conversion is off in Billing.',
    });
    const none = { wanted: [], note: 'The entity has no other currency than USD.' };
    expect(wanted({ inUse: ['USD'] })).toEqual(none);
    expect(wanted({ inUse: [] })).toEqual(none);
    expect(wanted({ chosen: ['USD'] })).toEqual(none);
  });
});
