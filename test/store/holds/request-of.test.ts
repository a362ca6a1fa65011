import { describe, expect, test } from 'vitest';

import { requestOf } from '../../../src/store/holds/request-of.ts';

const ASKED = {
  org: 'default',
  as: 'correction',
  lines: ['INV:a'],
  reason: 'Agreed.',
  by: 'ann',
  request: 'u1',
} as const;

describe('requestOf', () => {
  test('is the same for a message that comes again', () => {
    expect(requestOf({ ...ASKED, lines: ['INV:a'] })).toBe(requestOf(ASKED));
    expect(requestOf({ ...ASKED, filter: {} })).toBe(requestOf(ASKED));
  });

  test.each([
    { as: 'rejected' },
    { lines: ['INV:b'] },
    { lines: undefined, filter: { hold: 'contract-closed' } },
    { filter: { entity: 'us' } },
    { reason: 'Twice.' },
    { by: 'bob' },
    { request: 'u2' },
  ] as const)('is another one for a message with %o', (change) => {
    expect(requestOf({ ...ASKED, ...change })).not.toBe(requestOf(ASKED));
  });

  test('tells fields of a filter apart', () => {
    const by = (filter: object) => requestOf({ ...ASKED, filter });
    expect(by({ hold: 'x' })).not.toBe(by({ subscription: 'x' }));
  });
});
