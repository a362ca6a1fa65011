import { describe, expect, test } from 'vitest';

import { fieldText } from '../../../src/domain/settings/setting-read.ts';

const read = (body: unknown) => fieldText({ state: 'told', body }, 'field');

describe('fieldText', () => {
  test('writes a value as Billing spells it', () => {
    expect(read({ field: false })).toBe('false');
    expect(read({ field: 'ProrateByDay ' })).toBe('ProrateByDay');
    expect(read({ field: 7 })).toBe('7');
    expect(read({ field: ['a'] })).toBe('["a"]');
  });

  test('takes nothing for something', () => {
    for (const body of [null, 'text', [], {}, { field: null }, { field: ' ' }]) expect(read(body)).toBeNull();
    expect(read({ toString: 1 })).toBeNull();
    expect(fieldText({ state: 'told', body: {} }, 'toString')).toBeNull();
    expect(fieldText({ state: 'refused' }, 'field')).toBeNull();
  });

  test('cuts what no setting is that long', () => {
    expect(read({ field: 'x'.repeat(10_000) })).toHaveLength(200);
  });
});
