import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';

import { failure, reply, stubBilling, type Answer } from '../rest/stub-server.ts';
import { zipOf } from '../rest/zip-writer.ts';

const CSV = `Id,Account.Id\n${Array.from({ length: 20_000 }, (_, row) => `i${row},"a, ${row * 7919}"\n`).join('')}`;
const FILE = 'GET /v1/file/F1';
const file = (bytes: Buffer, headers: Readonly<Record<string, string>> = {}): Answer =>
  reply(200, bytes, { 'content-type': 'application/octet-stream', ...headers });
/** Sends the bytes and then does something to the reply that stays open. */
const begin =
  (bytes: Buffer, then: (response: ServerResponse) => void): Answer =>
  (_call, response) => {
    response.writeHead(200, { 'content-type': 'text/csv', 'zuora-request-id': 'req-1' });
    response.write(bytes, () => then(response));
  };

async function textOf(stream: Readable): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

describe('a file', () => {
  test.each([
    ['plain', file(Buffer.from(CSV))],
    ['packed by format', file(gzipSync(CSV))],
    ['a zip', file(zipOf(CSV, { sums: 'descriptor' }).bytes)],
    ['a zip, packed by the reply', file(gzipSync(zipOf(CSV).bytes), { 'content-encoding': 'gzip' })],
    ['packed by the reply', file(gzipSync(CSV), { 'content-encoding': 'gzip' })],
    ['packed twice', file(gzipSync(gzipSync(CSV)), { 'content-encoding': 'gzip' })],
    ['packed in two members', file(Buffer.concat([gzipSync(CSV.slice(0, 999)), gzipSync(CSV.slice(999))]))],
  ])('that is %s arrives as its CSV', async (_name, answer) => {
    const { billing, to } = await stubBilling({ [FILE]: answer });
    expect(await textOf(await billing.openFile('F1'))).toBe(CSV);
    expect(to('/v1/file/F1')[0]?.headers['accept-encoding']).toBe('identity');
  });

  test.each(['', 'x', 'ab'])('of only %j arrives as it is', async (text) => {
    const { billing } = await stubBilling({ [FILE]: file(Buffer.from(text)) });
    expect(await textOf(await billing.openFile('F1'))).toBe(text);
  });

  test('whose first byte comes alone is still seen to be packed', async () => {
    const packed = gzipSync(CSV);
    const { billing } = await stubBilling({
      [FILE]: begin(
        packed.subarray(0, 1),
        (response) => void pause(50).then(() => response.end(packed.subarray(1))),
      ),
    });
    expect(await textOf(await billing.openFile('F1'))).toBe(CSV);
  });

  test('is read only as fast as its reader, and let go when destroyed', async () => {
    let sent = 0;
    let closed = false;
    const block = Buffer.alloc(64 * 1024, 'a');
    const endless: Answer = (_call, response) => {
      response.writeHead(200, { 'content-type': 'text/csv' }).on('close', () => (closed = true));
      const more = (): void => {
        if (closed) return;
        sent += block.length;
        if (response.write(block)) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    };
    const { billing } = await stubBilling({ [FILE]: endless });
    const stream = await billing.openFile('F1');
    await pause(300);
    const before = sent;
    await pause(200);
    expect(sent).toBe(before); // only what the sockets hold
    expect(stream.readableLength).toBeLessThan(256 * 1024);
    stream.destroy();
    await expect.poll(() => closed).toBe(true);
  });

  test('that is gone says to submit again', async () => {
    const { billing } = await stubBilling({ [FILE]: reply(404, { message: 'x' }) });
    expect(await failure(billing.openFile('F1'))).toMatchObject({ code: 'BILLING_FILE_GONE', fate: 'retry' });
  });

  test('larger than Billing hands out says so, and is no missing right', async () => {
    const xml = '<error><security:max-object-size>2047MB</security:max-object-size></error>';
    const { billing } = await stubBilling({ [FILE]: reply(403, xml) });
    expect((await failure(billing.openFile('F1'))).code).toBe('BILLING_FILE_TOO_LARGE');
    const refused = await stubBilling({ [FILE]: reply(403, { message: 'no' }) });
    expect((await failure(refused.billing.openFile('F1'))).code).toBe('BILLING_PERMISSION_MISSING');
  });

  test('refused at HTTP 200 is a refusal and not a CSV', async () => {
    const body = { success: false, reasons: [{ code: 50000061, message: 'later' }] };
    const { billing } = await stubBilling({ [FILE]: reply(200, body) });
    expect((await failure(billing.openFile('F1'))).code).toBe('BILLING_BUSY');
  });

  test('is asked for again with a new token', async () => {
    const { billing } = await stubBilling({ [FILE]: [reply(401, {}), file(Buffer.from(CSV))] });
    expect(await textOf(await billing.openFile('F1'))).toBe(CSV);
  });
});

describe('a file that breaks off', () => {
  const half = (bytes: Buffer) => bytes.subarray(0, bytes.length / 2);

  test.each([
    ['plain', Buffer.from(CSV)],
    ['packed', gzipSync(CSV)],
    ['zipped', zipOf(CSV).bytes],
  ])('%s, by a reset, is Billing out of reach', async (_name, bytes) => {
    const { billing } = await stubBilling({
      [FILE]: begin(half(bytes), (response) => void pause(50).then(() => response.socket?.destroy())),
    });
    const error = await failure(billing.openFile('F1').then(textOf));
    expect(error).toMatchObject({
      code: 'BILLING_UNREACHABLE',
      fate: 'retry',
      context: { zuoraRequestId: 'req-1' },
    });
    expect(error.message).toMatch(/^Zuora Billing at 127\.0\.0\.1:\d+ cannot be reached: /);
  });

  test.each([
    ['cut short', half(gzipSync(CSV))],
    ['damaged', Buffer.concat([gzipSync(CSV).subarray(0, 2000), Buffer.alloc(2000, 'x')])],
    ['without its check sum', gzipSync(CSV).subarray(0, -8)],
    ['of a few bytes cut short', gzipSync('Id\n1\n').subarray(0, -1)],
  ])('as gzip %s, though HTTP is content, is an error', async (_name, bytes) => {
    const { billing } = await stubBilling({ [FILE]: file(bytes) });
    expect((await failure(billing.openFile('F1').then(textOf))).code).toBe('BILLING_UNREACHABLE');
  });

  test.each([
    ['cut short', half(zipOf(CSV, { sums: 'descriptor' }).bytes)],
    ['cut in its header', zipOf(CSV).bytes.subarray(0, 20)],
    ['that does not fit its check sum', zipOf(CSV, { sum: 1 }).bytes],
    ['of a few bytes cut short', zipOf('Id\n1\n', { method: 'stored' }).bytes.subarray(0, 43)],
  ])('as zip %s is an error', async (_name, bytes) => {
    const { billing } = await stubBilling({ [FILE]: file(bytes) });
    expect((await failure(billing.openFile('F1').then(textOf))).code).toBe('BILLING_UNREACHABLE');
  });

  test('by silence is out of reach after the idle time', async () => {
    const { billing } = await stubBilling(
      { [FILE]: begin(Buffer.from(CSV), () => {}) },
      { timeouts: { idle: 200 } },
    );
    const error = await failure(billing.openFile('F1').then(textOf));
    expect(error).toMatchObject({ code: 'BILLING_UNREACHABLE', context: { reason: 'UND_ERR_BODY_TIMEOUT' } });
  });

  test('while nobody reads is no error until somebody does', async () => {
    const { billing } = await stubBilling(
      { [FILE]: begin(Buffer.from(CSV), (response) => response.end()) },
      { timeouts: { idle: 200 } },
    );
    const stream = await billing.openFile('F1');
    await pause(600);
    expect(await textOf(stream)).toBe(CSV);
  });
});

describe('an abort', () => {
  const reason = new Error('cancelled by the workflow');

  test('before the call makes none', async () => {
    const { billing, seen } = await stubBilling({});
    await expect(billing.openFile('F1', AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(seen).toEqual([]);
  });

  test('before the answer ends the call with its own reason', async () => {
    const { billing } = await stubBilling({ [FILE]: () => {} });
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 50);
    await expect(billing.openFile('F1', controller.signal)).rejects.toBe(reason);
  });

  test.each([
    ['plain', Buffer.from(CSV)],
    ['packed', gzipSync(CSV)],
    ['zipped', zipOf(CSV).bytes],
  ])('in the middle of a %s file ends the stream with its own reason', async (_name, bytes) => {
    const { billing } = await stubBilling({ [FILE]: begin(bytes, () => {}) });
    const controller = new AbortController();
    const stream = await billing.openFile('F1', controller.signal);
    setTimeout(() => controller.abort(reason), 50);
    stream.resume();
    expect(await once(stream, 'error')).toSatisfy(([error]) => error === reason);
  });
});
