import { afterEach, describe, expect, test, vi } from 'vitest';

import { clipped, type ListLook, printList, type Source } from '../../src/cli/list-output.ts';
import type { Output } from '../../src/cli/output.ts';

interface Row {
  readonly id: string;
  readonly text: string;
}

const rows = (count: number): Row[] =>
  Array.from({ length: count }, (_, at) => ({ id: String(at + 1), text: `row "${at + 1}"\nof many` }));

/** Hands out rows three by three, as far as asked for. */
const source =
  (all: readonly Row[]): Source<Row> =>
  async (limit, take) => {
    const wanted = all.slice(0, limit);
    for (let at = 0; at < wanted.length; at += 3) await take(wanted.slice(at, at + 3));
  };

const LOOK: ListLook<Row> = {
  header: ['id', 'text'],
  cells: ({ id, text }) => [id, clipped(text, 5)],
  empty: 'There is nothing.',
  idOf: ({ id }) => id,
};

describe('printList', () => {
  afterEach(() => vi.restoreAllMocks());

  const print = async (all: readonly Row[], { json, limit }: { json: boolean; limit?: number }) => {
    const written: string[] = [];
    const reported: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text, encoding, done) => {
      written.push(String(text));
      const callback = typeof encoding === 'function' ? encoding : done;
      callback?.(null);
      return true;
    });
    const output: Output = {
      json,
      report: (line) => void reported.push(line),
      result: (_document, text) => void written.push([text].flat().join('\n')),
    };
    await printList(output, source(all), LOOK, limit);
    vi.restoreAllMocks();
    return { text: written.join(''), reported };
  };

  test.each([0, 1, 3, 7])('writes %d rows piece by piece as one array, a row a line', async (count) => {
    const all = rows(count);
    const { text } = await print(all, { json: true });
    expect(JSON.parse(text)).toEqual(all);
    expect(text.split('\n')).toHaveLength(count === 0 ? 2 : count + 3);
  });

  test('a reader that has seen enough is no failure', async () => {
    const closed = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    const taken = vi.fn();
    vi.spyOn(process.stdout, 'write').mockImplementation((_text, encoding, done) => {
      taken();
      const callback = typeof encoding === 'function' ? encoding : done;
      callback?.(closed);
      return false;
    });
    const output: Output = { json: true, report: () => undefined, result: () => undefined };
    await printList(output, source(rows(9)), LOOK);
    vi.restoreAllMocks();
    expect(taken).toHaveBeenCalledTimes(1);
  });

  test('all rows without a limit, else at most that many', async () => {
    expect(JSON.parse((await print(rows(500), { json: true })).text)).toHaveLength(500);
    expect(JSON.parse((await print(rows(500), { json: true, limit: 4 })).text)).toHaveLength(4);
  });

  test('a person gets a table, and a sentence when there is nothing', async () => {
    expect((await print(rows(2), { json: false })).text).toBe('id  text\n 1  row …\n 2  row …');
    expect((await print([], { json: false })).text).toBe('There is nothing.');
  });

  test('a table is cut where nobody reads on, and says how to go on', async () => {
    const cut = await print(rows(101), { json: false });
    expect(cut.text.split('\n')).toHaveLength(101);
    expect(cut.reported).toEqual([expect.stringContaining("--after '100'")]);
    expect((await print(rows(100), { json: false })).reported).toEqual([]);
    expect((await print(rows(300), { json: false, limit: 200 })).text.split('\n')).toHaveLength(201);
  });
});
