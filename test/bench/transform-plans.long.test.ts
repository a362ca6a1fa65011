import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { TemplateType } from '../../src/domain/mapping/transaction-template.ts';
import { type BenchTenant, openBenchTenant } from '../../src/store/bench/bench-tenant.ts';
import { type Db, openDatabase, openPool } from '../../src/store/database.ts';
import { transformType } from '../../src/store/transform/transform-type.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { loopsOverTables, openPlanned, type RanPlan, rowsRead } from '../support/plans.ts';

const ITEMS = Number(process.env['BENCH_ITEMS'] ?? 200_000);

/** A side of a loop that read its table this often would read it once per line. */
const FEW = 1_000;

function dump(query: string, plan: any) { const walk = (n: any): void => { const r = (n['Actual Rows'] + (n['Rows Removed by Filter'] ?? 0)) * n['Actual Loops']; if (n['Relation Name'] && r > 300) console.log(query.replace(/\s+/g, ' ').slice(0, 50), '|', n['Node Type'], n['Relation Name'], n.Alias, r, 'loops', n['Actual Loops']); (n.Plans ?? []).forEach(walk); }; walk(plan); }
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

  async function form(type: TemplateType, run: string): Promise<RanPlan[]> {
    const template = tenant.templates.find(({ body }) => body.type === type);
    if (template === undefined) throw new Error(`no template of ${type}`);
    planned.plans.length = 0;
    await transformType(planned.db, { run, entity: tenant.entity, org: tenant.org, template });
    return [...planned.plans];
  }
  const loops = (plans: readonly RanPlan[]) =>
    plans.flatMap(({ query, plan }) =>
      loopsOverTables(plan, FEW).map((loop) => `${loop} in ${query.slice(0, 80)}`),
    );
  const read = (plans: readonly RanPlan[]) => plans.reduce((sum, { plan }) => sum + rowsRead(plan), 0);

  test.each(['SO', 'INV', 'CM', 'DM', 'IIA'] as const)(
    'of %s reads no table once per line when everything is new',
    async (type) => {
      const { entity } = tenant;
      await sql`update control.entity set invoice_settlement = ${type !== 'IIA'} where entity = ${entity}`.execute(
        admin,
      );
      const plans = await form(type, tenant.run);
      const formed = plans.find(({ query }) => query.includes('with formed as'));
      expect(formed).toBeDefined();
      expect(loops(plans)).toEqual([]);
      everything[type] = read(plans);
    },
  );

  describe('of a later run', () => {
    let run = '';
    beforeAll(async () => {
      const { entity } = tenant;
      await sql`update control.run set state = 'completed', closed_at = now() where run = ${tenant.run}`.execute(
        admin,
      );
      await sql`insert into control.mark (entity, org, high_water, last_run) values (${entity}, ${entity}, now(), ${tenant.run})`.execute(
        admin,
      );
      // As a collection leaves them: no line of these waits for anything.
      await sql`insert into revenue.line (entity, org, line, type, contract, so_line_id, amount, currency, collection)
        select entity, org, id, type, 'RC-1', so_line_id, ext_sell_price, transaction_currency, 1 from staging.line
        where withheld is null`.execute(admin);
      await sql`delete from staging.line_state where status = 'ready'`.execute(admin);
      for (const table of ['revenue.line', 'staging.line', 'staging.line_state'])
        await sql`analyze ${sql.table(table)}`.execute(admin);
      const { rows } = await sql<{ run: string }>`
        insert into control.run (entity, org, owner_workflow, owner_run, window_to)
        values (${entity}, ${tenant.org}, 'bench', 'later', now()) returning run`.execute(admin);
      run = rows[0]?.run ?? '';
    });

    test.each([
      ['SO', 'rate_plan_charge'],
      ['INV', 'invoice_item'],
      ['CM', 'credit_memo_item'],
    ] as const)(
      'of %s reads a part of the tables when a hundredth of its drivers changed',
      async (type, table) => {
        await sql`
        update prestaging.${sql.ref(table)} set changed_run = ${run} where hashtextextended(id, 0) % 100 = 0`.execute(
          admin,
        );
        await sql`analyze prestaging.${sql.ref(table)}`.execute(admin);
        const plans = await form(type, run);
      if (process.env['DUMP']) for (const { query, plan } of plans) dump(query, plan);
        expect(read(plans)).toBeLessThan((everything[type] ?? 0) / 10);
      },
    );
  });
});
