import { describe, expect, test } from 'vitest';

import { alike } from '../../../src/cli/doctor/alike.ts';

describe('alike', () => {
  test('makes one row of what entities have in common, and keeps the order of the rows', () => {
    const rows = alike([
      {
        entity: 'north',
        rows: [
          { object: 'Account', fields: 3 },
          { object: 'Invoice', fields: 5 },
        ],
      },
      {
        entity: 'south',
        rows: [
          { object: 'Account', fields: 4 },
          { object: 'Invoice', fields: 5 },
        ],
      },
    ]);
    expect(rows).toEqual([
      { object: 'Account', fields: 3, entities: ['north'] },
      { object: 'Account', fields: 4, entities: ['south'] },
      { object: 'Invoice', fields: 5, entities: ['north', 'south'] },
    ]);
  });

  test('of no entity there is no row', () => {
    expect(alike([])).toEqual([]);
  });
});
