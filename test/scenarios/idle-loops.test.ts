import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Row } from '../../src/billing/sandbox/tenant.ts';
import type { Db } from '../../src/store/database.ts';
import { type Digest, digest } from '../../src/store/digest.ts';
import { listRuns } from '../../src/store/list-runs.ts';
import {
  type ActivityGround,
  newOwner,
  openActivityGround,
  runFor,
  smallTenant,
  synced,
} from '../support/activities.ts';
import { tableSizes } from '../support/table-sizes.ts';

const MINUTE = 60_000;
const tenant = () => smallTenant('items=40,seed=7');

/** What an Instant On loop does again and again: a sync, then the collection. Answers how the sync ended. */
async function loop(ground: ActivityGround, light = true): Promise<string> {
  const { finished, org } = await synced(ground, newOwner(), { light });
  const run = runFor(ground, newOwner(`data-collection/${org}`));
  await run('collectLines', await run('openDataCollection', { org }));
  ground.world.now += MINUTE;
  return finished.outcome;
}

const counts = ({ database }: ActivityGround) => tableSizes(database.db);
const digestOf = ({ database }: ActivityGround): Promise<Digest> => digest(database.db);

function databaseOf(ground: ActivityGround | undefined): Db {
  if (ground === undefined) throw new Error('there is no such ground');
  return ground.database.db;
}

/** The living rows of an object, in the order of the tenant. */
async function rowsOf(object: string): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of tenant().rows(object)) if (row['Deleted'] !== 'true') rows.push(row);
  return rows;
}

describe('loops of which nothing comes', () => {
  let ground: ActivityGround;
  beforeEach(async () => void (ground = await openActivityGround(tenant())));
  afterEach(() => ground.close());

  test('leave nothing behind: ten of them, and an eleventh that reads state objects whole', async () => {
    expect(await loop(ground)).toBe('completed');
    expect(await loop(ground)).toBe('nothing-to-do');
    const [before, state] = [await counts(ground), await digestOf(ground)];
    expect(before).toMatchObject({ 'control.run': '2', 'control.collection': '2' });
    for (let times = 0; times < 10; times += 1) {
      expect(await loop(ground)).toBe('nothing-to-do');
      expect(await counts(ground)).toEqual(before);
    }
    ground.world.now += 60 * MINUTE;
    expect(await loop(ground)).toBe('nothing-to-do');
    expect(await digestOf(ground)).toEqual(state);
    const { 'control.extract': _extracts, 'control.balance': _balances, ...others } = before;
    expect(await counts(ground)).toMatchObject(others);
    expect((await listRuns(ground.database.db, {})).map(({ idleRuns }) => idleRuns)).toEqual([0, 11]);
    // What the whole read left goes with the next run, as what any other left.
    await loop(ground);
    expect(await counts(ground)).toEqual(before);
  });

  test('write nothing but the row of the run, that of the collection, and the mark', async () => {
    await loop(ground);
    await loop(ground);
    const written = async () => {
      const { rows } = await sql<{ name: string; writes: string }>`
        select schemaname || '.' || relname as name, n_tup_ins + n_tup_upd + n_tup_del as writes
        from pg_stat_user_tables where schemaname in ('prestaging', 'staging', 'revenue')`.execute(
        ground.database.db,
      );
      return new Map(rows.map(({ name, writes }) => [name, writes]));
    };
    const flushed = () => sql`select pg_stat_force_next_flush()`.execute(ground.database.db);
    await flushed();
    const before = await written();
    await loop(ground);
    await flushed();
    expect(await written()).toEqual(before);
  });

  test('a change ends the row, and the next idle loops have one of their own', async () => {
    for (let times = 0; times < 3; times += 1) await loop(ground);
    const [account] = await rowsOf('Account');
    await ground.sandbox('changes', { object: 'Account', rows: [{ Id: account?.['Id'], Name: 'Renamed' }] });
    expect(await loop(ground)).toBe('completed');
    // The change lies in the overlap of some more windows: they find it here already.
    for (let times = 0; times < 3; times += 1) expect(await loop(ground)).toBe('nothing-to-do');
    const runs = await listRuns(ground.database.db, {});
    expect(runs.map(({ outcome, idleRuns }) => [outcome, idleRuns])).toEqual([
      ['completed', 0],
      ['nothing-to-do', 1],
      ['completed', 0],
      ['nothing-to-do', 2],
    ]);
  });
});

describe('light runs and full ones', () => {
  const grounds: ActivityGround[] = [];
  beforeEach(async () => {
    grounds.push(await openActivityGround(tenant()), await openActivityGround(tenant()));
  });
  afterEach(async () => {
    for (const ground of grounds.splice(0)) await ground.close();
  });

  /** The same happens to both; then both are looked at. */
  const both = async (what: (ground: ActivityGround, light: boolean) => Promise<unknown>): Promise<void> => {
    for (const [at, ground] of grounds.entries()) await what(ground, at === 0);
  };
  const loops = (times: number) =>
    both(async (ground, light) => {
      for (let time = 0; time < times; time += 1) await loop(ground, light);
    });
  const change = (object: string, rows: readonly Row[], deletedIds: readonly unknown[] = []) =>
    both((ground) => ground.sandbox('changes', { object, rows, deletedIds }));
  const states = () => Promise.all(grounds.map(async (ground) => (await digestOf(ground)).tables));

  test('come to the same, whatever changes or is deleted in between', async () => {
    await loops(1);
    const [account] = await rowsOf('Account');
    const [product, gone] = await rowsOf('Product');
    const [item, credited] = await rowsOf('InvoiceItem');
    const [charge] = await rowsOf('RatePlanCharge');
    const { UpdatedDate: _then, ...fresh } = item ?? {};

    await change('Account', [
      { Id: account?.['Id'] ?? null, Name: 'Renamed', Currency: account?.['Currency'] ?? null },
    ]);
    await change('InvoiceItem', [{ ...fresh, Id: 'item-added' }]);
    await loops(1);
    await change('Product', [{ Id: product?.['Id'] ?? null, SKU: 'another' }]);
    await loops(1);
    await change('InvoiceItem', [], [credited?.['Id']]);
    await change('RatePlanCharge', [{ Id: charge?.['Id'] ?? null, Quantity: '77' }]);
    await change('Product', [], [gone?.['Id']]);
    // What changes at the end of a window is read by the next one.
    await loops(2);
    const [light, full] = await states();
    expect(light).toEqual(full);

    const { rows } = await sql<{ object: string }>`
      select 'Product' as object from prestaging.product where deleted union all
      select 'InvoiceItem' from prestaging.invoice_item where deleted union all
      select 'Account' from prestaging.account where name = 'Renamed'`.execute(databaseOf(grounds[0]));
    expect(rows.map(({ object }) => object)).toEqual(['Product', 'InvoiceItem', 'Account']);
  });

  test('find within the hour what changed without another UpdatedDate, and deletions that no export tells', async () => {
    await loops(1);
    const [account] = await rowsOf('Account');
    await change('Account', [
      { Id: account?.['Id'] ?? null, Name: 'Renamed', UpdatedDate: account?.['UpdatedDate'] ?? null },
    ]);
    const [code] = await rowsOf('AccountingCode');
    await change('AccountingCode', [], [code?.['Id']]);
    await loops(1);
    const [before, renamed] = await states();
    for (const table of ['prestaging.account', 'prestaging.accounting_code'])
      expect(before?.[table], table).not.toBe(renamed?.[table]);
    await both(async (ground) => void (ground.world.now += 60 * MINUTE));
    await loops(1);
    const [light, full] = await states();
    expect(light).toEqual(full);
  });
});
