import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type CsvRecord, readCsv } from '../../../src/billing/sandbox/csv-read.ts';
import { csvLine } from '../../../src/billing/sandbox/csv-write.ts';
import { chunksOf } from './sandbox-client.ts';

async function read(text: string | Buffer, size = 5): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  for await (const record of readCsv(chunksOf(Buffer.from(text), size))) records.push(record);
  return records;
}

const cell = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('"', ',', '\n', '\r\n', '=1+1', 'a "b", c', '東京', ' padded '),
);

describe('CSV', () => {
  test('reads back what was written, whatever is in the cells and however it is cut', async () => {
    const lines = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(lines, fc.integer({ min: 1, max: 9 }), async (rows, size) => {
        const text = rows.map((row) => csvLine(row)).join('');
        expect((await read(text, size)).map(({ cells }) => cells)).toEqual(rows);
      }),
    );
  });

  test('takes any line ends, a byte order mark, empty lines and a last line without end', async () => {
    const text = '\uFEFFa,b\r\n\r\n1,"2\r\n3"\n4,';
    expect(await read(text)).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 3, cells: ['1', '2\r\n3'] },
      { line: 5, cells: ['4', ''] },
    ]);
  });

  test.each([
    ['a\n"b', 'never closed', 2],
    ['a\n"b"c', 'follows a closing quote', 2],
    ['a\nb"c', 'inside an unquoted cell', 2],
  ])('names the line of %j', async (text, why, line) => {
    await expect(read(text)).rejects.toMatchObject({ message: expect.stringContaining(why), line });
  });

  test('refuses what is not UTF-8', async () => {
    await expect(read(Buffer.from([0x61, 0x0a, 0xff, 0xfe]))).rejects.toThrow('not UTF-8');
  });
});
