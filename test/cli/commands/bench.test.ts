import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { runCommand } from '../../support/run-command.ts';

describe('revsync bench', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const revsync = (...argv: string[]) => runCommand(argv, { DATABASE_URL: database.url });
  const databases = async () => {
    const found = await database.pool.query<{ datname: string }>(
      `select datname from pg_database where datname = 'revsync_bench'`,
    );
    return found.rows;
  };
  const rows = async (table: string) => (await database.pool.query(`select from ${table}`)).rowCount;

  test('says what each round took, and the median', async () => {
    const { exit, stdout, stderr } = await revsync('bench', 'transform', '--items', '300', '--runs', '2');
    expect([exit, stderr]).toEqual([0, expect.stringContaining('warm-up: by hand ')]);
    const [title, header, ...timings] = stdout.trimEnd().split('\n');
    expect(title).toBe('Transform of 300 invoice items (297 lines), seconds:');
    expect(header?.trim().split(/ {2,}/)).toEqual(['round', 'by hand', 'transform', 'ratio']);
    expect(timings.map((line) => line.split(' ')[0])).toEqual(['1', '2', 'median']);
  });

  test('prints figures as numbers with --json, and leaves nothing behind', async () => {
    const { exit, json } = await revsync('bench', 'transform', '--items', '300', '--runs', '1', '--json');
    const timing = {
      handWritten: expect.any(Number),
      transform: expect.any(Number),
      ratio: expect.any(Number),
    };
    expect(exit).toBe(0);
    expect(json()).toEqual({
      benchmark: 'transform',
      items: 300,
      lines: 297,
      processors: expect.any(Number),
      runs: [timing],
      median: timing,
    });
    expect(await databases()).toEqual([]);
    expect([await rows('staging.line'), await rows('prestaging.invoice_item')]).toEqual([0, 0]);
  });

  test('looks for every known limitation in what it forms lines of', async () => {
    const { exit, json } = await revsync('bench', 'readiness', '--items', '300', '--json');
    expect(exit).toBe(0);
    const { found, transform, readiness, ratio, ...document } = json() as Record<string, number>;
    expect(document).toEqual({ benchmark: 'readiness', items: 300, processors: expect.any(Number) });
    expect(found).toBeGreaterThan(0);
    expect(ratio).toBeCloseTo((readiness ?? 0) / (transform ?? 1), 1);
  });

  test('collects what it formed, and then finds nothing new', async () => {
    const { exit, json } = await revsync('bench', 'collection', '--items', '300', '--json');
    expect(exit).toBe(0);
    const { transform, collect, ratio, ...document } = json() as Record<string, unknown>;
    expect(document).toEqual({
      benchmark: 'collection',
      items: 300,
      lines: 410,
      collected: 402,
      contracts: 31,
      processors: expect.any(Number),
      nothingNew: expect.any(Number),
    });
    expect(Number(ratio)).toBeCloseTo(Number(collect) / Number(transform), 1);
    expect(await databases()).toEqual([]);
  });

  test.each([
    ['--items', '0'],
    ['--runs', '1.5'],
  ])('refuses %s %s', async (option, value) => {
    const { exit, json } = await revsync('bench', 'transform', option, value, '--json');
    expect([exit, json()]).toMatchObject([2, { error: { code: 'USAGE' } }]);
  });
});
