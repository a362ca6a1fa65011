import { Readable } from 'node:stream';

import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { ExportedFile } from '../../activities/export.ts';
import type { OpenedRun } from '../../activities/open-run.ts';
import type { Owner } from '../../src/store/runs.ts';
import {
  type ActivityGround,
  exported,
  failureOf,
  newOwner,
  openActivityGround,
  runFor,
  smallTenant,
} from '../support/activities.ts';

describe('loadFile', () => {
  let ground: ActivityGround;
  let owner: Owner;
  let opened: OpenedRun;
  beforeAll(async () => void (ground = await openActivityGround(smallTenant('items=200,seed=7'))));
  afterAll(() => ground.close());
  beforeEach(async () => {
    owner = newOwner();
    opened = await runFor(ground, owner)('openSyncRun', {});
  });
  afterEach(async () => {
    ground.world.billing = (real) => real;
    await runFor(ground, owner)('abandonRun', { run: opened.run, reason: 'test' });
    await sql`delete from prestaging.invoice_item`.execute(ground.database.db);
  });

  const fileOf = async (object: string): Promise<ExportedFile> => {
    const file = (await exported(ground, owner, opened)).find((each) => each.object === object);
    if (file === undefined) throw new Error(`no file of ${object}`);
    return file;
  };
  const load = (file: ExportedFile) => runFor(ground, owner)('loadFile', opened, file);
  const items = async (): Promise<string | undefined> => {
    const { rows } = await sql<{ count: string }>`select count(*) from prestaging.invoice_item`.execute(
      ground.database.db,
    );
    return rows[0]?.count;
  };
  const opens = () => ground.calls.get('openFile') ?? 0;

  test('brings every row of the file into pre-staging', async () => {
    const counts = await load(await fileOf('InvoiceItem'));
    expect(counts).toEqual({
      extracted: '200',
      changed: '200',
      unchanged: '0',
      replaced: '0',
      rejected: '0',
    });
    expect(await items()).toBe('200');
  });

  test('loads a file once: a second try reads nothing and answers the same', async () => {
    const file = await fileOf('InvoiceItem');
    const first = await load(file);
    const before = opens();
    expect(await load(file)).toEqual(first);
    expect(opens()).toBe(before);
    expect(await items()).toBe('200');
  });

  test('keeps custom fields beside the typed ones', async () => {
    await load(await fileOf('InvoiceItem'));
    const { rows } = await sql<{ custom: Record<string, string> }>`
      select custom from prestaging.invoice_item where custom ? 'CostCentre__c' limit 1`.execute(
      ground.database.db,
    );
    expect(Object.keys(rows[0]?.custom ?? {})).toEqual(['CostCentre__c']);
  });

  test('keeps nothing of a file that breaks off', async () => {
    const file = await fileOf('InvoiceItem');
    await ground.sandbox('faults', { kind: 'truncate', match: 'InvoiceItem' });
    const failure = await failureOf(load(file));
    expect(['RECORD_COUNT_MISMATCH', 'BILLING_UNREACHABLE', 'BILLING_FILE_BROKEN']).toContain(failure.type);
    expect(await items()).toBe('0');
    expect((await load(file)).extracted).toBe('200');
  });

  test('keeps nothing of a file with another number of rows than Billing counted', async () => {
    const file = await fileOf('InvoiceItem');
    const failure = await failureOf(load({ ...file, recordCount: '201' }));
    expect(failure.type).toBe('RECORD_COUNT_MISMATCH');
    expect(failure.message).toContain('holds 200 rows, but Billing counted 201');
    expect(await items()).toBe('0');
  });

  test('says so when Billing has purged the file', async () => {
    const file = await fileOf('InvoiceItem');
    await ground.sandbox('faults', { kind: 'gone', match: 'InvoiceItem' });
    expect((await failureOf(load(file))).type).toBe('BILLING_FILE_GONE');
    expect(await items()).toBe('0');
  });

  test('keeps one of the rows that come twice, and counts the other as replaced', async () => {
    await ground.sandbox('faults', { kind: 'duplicate', match: 'InvoiceItem' });
    const { extracted, changed, replaced } = await load(await fileOf('InvoiceItem'));
    expect(Number(changed) + Number(replaced)).toBe(Number(extracted));
    expect(Number(replaced)).toBeGreaterThan(0);
    expect(await items()).toBe('200');
  });

  test('loads rows in whatever order they come', async () => {
    await ground.sandbox('faults', { kind: 'shuffle', match: 'InvoiceItem' });
    const counts = await load(await fileOf('InvoiceItem'));
    expect(counts.changed).toBe('200');
    expect(await items()).toBe('200');
  });

  test('writes nothing for a late attempt of a run that is over', async () => {
    const file = await fileOf('InvoiceItem');
    await runFor(ground, owner)('abandonRun', { run: opened.run, reason: 'test' });
    expect(await failureOf(load(file))).toMatchObject({ type: 'RUN_IS_OVER', nonRetryable: true });
    expect(await items()).toBe('0');
  });

  test('refuses a file without the key of its rows', async () => {
    ground.world.billing = (real) => ({
      ...real,
      openFile: async () => Readable.from([Buffer.from('ChargeAmount\n1.00\n')]),
    });
    const failure = await failureOf(
      load({ object: 'InvoiceItem', fileIds: ['f'], recordCount: '1', full: true }),
    );
    expect(failure).toMatchObject({ type: 'BILLING_FILE_UNREADABLE', nonRetryable: true });
    expect(failure.message).toContain('lacks Id');
  });

  test('refuses a file that has a column twice', async () => {
    ground.world.billing = (real) => ({
      ...real,
      openFile: async () => Readable.from([Buffer.from('Id,ChargeAmount,ChargeAmount\n1,1.00,2.00\n')]),
    });
    const failure = await failureOf(
      load({ object: 'InvoiceItem', fileIds: ['f'], recordCount: '1', full: true }),
    );
    expect(failure).toMatchObject({ type: 'BILLING_FILE_UNREADABLE', nonRetryable: true });
  });
});
