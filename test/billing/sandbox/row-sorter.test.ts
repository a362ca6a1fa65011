import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { sortRows } from '../../../src/billing/sandbox/row-sorter.ts';
import { cellOrder } from '../../../src/billing/sandbox/zoql-filter.ts';

describe('sortRows', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'row-sorter-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each([3, 10, 1000])(
    'puts lines in order and keeps equal ones as they came, %i at a time',
    async (most) => {
      const sorter = sortRows(join(folder, `of-${most}`), cellOrder('decimal'), most);
      const rows = Array.from({ length: 100 }, (_, index) => ({ key: String((index * 7) % 13), index }));
      for (const { key, index } of rows) sorter.add(key, `${key},"row\n${index} é"\n`);
      const wanted = rows.toSorted(
        (one, other) => Number(one.key) - Number(other.key) || one.index - other.index,
      );
      expect([...sorter.sorted()]).toEqual(wanted.map(({ key, index }) => `${key},"row\n${index} é"\n`));
      expect(await readdir(folder)).toEqual([]);
    },
  );

  test('puts rows without a value first, and lines longer than it reads at once in order too', () => {
    const sorter = sortRows(join(folder, 'long'), cellOrder('text'), 2);
    const long = 'x'.repeat(200_000);
    for (const key of ['b', null, 'a']) sorter.add(key, `${key}${long}`);
    expect([...sorter.sorted()].map((line) => [line.length, line.slice(0, 4)])).toEqual([
      [200_004, 'null'],
      [200_001, 'axxx'],
      [200_001, 'bxxx'],
    ]);
  });

  test('removes its files when nobody reads to the end', async () => {
    const sorter = sortRows(join(folder, 'left'), cellOrder('text'), 1);
    for (const key of ['c', 'b', 'a']) sorter.add(key, key);
    for (const line of sorter.sorted()) {
      expect(line).toBe('a');
      break;
    }
    expect(await readdir(folder)).toEqual([]);
  });
});
