import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import {
  callerPrefix,
  closeReadinessRun,
  entitiesToRead,
  forgetReadiness,
  openReadinessRun,
} from '../../../src/store/readiness/readiness-run.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { changedRow, sampleTenant } from '../../support/sample-tenant.ts';
import { loadRows, recordTenant, type Rows, syncRows } from '../../support/sync-rows.ts';

const DEMO = { entity: 'demo', org: 'default' };
const window = { from: null, to: '2024-02-15T00:00:00Z' };

describe('a run of readiness', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await openTestDatabase();
    await recordTenant(database);
  });
  afterEach(() => database.close());

  const counts = async (...tables: string[]): Promise<string[]> => {
    const found = tables.map((table) =>
      sql<{ n: string }>`select count(*) as n from ${sql.table(table)}`.execute(database.db),
    );
    return (await Promise.all(found)).map(({ rows }) => rows[0]?.n ?? '');
  };
  let callers = 0;
  const loaded = async (rows: Rows): Promise<void> => {
    const caller = `caller-${(callers += 1)}`;
    const { run } = await openReadinessRun(database.db, { ...DEMO, window, caller });
    for (const [name, list] of Object.entries(rows)) await loadRows(database, { run, ...DEMO }, name, list);
    await closeReadinessRun(database.db, run, 'wholly');
  };

  test('is never completed and leaves no balance: nothing was synced', async () => {
    await loaded(sampleTenant());
    expect(await counts('control.balance', 'control.mark', 'prestaging.invoice_item')).toEqual([
      '0',
      '0',
      '2',
    ]);
    const { rows } = await sql`select state, moves_mark from control.run`.execute(database.db);
    expect(rows).toEqual([{ state: 'aborted', moves_mark: false }]);
  });

  test('is forgotten with all that it brought, rejected and replaced versions too', async () => {
    await loaded(sampleTenant());
    await loaded(changedRow('Account', 'acc', { Name: 'Changed', UpdatedDate: '2024-01-06T10:00:00Z' }));
    await loaded(changedRow('InvoiceItem', 'item1', { ChargeAmount: 'much' }));
    const tables = ['prestaging.account', 'prestaging.history', 'prestaging.reject', 'control.extract'];
    expect(await counts(...tables)).not.toContain('0');
    await forgetReadiness(database.db, 'demo');
    await forgetReadiness(database.db, 'demo');
    expect(await counts(...tables, 'control.run')).toEqual(['0', '0', '0', '0', '0']);
  });

  test('stays while it is open, and once a sync has been completed', async () => {
    const { run } = await openReadinessRun(database.db, { ...DEMO, window, caller: 'somebody' });
    await loadRows(database, { run, ...DEMO }, 'Account', sampleTenant()['Account'] ?? []);
    await forgetReadiness(database.db, 'demo');
    expect(await counts('prestaging.account')).toEqual(['2']);
    await closeReadinessRun(database.db, run, 'wholly');

    await syncRows(database, sampleTenant(), { record: false });
    await loaded(changedRow('Account', 'acc', { Name: 'Changed', UpdatedDate: '2024-01-06T10:00:00Z' }));
    await forgetReadiness(database.db, 'demo');
    const { rows } = await sql`select name from prestaging.account where id = 'acc'`.execute(database.db);
    expect(rows).toEqual([{ name: 'Changed' }]);
  });

  test('takes over from another one, and is refused by a sync', async () => {
    const first = await openReadinessRun(database.db, { ...DEMO, window, caller: 'first' });
    const second = await openReadinessRun(database.db, { ...DEMO, window, caller: 'second' });
    expect(second.run).not.toBe(first.run);
    await expect(
      loadRows(database, { run: first.run, ...DEMO }, 'Account', sampleTenant()['Account'] ?? []),
    ).rejects.toMatchObject({ code: 'RUN_IS_OVER' });
    await sql`update control.run set owner_workflow = 'revenue-sync/demo' where state = 'open'`.execute(
      database.db,
    );
    await expect(openReadinessRun(database.db, { ...DEMO, window, caller: 'third' })).rejects.toMatchObject({
      code: 'RUN_REFUSED',
      fate: 'retry',
      message: expect.stringContaining('revenue-sync/demo'),
    });
  });

  describe('by a reader', () => {
    const READER = { name: 'enablement/1', turn: 'first' };
    const left = (turn?: string) =>
      entitiesToRead(database.db, turn === undefined ? { name: READER.name } : { ...READER, turn });
    const readBy = async (read: 'wholly' | 'in part'): Promise<void> => {
      const caller = `${callerPrefix(READER)}${(callers += 1)}`;
      const { run } = await openReadinessRun(database.db, { ...DEMO, window, caller });
      await loadRows(database, { run, ...DEMO }, 'Account', sampleTenant()['Account'] ?? []);
      await closeReadinessRun(database.db, run, read);
    };

    test('leaves an entity to be read until all of it was read', async () => {
      expect(await left('first')).toEqual(['demo']);
      await readBy('in part');
      expect(await left('first')).toEqual(['demo']);
      await readBy('wholly');
      expect(await left('first')).toEqual([]);
      expect(await left()).toEqual([]);
    });

    test('counts for its own turn, and for no other reader', async () => {
      await readBy('wholly');
      expect(await left('second')).toEqual(['demo']);
      expect(await entitiesToRead(database.db, { name: 'enablement/11' })).toEqual(['demo']);
      expect(await entitiesToRead(database.db, { name: 'enablement' })).toEqual(['demo']);
    });

    test('leaves it again once it was forgotten, and no more once a sync was completed', async () => {
      await readBy('wholly');
      await forgetReadiness(database.db, 'demo');
      expect(await left()).toEqual(['demo']);
      await syncRows(database, sampleTenant(), { record: false });
      expect(await left()).toEqual([]);
    });
  });
});
