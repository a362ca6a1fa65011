import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';

import { describe, expect, onTestFinished, test } from 'vitest';

import type { BillingConfig } from '../../../src/billing/rest/billing.ts';
import { failure, reply, stubBilling } from '../rest/stub-server.ts';

const CSV = `id,amount\n${Array.from({ length: 20_000 }, (_, row) => `c${row},${row * 7919}.25\n`).join('')}`;
const JOB = 'GET /query/jobs/J1';
const SIGNATURE = 'X-Amz-Signature=5ecre7';

type Storage = (request: IncomingMessage, response: ServerResponse) => void;
const stored =
  (bytes: Buffer, headers: Readonly<Record<string, string>> = {}): Storage =>
  (_request, response) =>
    void response.writeHead(200, headers).end(bytes);
const refused =
  (status: number, headers: Readonly<Record<string, string>> = {}): Storage =>
  (request, response) =>
    void response.writeHead(status, headers).end(`<Error><Resource>${request.url}</Resource></Error>`);
/** Sends the bytes and then does something to the reply that stays open. */
const begun =
  (bytes: Buffer, then: (response: ServerResponse) => void): Storage =>
  (_request, response) => {
    response.writeHead(200);
    response.write(bytes, () => then(response));
  };

/** Another host than Billing's, as the pre-signed address of a result names it. */
async function storage(answer: Storage): Promise<{ address: string; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/bucket/result%2Fone.csv.gz?${SIGNATURE}`, asked };
}

async function completed(answer: Storage, config: Partial<BillingConfig> = {}) {
  const { address, asked } = await storage(answer);
  const data = { id: 'J1', queryStatus: 'completed', outputRows: 1, dataFile: address };
  const stub = await stubBilling({ [JOB]: reply(200, { data }) }, config);
  return { ...stub, asked };
}

async function textOf(stream: Readable): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

/** The error of a call, which must not name the address. */
async function discreet(call: Promise<unknown>) {
  const error = await failure(call);
  const shown = inspect(error, { depth: 8, showHidden: true }) + JSON.stringify(error);
  expect(shown).not.toMatch(/5ecre7|X-Amz|bucket|result%2Fone/);
  return error;
}

describe('the result of a data query', () => {
  test.each([
    ['packed by format', stored(gzipSync(CSV))],
    ['packed by the reply', stored(gzipSync(CSV), { 'content-encoding': 'gzip' })],
    ['plain', stored(Buffer.from(CSV))],
    ['JSON by its type', stored(Buffer.from(CSV), { 'content-type': 'application/json' })],
  ])('that is %s arrives as its CSV', async (_name, answer) => {
    const { billing } = await completed(answer);
    expect(await textOf(await billing.openDataQueryFile('J1'))).toBe(CSV);
  });

  test('is fetched from where it lies, as it is written, with nothing of ours', async () => {
    const { billing, asked } = await completed(stored(gzipSync(CSV)), {
      version: '2025-08-12',
      entityId: 'e1',
      trackId: 'w1',
    });
    await textOf(await billing.openDataQueryFile('J1'));
    expect(asked.map(({ url }) => url)).toEqual([`/bucket/result%2Fone.csv.gz?${SIGNATURE}`]);
    const names = Object.keys(asked[0]?.headers ?? {}).filter((name) => name !== 'connection');
    expect(names.toSorted()).toEqual(['accept', 'accept-encoding', 'host']);
  });

  test('is asked for anew at each opening', async () => {
    const { billing, to } = await completed(stored(gzipSync(CSV)));
    await textOf(await billing.openDataQueryFile('J1'));
    await textOf(await billing.openDataQueryFile('J1'));
    expect(to('/query/jobs/J1')).toHaveLength(2);
  });

  test('is let go when its reader destroys it', async () => {
    let closed = false;
    const { billing } = await completed((_request, response) => {
      response
        .on('close', () => (closed = true))
        .writeHead(200)
        .write(CSV);
    });
    (await billing.openDataQueryFile('J1')).destroy();
    await expect.poll(() => closed).toBe(true);
  });
});

describe('a result that is not to be had', () => {
  test.each([400, 403, 404, 410])('by status %i of the storage says to submit again', async (status) => {
    const { billing } = await completed(refused(status));
    const error = await discreet(billing.openDataQueryFile('J1'));
    expect(error).toMatchObject({
      code: 'BILLING_FILE_GONE',
      fate: 'retry',
      context: { path: '/query/jobs/J1 dataFile', status },
    });
  });

  test.each([
    ['of a job that is gone', reply(404, { code: 404, message: 'x' }), 'unknown'],
    ['of a running job', reply(200, { data: { queryStatus: 'in_progress' } }), 'in_progress'],
    [
      'of a job without a file',
      reply(200, { data: { queryStatus: 'completed', dataFile: '' } }),
      'completed',
    ],
  ])('%s says to submit again', async (_name, answer, state) => {
    const { billing } = await stubBilling({ [JOB]: answer });
    expect(await discreet(billing.openDataQueryFile('J1'))).toMatchObject({
      code: 'BILLING_FILE_GONE',
      fate: 'retry',
      context: { state },
    });
  });

  test('because the storage is busy waits as long as that says', async () => {
    const { billing } = await completed(refused(503, { 'retry-after': '7' }));
    expect(await discreet(billing.openDataQueryFile('J1'))).toMatchObject({
      code: 'BILLING_BUSY',
      retryAfter: 7000,
    });
  });

  test('because the storage redirects is an odd reply', async () => {
    const { billing } = await completed(refused(301, { location: 'http://127.0.0.1:1/' }));
    expect((await discreet(billing.openDataQueryFile('J1'))).code).toBe('BILLING_REPLY_UNEXPECTED');
  });

  test.each(['bucket/5ecre7', 'ftp://storage/bucket?5ecre7', 'file:///bucket/5ecre7'])(
    'at %s is not even tried',
    async (dataFile) => {
      const data = { queryStatus: 'completed', outputRows: 1, dataFile };
      const { billing } = await stubBilling({ [JOB]: reply(200, { data }) });
      expect((await discreet(billing.openDataQueryFile('J1'))).code).toBe('BILLING_REPLY_UNEXPECTED');
    },
  );

  test('because nothing listens there is out of reach', async () => {
    const data = { queryStatus: 'completed', dataFile: `http://127.0.0.1:1/bucket?${SIGNATURE}` };
    const { billing } = await stubBilling({ [JOB]: reply(200, { data }) });
    const error = await discreet(billing.openDataQueryFile('J1'));
    expect(error).toMatchObject({
      code: 'BILLING_UNREACHABLE',
      fate: 'retry',
      context: { host: '127.0.0.1:1', path: '/query/jobs/J1 dataFile', reason: 'ECONNREFUSED' },
    });
  });
});

describe('a result that breaks off', () => {
  const packed = gzipSync(CSV);

  test.each([
    ['by a reset', begun(packed.subarray(0, 9000), (response) => response.socket?.destroy())],
    ['though HTTP is content', stored(packed.subarray(0, 9000))],
    ['at its second byte', begun(packed.subarray(0, 1), (response) => response.socket?.destroy())],
  ])('%s is out of reach', async (_name, answer) => {
    const { billing } = await completed(answer);
    const error = await discreet(billing.openDataQueryFile('J1').then(textOf));
    expect(error).toMatchObject({ code: 'BILLING_UNREACHABLE', fate: 'retry' });
  });

  test('by silence is out of reach after the idle time', async () => {
    const { billing } = await completed(
      begun(Buffer.from(CSV), () => {}),
      { timeouts: { idle: 200 } },
    );
    const error = await discreet(billing.openDataQueryFile('J1').then(textOf));
    expect(error.context['reason']).toBe('UND_ERR_BODY_TIMEOUT');
  });
});

describe('an abort', () => {
  const reason = new Error('cancelled by the workflow');

  test('before the call makes none', async () => {
    const { billing, seen } = await stubBilling({});
    await expect(billing.openDataQueryFile('J1', AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(seen).toEqual([]);
  });

  test('before the storage answers ends the call with its own reason', async () => {
    const controller = new AbortController();
    const { billing } = await completed(() => controller.abort(reason));
    await expect(billing.openDataQueryFile('J1', controller.signal)).rejects.toBe(reason);
  });

  test('in the middle ends the stream with its own reason', async () => {
    const { billing } = await completed(begun(gzipSync(CSV).subarray(0, 9000), () => {}));
    const controller = new AbortController();
    const stream = await billing.openDataQueryFile('J1', controller.signal);
    stream.resume();
    const failed = once(stream, 'error');
    controller.abort(reason);
    expect(await failed).toSatisfy(([error]) => error === reason);
  });
});
