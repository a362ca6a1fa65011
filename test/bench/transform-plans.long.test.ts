import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { TemplateType } from '../../src/domain/mapping/transaction-template.ts';
import { type BenchTenant, openBenchTenant } from '../../src/store/bench/bench-tenant.ts';
import { type Db, openDatabase, openPool } from '../../src/store/database.ts';
import { trialRun } from '../../src/store/dry-run/dry-run.ts';
import { transformType } from '../../src/store/transform/transform-type.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { loopsOverTables, openPlanned, type RanPlan, rowsRead } from '../support/plans.ts';

const ITEMS = Number(process.env['BENCH_ITEMS'] ?? 200_000);

/** A loop that reads a table for a tenth of the drivers could as well read it for each line. */
const SHARE = 10;

/** Plans of every statement that a transform runs, with how often each part of them ran. */
describe('a transform', () => {
  let database: TestDatabase;
  let tenant: BenchTenant;
  let planned: { db: Db; plans: RanPlan[] };
  /** The rights to do what the worker does not. */
  let admin: Db;
  const everything: Record<string, number> = {};

  beforeAll(async () => {
    database = await openTestDatabase();
    tenant = await openBenchTenant(database.db, ITEMS);
    planned = openPlanned(database.url);
    admin = openDatabase(openPool(database.url, { connections: 1 }));
  });
  afterAll(async () => {
    await planned.db.destroy();
    await admin.destroy();
    await database.close();
  });

  interface Formed {
    readonly plans: readonly RanPlan[];
    readonly drivers: number;
  }

  async function form(type: TemplateType, run: string): Promise<Formed> {
    const template = tenant.templates.find(({ body }) => body.type === type);
    if (template === undefined) throw new Error(`no template of ${type}`);
    planned.plans.length = 0;
    const counts = await transformType(planned.db, {
      run,
      entity: tenant.entity,
      org: tenant.org,
      template,
    });
    return { plans: [...planned.plans], drivers: Number(counts.drivers) };
  }
  const loops = ({ plans, drivers }: Formed) =>
    plans.flatMap(({ query, plan }) =>
      loopsOverTables(plan, drivers / SHARE).map((loop) => `${loop} in ${query.slice(0, 80)}`),
    );
  const read = ({ plans }: Formed) => plans.reduce((sum, { plan }) => sum + rowsRead(plan), 0);

  test.each(['SO', 'INV', 'CM', 'DM', 'IIA'] as const)(
    'of %s reads no table once per line when everything is new',
    async (type) => {
      const { entity } = tenant;
      await sql`update control.entity set invoice_settlement = ${type !== 'IIA'} where entity = ${entity}`.execute(
        admin,
      );
      const formed = await form(type, tenant.run);
      everything[type] = read(formed);
      expect(formed.plans.some(({ query }) => query.includes('with formed as'))).toBe(true);
      expect(formed.drivers).toBeGreaterThanOrEqual(ITEMS / 20);
      expect(loops(formed)).toEqual([]);
    },
  );

  describe('of a later run', () => {
    const close = (run: string) =>
      sql`update control.run set state = 'completed', closed_at = now() where run = ${run}`.execute(admin);
    /** A run after one that completed, in which every hundredth row of the table changed and nothing else. */
    async function laterRun(table: string): Promise<string> {
      const { entity, org } = tenant;
      const { rows } = await sql<{ run: string }>`
        insert into control.run (entity, org, owner_workflow, owner_run, window_to)
        values (${entity}, ${org}, 'bench', ${table}, now()) returning run`.execute(admin);
      const run = rows[0]?.run ?? '';
      await sql`
        insert into control.mark (entity, org, high_water, last_run) values (${entity}, ${org}, now(), ${run}::bigint - 1)
        on conflict (entity) do update set last_run = excluded.last_run`.execute(admin);
      await sql`
        update ${sql.table(`prestaging.${table}`)} set changed_run = ${run} where hashtextextended(id, 0) % 100 = 0`.execute(
        admin,
      );
      await sql`analyze ${sql.table(`prestaging.${table}`)}`.execute(admin);
      return run;
    }

    beforeAll(async () => {
      await close(tenant.run);
      // As a collection leaves them: no line of these waits for anything.
      await sql`insert into revenue.line (entity, org, line, type, contract, so_line_id, amount, currency, collection)
        select entity, org, id, type, 'RC-1', so_line_id, ext_sell_price, transaction_currency, 1 from staging.line
        where withheld is null`.execute(admin);
      await sql`delete from staging.line_state where status = 'ready'`.execute(admin);
      for (const table of ['revenue.line', 'staging.line', 'staging.line_state'])
        await sql`analyze ${sql.table(table)}`.execute(admin);
    });

    // Of the others there are few among all lines: these are looked up by their keys.
    test.each(['SO', 'INV'] as const)(
      'of %s is tried on collected lines without reading a table once per line',
      async (type) => {
        const { entity, org } = tenant;
        await sql`update control.entity set invoice_settlement = true where entity = ${entity}`.execute(
          admin,
        );
        const before = tenant.templates.find(({ body }) => body.type === type);
        if (before === undefined) throw new Error(`no template of ${type}`);
        const after = { ...before, name: 'another', version: 1 };
        planned.plans.length = 0;
        const { restated } = await trialRun(planned.db, { entity, org, before, after, samples: 1 }, []);
        const plans = planned.plans.filter(({ query }) => query.includes('restated'));
        expect(Number(restated.lines)).toBeGreaterThanOrEqual(ITEMS / 20);
        expect(plans.some(({ query }) => query.includes('insert into "pg_temp"."restated_after"'))).toBe(
          true,
        );
        expect(loops({ plans, drivers: Number(restated.lines) })).toEqual([]);
      },
    );

    test.each([
      ['SO', 'rate_plan_charge'],
      ['INV', 'invoice_item'],
      ['CM', 'credit_memo_item'],
    ] as const)(
      'of %s reads less than a tenth when a hundredth of its drivers changed',
      async (type, table) => {
        await sql`update control.entity set invoice_settlement = true where entity = ${tenant.entity}`.execute(
          admin,
        );
        const run = await laterRun(table);
        const formed = await form(type, run);
        await close(run);
        expect(formed.drivers).toBeGreaterThan(0);
        expect(read(formed)).toBeLessThan((everything[type] ?? 0) / 10);
      },
    );
  });
});
