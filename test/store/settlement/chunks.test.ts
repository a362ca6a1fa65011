import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { askedByLastRun } from '../../../src/store/asked-before.ts';
import { completeRun, openRun, rememberExport } from '../../../src/store/runs.ts';
import {
  addCatchUp,
  chunkBrought,
  chunkProgress,
  frozenEnd,
  planChunks,
} from '../../../src/store/settlement/chunks.ts';
import { listChunks } from '../../../src/store/settlement/list-chunks.ts';
import { keepProof } from '../../../src/store/settlement/proof.ts';
import { listReports } from '../../../src/store/settlement/report.ts';
import { closeSwitch, openSwitch } from '../../../src/store/settlement/switch-over.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { loadRows, recordTenant, type Rows, syncRows } from '../../support/sync-rows.ts';
import { memoOf } from '../../support/settling-tenant.ts';
import { sampleTenant } from '../../support/sample-tenant.ts';

const END = '2024-06-01T00:00:00Z';
const HISTORY = [
  { kind: 'parents', from: '2024-02-01T00:00:00Z', to: END },
  { kind: 'history', from: null, to: '2024-05-01T00:00:00Z' },
  { kind: 'history', from: '2024-05-01T00:00:00Z', to: END },
] as const;
const MEMO = memoOf('CreditMemo', 'cm1', { at: '2024-04-10T09:00:00Z', amount: '12.50' });

/** One after the other: a history is planned, brought, caught up with and proven. */
describe('the history of an entity', () => {
  let database: TestDatabase;
  let runs = 0;
  beforeAll(async () => {
    database = await openTestDatabase();
    await recordTenant(database);
    await syncRows(database, sampleTenant(), { settlement: false });
    await brought({}, ['Invoice 7'], true);
    await openSwitch(database.db, 'demo');
  });
  afterAll(() => database.close());

  const progress = () => chunkProgress(database.db, 'demo');
  /** A run that moves no mark. */
  const opened = async (movesMark = false): Promise<string> => {
    const run = await openRun(database.db, {
      entity: 'demo',
      org: 'default',
      owner: { workflowId: 'backfill', runId: `chunk-${(runs += 1)}` },
      window: { from: null, to: END, lookBack: false, movesMark, selection: { objects: ['CreditMemo'] } },
    });
    return run?.run ?? '';
  };
  const brought = async (rows: Rows, asked: readonly string[], movesMark = false): Promise<string> => {
    const run = await opened(movesMark);
    await rememberExport(database.db, run, { job: 'job', asked, sides: [], stateful: false });
    for (const [object, some] of Object.entries(rows)) {
      await loadRows(database, { run, entity: 'demo', org: 'default' }, object, some);
    }
    await completeRun(database.db, run, 'completed');
    return run;
  };

  test('is planned once, whatever a second plan says', async () => {
    expect(await frozenEnd(database.db, 'demo')).toBeNull();
    await planChunks(database.db, 'demo', END, HISTORY);
    await planChunks(database.db, 'demo', '2024-07-01T00:00:00Z', [HISTORY[1]]);
    expect(await frozenEnd(database.db, 'demo')).toBe('2024-06-01T00:00:00.000000Z');
    expect(await progress()).toEqual({
      done: 0,
      total: 3,
      memos: '0',
      next: {
        chunk: 1,
        kind: 'parents',
        from: '2024-02-01T00:00:00.000000Z',
        to: '2024-06-01T00:00:00.000000Z',
      },
    });
  });

  test('goes on with the next chunk only after a completed run, counted once', async () => {
    const open = await opened();
    await chunkBrought(database.db, 'demo', 1, open);
    expect(await progress()).toMatchObject({ done: 0 });
    await completeRun(database.db, open, 'nothing-to-do');
    await chunkBrought(database.db, 'demo', 1, open);

    const asked = ['CreditMemo 1', 'CreditMemoItem 2'];
    const run = await brought(MEMO, asked);
    await chunkBrought(database.db, 'demo', 2, run);
    await chunkBrought(database.db, 'demo', 2, open);
    expect(await progress()).toMatchObject({ done: 2, total: 3, memos: '1', next: { chunk: 3 } });
    await addCatchUp(database.db, 'demo', { hours: 24, to: '2024-06-02T00:00:00Z' });
    expect(await progress(), 'nothing to catch up with yet').toMatchObject({ total: 3 });
    await chunkBrought(database.db, 'demo', 3, await brought({}, [...asked, 'DebitMemo 3']));
    expect(await progress()).toEqual({ done: 3, total: 3, memos: '1', next: null });
  });

  test('is caught up with from before its end', async () => {
    await addCatchUp(database.db, 'demo', { hours: 24, to: '2024-06-02T00:00:00Z' });
    await addCatchUp(database.db, 'demo', { hours: 24, to: '2024-06-03T00:00:00Z' });
    const { next } = await progress();
    expect(next).toMatchObject({ chunk: 4, kind: 'catch-up', from: '2024-05-31T00:00:00.000000Z' });
    await chunkBrought(database.db, 'demo', 4, await brought({}, ['CreditMemo 1', 'CreditMemoItem other']));
    const kinds = (await listChunks(database.db, { entity: 'demo' })).map(
      ({ kind, state }) => `${kind} ${state}`,
    );
    expect(kinds).toEqual(['parents done', 'history done', 'history done', 'catch-up done']);
  });

  test('is proven by count and amount, by currency and status, and says what differs', async () => {
    const billing = (count: string, amount: string) => [
      {
        object: 'CreditMemo' as const,
        groups: ['Currency', 'Status'],
        rows: [{ currency: 'USD', status: 'Posted', count, amount }],
      },
      {
        object: 'CreditMemoItem' as const,
        groups: [],
        rows: [{ currency: null, status: null, count, amount }],
      },
      {
        object: 'DebitMemo' as const,
        groups: [],
        rows: [{ currency: null, status: null, count: '0', amount: '0' }],
      },
    ];
    const wrong = await keepProof(database.db, 'demo', billing('2', '12.5'));
    expect(wrong.map(({ equal }) => equal)).toEqual([false, false, true]);
    const right = await keepProof(database.db, 'demo', billing('1', '12.500000000'));
    const total = { count: '1', amount: '12.5' };
    const none = { count: '0', amount: '0' };
    expect(right).toEqual([
      {
        object: 'CreditMemo',
        currency: 'USD',
        status: 'Posted',
        billing: total,
        prestaging: total,
        equal: true,
      },
      {
        object: 'CreditMemoItem',
        currency: null,
        status: null,
        billing: total,
        prestaging: total,
        equal: true,
      },
      { object: 'DebitMemo', currency: null, status: null, billing: none, prestaging: none, equal: true },
    ]);
    const [report] = await listReports(database.db, { entity: 'demo' });
    expect(report).toMatchObject({ state: 'open', proof: right, memos: { memos: '1', items: '1' } });
  });

  test('once it is proven, spares the next sync what every chunk of memos asked for alike', async () => {
    const asked = async () => [...((await askedByLastRun(database.db, 'demo')) ?? [])];
    expect(await asked()).toEqual(['Invoice 7']);
    await closeSwitch(database.db, 'demo');
    expect(await asked()).toEqual(['Invoice 7', 'CreditMemo 1']);
    await brought({}, ['Invoice 8'], true);
    expect(await asked(), 'a run without them came after it').toEqual(['Invoice 8']);
  });
});
