import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';

import { exportQuery } from '../../../src/billing/aqua/export-query.ts';
import { headerTarget } from '../../../src/billing/aqua/header.ts';
import * as dataQuery from '../../../src/billing/data-query/queries.ts';
import type { Billing } from '../../../src/billing/port.ts';
import { loadFromBilling } from '../../../activities/readiness/load-from-billing.ts';
import { PRICES } from '../../../activities/readiness/load-prices.ts';
import { RevsyncError } from '../../../src/domain/errors.ts';
import { readBalance } from '../../../src/store/balance/read-balance.ts';
import type { Db } from '../../../src/store/database.ts';
import { digest } from '../../../src/store/digest.ts';
import { readDataSources } from '../../../src/store/readiness/data-sources.ts';
import { openRunOf } from '../../../src/store/runs.ts';
import {
  type ActivityGround,
  newOwner,
  openActivityGround,
  runFor,
  smallTenant,
  synced,
} from '../../support/activities.ts';

async function openGround(spec?: string): Promise<ActivityGround> {
  const ground = await openActivityGround(spec ?? smallTenant());
  onTestFinished(() => ground.close());
  await runFor(ground, newOwner())('readEntities');
  return ground;
}

/** As `readiness --from billing` does it; `over` stands between it and Billing. */
async function looked(
  ground: ActivityGround,
  over: (billing: Billing) => Billing = (billing) => billing,
  report: (line: string) => void = () => undefined,
) {
  const ports: Billing[] = [];
  ground.world.billing = (real) => (ports.push(real), real);
  await runFor(ground, newOwner())('readEntities');
  const [billing] = ports;
  if (billing === undefined) throw new Error('Billing was not asked');
  await loadFromBilling({
    means: { ...ground.database, aqua: { exportQuery, headerTarget }, dataQuery, now: () => Date.now() },
    caller: randomUUID(),
    billing: over(billing),
    policy: ground.world.windowPolicy,
    entity: { entity: 'demo', org: 'default' },
    report,
    signal: new AbortController().signal,
  });
}

/** What a sync found and formed, whatever the numbers of its runs are. */
async function stateOf({ database: { db } }: ActivityGround, run: string) {
  const { tables } = await digest(db);
  const balance = await readBalance(db, run);
  return { tables, rows: balance?.rows, lines: balance?.lines };
}

async function countOf(db: Db, table: string): Promise<string> {
  const { rows } = await sql<{ count: string }>`select count(*) as count from ${sql.table(table)}`.execute(
    db,
  );
  return rows[0]?.count ?? '0';
}

describe('loadFromBilling', () => {
  test('brings rows into pre-staging, moves no mark, forms no line and leaves no run open', async () => {
    const ground = await openGround();
    await looked(ground);
    const { db } = ground.database;
    expect(await countOf(db, 'prestaging.invoice_item')).not.toBe('0');
    expect(
      await Promise.all(['control.mark', 'control.balance', 'staging.line'].map((each) => countOf(db, each))),
    ).toEqual(['0', '0', '0']);
    expect(await openRunOf(db, 'demo')).toBeUndefined();
    const [source] = await readDataSources(db);
    expect(source).toMatchObject({ entity: 'demo', source: 'readiness', run: '1' });
    expect(source?.notRead).toContain('OrderAction');
    expect(source?.notRead).not.toContain('InvoiceItem');
    expect(source?.notRead).not.toContain('CreditMemo'); // Billing has none: no Invoice Settlement
  });

  test('leaves the first sync the lines, the classes of the balance and the digest that it has without', async () => {
    const [plain, ahead] = await Promise.all([openGround(), openGround()]);
    await looked(ahead);
    await looked(ahead);
    const expected = await stateOf(plain, (await synced(plain)).run);
    expect(await stateOf(ahead, (await synced(ahead)).run)).toEqual(expected);
    expect(Object.values(expected.rows ?? []).some(({ staged }) => staged !== '0')).toBe(true);
  });

  test('forgets what Billing deleted before the first sync, even where no export tells it', async () => {
    const [plain, ahead] = await Promise.all([openGround(), openGround()]);
    await looked(ahead);
    const { rows } = await sql<{ id: string }>`
      select id from prestaging.invoice_item order by id limit 1`.execute(ahead.database.db);
    for (const ground of [plain, ahead])
      await ground.sandbox('changes', { object: 'InvoiceItem', deletedIds: rows.map(({ id }) => id) });
    for (const ground of [plain, ahead]) ground.world.billing = withoutDeletes;
    const expected = await stateOf(plain, (await synced(plain)).run);
    expect(await stateOf(ahead, (await synced(ahead)).run)).toEqual(expected);
  });

  test('leaves a later sync what it has without, too', async () => {
    const [plain, ahead] = await Promise.all([openGround(), openGround()]);
    const states = [];
    for (const ground of [plain, ahead]) {
      await synced(ground);
      ground.world.now += 3_600_000;
      const { rows } = await sql<{ id: string }>`
        select id from prestaging.subscription order by id limit 2`.execute(ground.database.db);
      await ground.sandbox('changes', {
        object: 'Subscription',
        rows: rows.map(({ id }) => ({ Id: id, Notes: 'changed', Name: `N-${id}` })),
      });
      ground.world.now += 60_000;
      if (ground === ahead) await looked(ground);
      states.push(await stateOf(ground, (await synced(ground)).run));
    }
    expect(states[1]).toEqual(states[0]);
  });

  test('reads contractual values by Data Query where the export has none', async () => {
    const ground = await openGround('items=20,seed=7,ccv=data-query');
    await looked(ground);
    const { rows } = await sql<{ source: string; extracted: string }>`
      select source, extracted from control.extract where object = ${PRICES}`.execute(ground.database.db);
    expect(rows).toEqual([{ source: 'data-query', extracted: expect.stringMatching(/^[1-9]/) }]);
    expect((await readDataSources(ground.database.db))[0]?.notRead).not.toContain(PRICES);
  });

  test('does without them where Billing has them nowhere, and says so', async () => {
    const ground = await openGround('items=20,seed=7,ccv=none');
    const told: string[] = [];
    await looked(ground, undefined, (line) => void told.push(line));
    expect(told.at(-1)).toContain('bookings show no amounts');
    expect((await readDataSources(ground.database.db))[0]?.notRead).toContain(PRICES);
  });

  test('is refused while a sync is open, and names its workflow', async () => {
    const ground = await openGround();
    await runFor(ground, newOwner('revenue-sync/by-ann'))('openSyncRun', {});
    await expect(looked(ground)).rejects.toMatchObject({
      code: 'RUN_REFUSED',
      fate: 'retry',
      message: expect.stringContaining('revenue-sync/by-ann'),
    });
  });

  test('gives way to a sync that starts meanwhile, and ends', async () => {
    const ground = await openGround();
    ground.world.isOver = async () => true; // as Temporal says of a workflow that it never had
    let sync: Awaited<ReturnType<typeof synced>> | undefined;
    const loading = looked(ground, (billing) =>
      overtaken(billing, async () => void (sync ??= await synced(ground))),
    );
    await expect(loading).rejects.toMatchObject({
      code: 'READINESS_OVERTAKEN',
      fate: 'retry',
      remedy: 'Run readiness again after the sync.',
    });
    expect(sync?.finished.outcome).toBe('completed');
    expect(await countOf(ground.database.db, 'control.mark')).toBe('1');
  });

  test('takes over from a readiness that was killed', async () => {
    const ground = await openGround();
    await sql`insert into control.run (entity, org, owner_workflow, owner_run, window_to)
      values ('demo', 'default', 'readiness/demo', 'killed', now())`.execute(ground.database.db);
    await looked(ground);
    expect(await openRunOf(ground.database.db, 'demo')).toBeUndefined();
  });
});

/** Something happens before the first file is opened. */
function overtaken(billing: Billing, happens: () => Promise<void>): Billing {
  return new Proxy(billing, {
    get(target, name: keyof Billing) {
      if (name !== 'exportStatus') return target[name];
      return async (job: string) => {
        const status = await target.exportStatus(job);
        if (status.state === 'completed') await happens();
        return status;
      };
    },
  });
}

/** An export that cannot tell deleted rows, as of tenants that do not have the option. */
function withoutDeletes(billing: Billing): Billing {
  return new Proxy(billing, {
    get(target, name: keyof Billing) {
      if (name === 'deletesOf') return async () => new Set();
      if (name !== 'submitExport') return target[name];
      return async (job: Parameters<Billing['submitExport']>[0]) => {
        if (job.queries.every(({ deletedColumn }) => deletedColumn === undefined))
          return target.submitExport(job);
        throw new RevsyncError('no deleted columns', {
          code: 'BILLING_DELETES_UNSUPPORTED',
          fate: 'fix-input',
          remedy: 'Ask without.',
        });
      };
    },
  });
}
