import { sql } from 'kysely';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { readBalance } from '../../src/store/balance/read-balance.ts';
import { OWN, REFERENCES } from '../../src/store/fold-idle-run.ts';
import { listRuns } from '../../src/store/list-runs.ts';
import { completeRun, isCompleted, openRun, type RunWindow } from '../../src/store/runs.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { genericRow, insertOf, relations, withClient } from '../support/generic-rows.ts';
import { run as asSuperuser } from '../support/server-database.ts';
import { recordTenant } from '../support/sync-rows.ts';

describe('runs of a loop that bring nothing', () => {
  let database: TestDatabase;
  let entity = '';
  let tenants = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(async () => {
    entity = `entity-${(tenants += 1)}`;
    await recordTenant(database, entity, entity);
  });
  afterAll(() => database.close());

  let minute = 0;
  const begin = async (window: Partial<RunWindow> = {}): Promise<string> => {
    const { db } = database;
    minute += 1;
    const opened = await openRun(db, {
      entity,
      org: entity,
      owner: { workflowId: `revenue-sync/${entity}`, runId: `run-${minute}` },
      window: {
        from: '2024-02-01T00:00:00Z',
        to: new Date(Date.UTC(2024, 1, 1, 0, minute)).toISOString(),
        lookBack: false,
        movesMark: true,
        selection: {},
        light: true,
        ...window,
      },
    });
    const run = opened?.run ?? '';
    const counts = { extracted: '1', changed: '0', unchanged: '1', replaced: '0', rejected: '0' };
    await db
      .insertInto('control.extract')
      .values({ run, org: entity, object: 'Account', file_id: 'f', ...counts })
      .execute();
    await sql`
      insert into control.balance (run, org, object, currency, measure, extracted, staged, held, rejected, excluded,
        unchanged, reference) values (${run}, ${entity}, 'Account', '', 'count', 1, 0, 0, 0, 0, 1, 0)`.execute(
      db,
    );
    await sql`
      insert into control.side_extract (run, entity, org, side, window_to, state)
      values (${run}, ${entity}, ${entity}, 'prices', '2024-02-01', 'done')`.execute(db);
    await sql`
      insert into control.side_job (run, org, side, part, object, query)
      values (${run}, ${entity}, 'prices', 'whole', 'x', 'y')`.execute(db);
    return run;
  };
  const pass = async (window: Partial<RunWindow> = {}, outcome = 'nothing-to-do'): Promise<string> => {
    const run = await begin(window);
    await completeRun(database.db, run, outcome);
    return run;
  };
  const runs = async () => (await listRuns(database.db, { entity })).map(({ run }) => run);

  test('leave one row, which says how often and since when', async () => {
    const first = await pass();
    const [began] = await listRuns(database.db, { entity });
    const [second, third] = [await pass(), await pass()];
    expect(await listRuns(database.db, { entity })).toMatchObject([
      { run: third, idleRuns: 2, idleSince: began?.openedAt, balanced: true },
    ]);
    for (const gone of [first, second]) {
      expect(await readBalance(database.db, gone)).toBeUndefined();
      for (const table of OWN) {
        const { rows } = await sql`select from ${sql.table(table)} where run = ${gone}`.execute(database.db);
        expect(rows, table).toEqual([]);
      }
    }
    expect((await readBalance(database.db, third))?.rows).toHaveLength(1);
  });

  test('are folded once they are completed, however late that is asked for again', async () => {
    const first = await pass();
    const second = await pass();
    expect(await isCompleted(database.db, first)).toBe(true);
    await completeRun(database.db, first, 'nothing-to-do');
    expect(await runs()).toEqual([second]);
  });

  test.each<[string, Partial<RunWindow>, string, number[]]>([
    ['that brought something', {}, 'completed', [0, 1, 2]],
    ['over a chosen window', { movesMark: false }, 'nothing-to-do', [0, 1, 2]],
    ['over chosen objects', { selection: { objects: ['Account'] } }, 'nothing-to-do', [0, 1, 2]],
    // Its row says of those before what theirs did, and stays itself.
    ['that a person or a schedule started', { light: false }, 'nothing-to-do', [1, 2]],
  ])('do not take a run %s for one of them', async (_which, window, outcome, left) => {
    const all = [await pass(), await pass(window, outcome), await pass()];
    expect((await runs()).map((run) => all.indexOf(run))).toEqual(left);
  });

  test('go on counting after a run that was given up in between', async () => {
    await pass();
    const aborted = await begin();
    await sql`update control.run set state = 'aborted', closed_at = now() where run = ${aborted}`.execute(
      database.db,
    );
    const last = await pass();
    expect(await listRuns(database.db, { entity })).toMatchObject([
      { run: aborted },
      { run: last, idleRuns: 1 },
    ]);
  });

  test('stay where an operator went on without something', async () => {
    const first = await begin();
    await sql`update control.side_extract set state = 'skipped' where run = ${first}`.execute(database.db);
    await completeRun(database.db, first, 'nothing-to-do');
    const second = await pass();
    expect(await runs()).toEqual([first, second]);
  });

  test('are both there, and the mark stands, when the later one cannot be completed', async () => {
    const first = await pass();
    const second = await begin();
    await asSuperuser(database.url, 'revoke delete on control.run from revsync_worker');
    await expect(completeRun(database.db, second, 'nothing-to-do')).rejects.toThrow('permission denied');
    await asSuperuser(database.url, 'grant delete on control.run to revsync_worker');
    expect(await listRuns(database.db, { entity })).toMatchObject([
      { run: first, state: 'completed', idleRuns: 0, balanced: true },
      { run: second, state: 'open', idleRuns: 0 },
    ]);
    const { rows } = await sql`select last_run from control.mark where entity = ${entity}`.execute(
      database.db,
    );
    expect(rows).toEqual([{ last_run: first }]);
    await completeRun(database.db, second, 'nothing-to-do');
    expect(await listRuns(database.db, { entity })).toMatchObject([{ run: second, idleRuns: 1 }]);
  });

  test.each(REFERENCES.map(({ table, column }) => [table, column] as const))(
    'stay where a row of %s refers to them',
    async (table, column) => {
      const first = await pass();
      await withClient(database.url, (client) => refer(client, table, { [column]: first, entity }));
      const second = await pass();
      expect(await runs()).toEqual([first, second]);
    },
  );

  test('every column that names a run is known', async () => {
    const { rows } = await sql<{ name: string }>`
      select n.nspname || '.' || c.relname || '.' || a.attname as name
      from pg_attribute as a join pg_class as c on c.oid = a.attrelid join pg_namespace as n on n.oid = c.relnamespace
      where n.nspname in ('control', 'prestaging', 'staging', 'revenue') and c.relkind in ('r', 'p') and not c.relispartition
        and a.attnum > 0 and not a.attisdropped and a.atttypid = 'bigint'::regtype
        and (a.attname = 'run' or a.attname like '%\\_run')`.execute(database.db);
    const known = [
      ...REFERENCES.map(({ table, column }) => `${table}.${column}`),
      ...OWN.map((table) => `${table}.run`),
      'control.run.run',
      'control.mark.last_run', // moves to the run that stays
    ];
    expect(rows.map(({ name }) => name).toSorted()).toEqual(known.toSorted());
  });
});

/** Values that their tables do not take otherwise. */
const TAKEN = new Map<string, unknown>([
  ['counts', 'memo'],
  ['kind', 'history'],
  ['type', 'SO'],
  ['form', '1'],
]);

/** Inserts a row with the given values and any others, whatever it would refer to. */
async function refer(client: pg.ClientBase, table: string, values: Record<string, unknown>): Promise<void> {
  const relation = (await relations(client)).find(({ name }) => name.replaceAll('"', '') === table);
  if (relation === undefined) throw new Error(`there is no ${table}`);
  const row = genericRow(relation, String(values['entity']), 1);
  for (const [column, value] of [...TAKEN, ...Object.entries(values)]) {
    if (row.has(column)) row.set(column, value);
  }
  await client.query('set session_replication_role = replica');
  await client.query(...insertOf(relation, row));
}
