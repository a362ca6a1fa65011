import { Readable } from 'node:stream';

import { describe, expect, test } from 'vitest';

import { zipOf } from '../../../src/billing/sandbox/zip-stream.ts';
import { chunksOf } from './sandbox-client.ts';
import { entriesOf } from './zip-entries.ts';

describe('zipOf', () => {
  const text = Buffer.from('Id,Name\n1,"Müller, 東"\n'.repeat(2000), 'utf8');
  const archive = async (content: Buffer, size = content.length): Promise<Buffer> => {
    const parts: Buffer[] = [];
    for await (const part of zipOf('Konto ü.csv', Readable.from(chunksOf(content)), size)) parts.push(part);
    return Buffer.concat(parts);
  };

  test('is an archive of one entry that comes out as it went in', async () => {
    const packed = await archive(text);
    expect(packed.length).toBeLessThan(text.length);
    expect(entriesOf(packed)).toEqual([{ name: 'Konto ü.csv', content: text, isZip64: false }]);
  });

  test('has an entry of nothing where there is nothing', async () => {
    expect(entriesOf(await archive(Buffer.alloc(0)))[0]?.content).toHaveLength(0);
  });

  test('is of the larger form when the entry may not fit into the smaller one', async () => {
    expect(entriesOf(await archive(text, 5_000_000_000))).toEqual([
      { name: 'Konto ü.csv', content: text, isZip64: true },
    ]);
  });

  test('ends with the error of what it reads', async () => {
    const broken = new Readable({
      read() {
        this.destroy(new Error('the disk is gone'));
      },
    });
    await expect(Readable.from(zipOf('a', broken, 1)).toArray()).rejects.toThrow('the disk is gone');
  });
});
