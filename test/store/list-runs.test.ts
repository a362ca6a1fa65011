import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { listRuns } from '../../src/store/list-runs.ts';
import { abortRun, openRun } from '../../src/store/runs.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { openReader } from '../support/reader.ts';
import { recordTenant, syncRows } from '../support/sync-rows.ts';

describe('listRuns', () => {
  let database: TestDatabase;
  const runs: string[] = [];
  beforeAll(async () => {
    database = await openTestDatabase();
    const rows = { Account: [{ Id: 'acc', Currency: 'USD', UpdatedDate: '2024-01-01T00:00:00Z' }] };
    for (const org of ['north', 'south'])
      runs.push((await syncRows(database, rows, { entity: org, org })).run);
    await recordTenant(database, 'west', 'west');
    for (const end of ['aborted', 'open']) {
      const opened = await openRun(database.db, {
        entity: 'west',
        org: 'west',
        owner: { workflowId: 'revenue-sync/west', runId: end },
        window: {
          from: '2024-01-31T10:00:00Z',
          to: '2024-02-01T10:00:00Z',
          lookBack: false,
          movesMark: true,
          selection: {},
        },
      });
      runs.push(opened?.run ?? '');
      if (end === 'aborted') await abortRun(database.db, opened?.run ?? '', 'by hand');
    }
  });
  afterAll(() => database.close());

  const found = async (filter: Parameters<typeof listRuns>[1]) =>
    (await listRuns(database.db, filter)).map(({ run }) => runs.indexOf(run));

  test('a run says what it read, who did it and how it ended', async () => {
    const [completed, , aborted, open] = await listRuns(database.db, {});
    expect(completed).toEqual({
      run: runs[0],
      entity: 'north',
      org: 'north',
      state: 'completed',
      outcome: 'completed',
      window: { from: null, to: '2024-02-15T00:00:00.000000Z' },
      workflowId: 'test/north',
      runId: expect.any(String),
      openedAt: expect.stringMatching(/Z$/),
      closedAt: expect.stringMatching(/Z$/),
      balanced: true,
      idleRuns: 0,
      idleSince: null,
    });
    expect(aborted).toMatchObject({ state: 'aborted', outcome: 'by hand', balanced: null });
    expect(open).toMatchObject({
      state: 'open',
      outcome: null,
      window: { from: '2024-01-31T10:00:00.000000Z', to: '2024-02-01T10:00:00.000000Z' },
      closedAt: null,
      balanced: null,
    });
  });

  test.each([
    [{}, [0, 1, 2, 3]],
    [{ org: 'west' }, [2, 3]],
    [{ entity: 'south' }, [1]],
    [{ org: 'north', entity: 'south' }, []],
    [{ limit: 3 }, [0, 1, 2]],
  ] as const)('filters by %j, newest last', async (filter, expected) => {
    expect(await found(filter)).toEqual(expected);
  });

  test('goes on after the last run seen', async () => {
    expect(await found({ after: runs[1], limit: 1 })).toEqual([2]);
    expect(await found({ after: runs[3] })).toEqual([]);
  });

  test('a balance that does not add up shows', async () => {
    await sql`update control.balance set extracted = extracted + 1 where run = ${runs[1]}`.execute(
      database.db,
    );
    expect(await listRuns(database.db, { entity: 'south' })).toMatchObject([{ balanced: false }]);
  });

  test('a reader of one organisation sees the runs of no other', async () => {
    const reader = await openReader(database, ['north']);
    try {
      expect(await listRuns(reader.db, {})).toMatchObject([{ org: 'north', balanced: true }]);
    } finally {
      await reader.close();
    }
  });
});
