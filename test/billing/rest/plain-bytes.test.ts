import { once } from 'node:events';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';

import { plainBytes } from '../../../src/billing/rest/plain-bytes.ts';
import { zipEntry, zipOf, zipStream, type ZipForm } from './zip-writer.ts';

const CSV = `Id,Amount\n${Array.from({ length: 30_000 }, (_, row) => `i${row},${row * 7919}\n`).join('')}`;
const FORMS: readonly [string, ZipForm][] = [
  ['with sizes in its header', {}],
  ['with a descriptor', { sums: 'descriptor' }],
  ['with a descriptor without signature', { sums: 'unsigned descriptor' }],
  ['with sizes of 64 bits', { zip64: true, extra: 5 }],
  ['with a descriptor of 64 bits', { zip64: true, sums: 'descriptor' }],
  ['with a long name and extra fields', { name: 'ü'.repeat(30_000), extra: 60_000 }],
  ['stored', { method: 'stored' }],
  ['stored, with sizes of 64 bits', { method: 'stored', zip64: true, extra: 9 }],
];

/** The bytes in chunks of a size, as a network delivers them. */
function stream(bytes: Buffer, chunk = 64 * 1024): Readable {
  const count = Math.ceil(bytes.length / chunk);
  const chunks = Array.from({ length: count }, (_, at) => bytes.subarray(at * chunk, (at + 1) * chunk));
  return Readable.from(chunks, { objectMode: false });
}

async function textOf(source: Readable): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of await plainBytes(source)) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

describe('plain bytes', () => {
  test.each(['', 'P', 'x', 'PKs', 'PK,Name\n1,x\n', CSV])('are what they are', async (text) => {
    expect(await textOf(stream(Buffer.from(text)))).toBe(text);
  });

  test.each(FORMS)('come out of a zip %s', async (_name, form) => {
    const { bytes } = zipOf(CSV, form);
    for (const chunk of [64 * 1024, 4099, bytes.length]) expect(await textOf(stream(bytes, chunk))).toBe(CSV);
  });

  test.each(FORMS)('come out of a zip %s that arrives byte by byte', async (_name, form) => {
    const { bytes } = zipOf('Id\n1\n', {
      ...form,
      name: 'a.csv',
      ...(form.extra === undefined ? {} : { extra: 5 }),
    });
    expect(await textOf(stream(bytes, 1))).toBe('Id\n1\n');
  });

  test.each(FORMS)('of an empty file come out of a zip %s', async (_name, form) => {
    expect(await textOf(stream(zipOf('', form).bytes))).toBe('');
  });

  test('come out of a zip that ends with its file at the end of a chunk', async () => {
    const { bytes, ends } = zipOf(CSV);
    const chunks = [bytes.subarray(0, ends), bytes.subarray(ends)];
    expect(await textOf(Readable.from(chunks, { objectMode: false }))).toBe(CSV);
    expect(await textOf(stream(bytes.subarray(0, ends)))).toBe(CSV);
  });

  test.each([
    ['a zip in a gzip', gzipSync(zipOf(CSV, { sums: 'descriptor' }).bytes)],
    ['a gzip in a zip', zipOf(gzipSync(CSV)).bytes],
    ['a gzip in a gzip', gzipSync(gzipSync(CSV))],
    ['a gzip of two members', Buffer.concat([gzipSync(CSV.slice(0, 99)), gzipSync(CSV.slice(99))])],
  ])('come out of %s', async (_name, bytes) => expect(await textOf(stream(bytes))).toBe(CSV));

  test('stay packed under a third layer', async () => {
    const bytes = gzipSync(gzipSync(gzipSync('x')));
    expect((await textOf(stream(bytes))).startsWith('\u001f')).toBe(true);
  });

  test('of a source that is closed already are an error', async () => {
    const source = stream(Buffer.from(CSV));
    source.destroy();
    await once(source, 'close');
    await expect(plainBytes(source)).rejects.toThrow('closed before its end');
  });

  test('are those of the first file', async () => {
    const bytes = Buffer.concat([zipEntry('first', { sums: 'descriptor' }), zipOf('second').bytes]);
    expect(await textOf(stream(bytes))).toBe('first');
  });
});

describe('a zip', () => {
  test.each(FORMS)('%s that is cut anywhere before its check sum is an error', async (_name, form) => {
    const small = { ...form, name: 'a.csv', ...(form.extra === undefined ? {} : { extra: 5 }) };
    const { bytes, ends } = zipOf('Id\n1\n2\n', small);
    // Behind the check sum the descriptor has only sizes.
    const needed = form.sums === undefined ? ends : ends - (form.zip64 ? 16 : 8);
    for (let cut = 2; cut < needed; cut += 1) {
      const error = await textOf(stream(bytes.subarray(0, cut))).catch((reason: unknown) => reason);
      expect(error, `cut at ${cut} of ${bytes.length}`).toBeInstanceOf(Error);
    }
    expect(await textOf(stream(bytes.subarray(0, ends)))).toBe('Id\n1\n2\n');
  });

  test.each([
    ['whose check sum is wrong', { sum: 1 }, /check sum/],
    ['whose descriptor has a wrong check sum', { sum: 1, sums: 'descriptor' }, /check sum/],
    ['stored with a wrong check sum', { sum: 1, method: 'stored' }, /check sum/],
    ['that is encrypted', { flags: 1 }, /encrypted/],
    ['packed in another way', { methodNumber: 12 }, /method 12/],
    ['stored without its size', { method: 'stored', sums: 'descriptor' }, /without its size/],
  ] as const)('%s is an error', async (_name, form, message) => {
    await expect(textOf(stream(zipOf(CSV, form).bytes))).rejects.toThrow(message);
  });

  test('that is damaged is an error', async () => {
    const { bytes } = zipOf(CSV, { sums: 'descriptor' });
    const middle = bytes.length / 2;
    const damaged = Buffer.concat([bytes.subarray(0, middle), Buffer.alloc(99), bytes.subarray(middle + 99)]);
    await expect(textOf(stream(damaged))).rejects.toThrow();
  });

  test('of any size is read in little memory, at the pace of its reader', async () => {
    const block = Buffer.from(Array.from({ length: 1 << 16 }, (_, at) => (at * at * 7919) % 251));
    const blocks = 3000;
    let pulled = 0;
    async function* counted() {
      for await (const part of zipStream(Array.from({ length: blocks }, () => block))) {
        pulled += part.length;
        yield part;
      }
    }
    const plain = await plainBytes(Readable.from(counted(), { objectMode: false }));
    const before = process.memoryUsage().arrayBuffers;
    let read = 0;
    let most = 0;
    for await (const part of plain) {
      read += (part as Buffer).length;
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    expect(read).toBe(blocks * block.length); // 197 MB
    expect(most).toBeLessThan(48 * 1024 * 1024);
    expect(pulled).toBeGreaterThan(1024 * 1024);
  });

  test.each(['deflated', 'stored'] as const)('%s that nobody reads is not pulled', async (method) => {
    const { bytes } = zipOf(Buffer.alloc(8 * 1024 * 1024, CSV), { method });
    let pulled = 0;
    const source = new Readable({
      read() {
        const part = bytes.subarray(pulled, pulled + 16 * 1024);
        pulled += part.length;
        this.push(part.length === 0 ? null : part);
      },
    });
    const plain = await plainBytes(source);
    plain.read(0);
    const settled = async () => {
      const before = pulled;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return before === pulled;
    };
    await expect.poll(settled).toBe(true);
    expect(pulled).toBeLessThan(Math.min(bytes.length / 2, 512 * 1024));
    expect(plain.readableLength).toBeLessThan(512 * 1024);
    plain.destroy();
  });
});

describe.each([
  ['gzip', gzipSync(CSV)],
  ['zip', zipOf(CSV, { sums: 'descriptor' }).bytes],
  ['stored zip', zipOf(CSV, { method: 'stored' }).bytes],
  ['zip in a gzip', gzipSync(zipOf(CSV).bytes)],
])('of a %s', (_name, bytes) => {
  /** Delivers half, then stalls. */
  function half(): Readable {
    const source = new Readable({ read() {} });
    source.push(bytes.subarray(0, bytes.length / 2));
    return source;
  }

  test('the source is destroyed with the result, though it stalls', async () => {
    const source = half();
    const plain = await plainBytes(source);
    plain.resume();
    plain.destroy();
    await once(plain, 'close');
    await expect.poll(() => source.closed).toBe(true);
  });

  test('an error of the source is one of the result', async () => {
    const source = half();
    const plain = await plainBytes(source);
    plain.resume();
    const reason = new Error('reset');
    const failed = once(plain, 'error');
    source.destroy(reason);
    expect((await failed)[0]).toBe(reason);
  });

  test('a source that is closed before its end is an error', async () => {
    const source = half();
    const plain = await plainBytes(source);
    plain.resume();
    const failed = once(plain, 'error');
    source.destroy();
    expect((await failed)[0]).toBeInstanceOf(Error);
  });

  test('a fault of the bytes destroys the source', async () => {
    const source = new Readable({ read() {} });
    const broken = Buffer.from(bytes);
    broken.fill(0xff, bytes.length / 2);
    source.push(broken);
    const plain = await plainBytes(source);
    plain.resume();
    source.push(null);
    expect((await once(plain, 'error'))[0]).toBeInstanceOf(Error);
    await expect.poll(() => source.destroyed).toBe(true);
  });
});
