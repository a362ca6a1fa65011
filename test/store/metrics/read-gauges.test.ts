import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openDatabase } from '../../../src/store/database.ts';
import { readGauges } from '../../../src/store/metrics/read-gauges.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';

describe('readGauges', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  test('finds nothing to tell in a database in which nothing happened', async () => {
    expect(await readGauges(database.db, 4_000)).toEqual({
      entities: [],
      runs: [],
      rows: [],
      holds: [],
      waiting: [],
    });
  });

  test('never reads a line', async () => {
    const plans: string[] = [];
    const { pool } = database;
    const explaining = openDatabase(
      Object.assign(Object.create(pool) as typeof pool, {
        connect: async () => {
          const client = await pool.connect();
          return Object.assign(Object.create(client) as typeof client, {
            query: async (text: string, values: unknown[]) => {
              if (/^\s*(with|select \()/.test(text)) {
                const plan = await client.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
                plans.push(...plan.rows.map((row) => row['QUERY PLAN']));
              }
              return client.query(text, values);
            },
            release: () => client.release(),
          });
        },
      }),
    );
    await readGauges(explaining, 4_000);
    expect(plans.filter((line) => /\bon (hold|line_state|run)\b/.test(line)).length).toBeGreaterThan(2);
    expect(plans.filter((line) => /\bon line\b/.test(line))).toEqual([]);
  });

  test('gives up when the database takes too long', async () => {
    const held = database.db.transaction().execute(async (trx) => {
      await sql`lock table staging.hold in access exclusive mode`.execute(trx);
      await expect(readGauges(database.db, 100)).rejects.toThrow(/statement timeout/);
    });
    await held;
  });
});
