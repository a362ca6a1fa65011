import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openBenchTenant } from '../../src/store/bench/bench-tenant.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { loopsOverTables, openPlanned, type RanPlan, rowsRead } from '../support/plans.ts';

const ITEMS = 2_000;
const MOST = 1_000;

/** What transform-plans.long.test.ts trusts: it sees the loops and the reads that there are. */
describe('a plan that ran', () => {
  let database: TestDatabase;
  let planned: ReturnType<typeof openPlanned>;
  beforeAll(async () => {
    database = await openTestDatabase();
    await openBenchTenant(database.db, ITEMS);
    planned = openPlanned(database.url);
  });
  afterAll(async () => {
    await planned.db.destroy();
    await database.close();
  });

  /** The plan of `query` when the planner may not go some of its ways. */
  async function ran(query: string, ...barred: readonly string[]): Promise<RanPlan['plan']> {
    const last = await planned.db.transaction().execute(async (trx) => {
      for (const way of barred) await sql`select set_config(${`enable_${way}`}, 'off', true)`.execute(trx);
      await sql.raw(query).execute(trx);
      return planned.plans.at(-1);
    });
    if (last?.query !== query) throw new Error('its plan was not kept');
    return last.plan;
  }
  const JOINED = `select count(i.sku), count(c.name) from prestaging.invoice_item as i
    left join prestaging.rate_plan_charge as c on c.id = i.rate_plan_charge_id`;
  const hashed = ['mergejoin', 'nestloop'];
  const looped = ['mergejoin', 'hashjoin'];

  test('has no loop where rows are hashed', async () => {
    expect(loopsOverTables(await ran(JOINED, ...hashed), MOST)).toEqual([]);
  });

  test.each([
    ['looks a row up for each', JOINED, [...looped, 'memoize']],
    ['goes over kept rows for each', JOINED, [...looped, 'indexscan', 'bitmapscan', 'memoize']],
    ['reads the table for each', JOINED, [...looped, 'indexscan', 'bitmapscan', 'memoize', 'material']],
    [
      'asks a subquery for each',
      `select count((select c.name from prestaging.rate_plan_charge as c where c.id = i.rate_plan_charge_id and c.entity = i.entity)) from prestaging.invoice_item as i`,
      [],
    ],
  ])('has one where it %s', async (_, query, barred) => {
    expect(loopsOverTables(await ran(query, ...barred), MOST)).toEqual([
      expect.stringContaining(' rate_plan_charge c '),
    ]);
  });

  test('read the rows that it returned and those that it threw away', async () => {
    const every = `select count(*) from prestaging.invoice_item`;
    expect(rowsRead(await ran(every))).toBe(ITEMS);
    expect(rowsRead(await ran(`${every} where charge_amount < 0`, 'indexscan'))).toBe(ITEMS);
    expect(rowsRead(await ran(`${every} where entity = 'bench' and id < '8ad0'`, 'seqscan'))).toBe(0);
  });
});
