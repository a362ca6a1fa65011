import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import { readableParts } from '../../../src/domain/setups/readable-parts.ts';

const FORM = z.strictObject({
  list: z.array(z.strictObject({ names: z.array(z.string()), size: z.number().optional() })),
  more: z.strictObject({ a: z.string() }).optional(),
});

describe('readableParts', () => {
  test('leaves what has its form as it is', () => {
    const input = { list: [{ names: ['a'], size: 1 }], more: { a: 'b' } };
    expect(readableParts(FORM, input).body).toEqual(input);
  });

  test('takes out what is wrong, and of what is missing the part that it is missing in', () => {
    const input = {
      list: [{ names: ['a', 2, 'c'], size: 'x' }, { size: 1 }, { names: [] }],
      more: {},
      odd: 1,
    };
    const { body, placeOf } = readableParts(FORM, input);
    expect(body).toEqual({ list: [{ names: ['a', 'c'] }, { names: [] }] });
    expect(placeOf('list[0].names[1]')).toBe('list[0].names[2]');
    expect(placeOf('list[1].names')).toBe('list[2].names');
    expect(placeOf('list')).toBe('list');
  });

  test.each([[null], ['text'], [{ list: 1 }], [{}]])('reads nothing of %j', (input) => {
    expect(readableParts(FORM, input).body).toBeNull();
  });

  test('does not touch the input', () => {
    const input = { list: [{ names: [1] }] };
    readableParts(FORM, input);
    expect(input).toEqual({ list: [{ names: [1] }] });
  });
});
