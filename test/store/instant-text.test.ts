import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { instantText } from '../../src/store/instant-text.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

describe('instantText', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  test('is UTC with microseconds, whatever zone the instant was written in', async () => {
    const { rows } = await sql`select ${instantText(sql`timestamptz '2024-03-01 01:30:00.25+02'`)} as text,
      ${instantText(sql`null::timestamptz`)} as none`.execute(database.db);
    expect(rows).toEqual([{ text: '2024-02-29T23:30:00.250000Z', none: null }]);
  });
});
