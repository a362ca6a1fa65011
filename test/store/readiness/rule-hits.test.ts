import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Hit } from '../../../src/limitations/limitation.ts';
import { readRuleHits } from '../../../src/store/readiness/rule-hits.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';

const hitsOf = (id: string, body: (entity: string) => ReturnType<typeof sql<Hit>>) => ({ id, hits: body });
const row = (entity: string) =>
  sql<Hit>`select 'Invoice' as object, ${`of-${entity}`}::text as id, 1.50 as amount, 'USD' as currency, null::text as detail`;

describe('readRuleHits', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  test('asks every rule of every entity, and says when a rule is done', async () => {
    const told: string[] = [];
    const found = await readRuleHits(
      database.db,
      [hitsOf('one', row), hitsOf('two', row)],
      ['a', 'b'],
      (id) => void told.push(id),
    );
    expect(told).toEqual(['one', 'two']);
    expect(found.get('two')).toMatchObject([
      {
        entity: 'a',
        count: '1',
        amounts: [{ currency: 'USD', amount: '1.5', gross: '1.5' }],
        samples: [{ id: 'of-a' }],
      },
      { entity: 'b', count: '1', samples: [{ id: 'of-b' }] },
    ]);
  });

  test('cannot write, whatever a rule does', async () => {
    const writing = hitsOf(
      'writing',
      () => sql<Hit>`select prestaging.ensure_history_month('2031-01-01')::text as object, 'x' as id,
        null::numeric as amount, null::text as currency, null::text as detail`,
    );
    await expect(readRuleHits(database.db, [writing], ['a'])).rejects.toThrow(/read-only transaction/);
  });
});
