import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { type Client, type JobReply, sandboxOf } from './sandbox-client.ts';

describe('broken bodies', () => {
  let client: Client;
  let whole: Buffer;
  let job: JobReply;
  let packed: JobReply;
  beforeAll(async () => {
    client = await sandboxOf('items=400');
    job = await client.run('select Id, ChargeName, UpdatedDate from InvoiceItem');
    packed = await client.run('select Id, ChargeName from InvoiceItem', { format: 'gzip' });
    whole = Buffer.from(await (await file()).arrayBuffer());
  });
  afterEach(async () => {
    await client.call('/__sandbox/faults', { method: 'DELETE' });
  });
  afterAll(() => client.stop());

  const fault = async (body: Record<string, unknown>) =>
    expect((await client.post('/__sandbox/faults', body)).status).toBe(200);
  const file = (of: JobReply = job, init: RequestInit = {}) =>
    client.call(`/v1/file/${of.batches[0]?.fileId}`, init);
  /** What comes before the body ends, breaks or nothing comes for a while. */
  const received = async (reply: Response) => {
    const parts: Uint8Array[] = [];
    const reader = reply.body?.getReader();
    let end = '';
    while (end === '' && reader !== undefined) {
      const silence = sleep(400, 'silence' as const);
      const next = await Promise.race([reader.read().catch(() => 'broken' as const), silence]);
      if (typeof next === 'string') end = next;
      else if (next.done) end = 'end';
      else parts.push(next.value);
    }
    await reader?.cancel().catch(() => {});
    return { bytes: Buffer.concat(parts), end };
  };

  test('reset-body breaks the connection in the middle of a file, once', async () => {
    await fault({ kind: 'reset-body', match: 'InvoiceItem' });
    const reply = await file(job, { headers: { 'accept-encoding': 'identity' } });
    expect(reply.status).toBe(200);
    const { bytes, end } = await received(reply);
    expect(end).toBe('broken');
    expect(bytes.length).toBeGreaterThan(0);
    expect(bytes.equals(whole.subarray(0, Math.floor(whole.length / 2)))).toBe(true);
    expect(await received(await file())).toEqual({ bytes: whole, end: 'end' });
  });

  test('reset-body breaks packed files and packed texts too', async () => {
    await fault({ kind: 'reset-body', times: 3 });
    expect((await received(await file(packed))).end).toBe('broken');
    expect((await received(await file())).end).toBe('broken');
    expect((await received(await client.call('/v1/describe/Account'))).end).toBe('broken');
  });

  test('hang-body stops in the middle and never ends', async () => {
    await fault({ kind: 'hang-body', match: 'GET /v1/file' });
    const { bytes, end } = await received(await file(job, { headers: { 'accept-encoding': 'identity' } }));
    expect([bytes.length, end]).toEqual([Math.floor(whole.length / 2), 'silence']);
  });

  test('slow-body comes in pieces, and whole in the end', async () => {
    await fault({ kind: 'slow-body', match: 'InvoiceItem', delay: 15 });
    const begun = performance.now();
    const { bytes, end } = await received(await file(job, { headers: { 'accept-encoding': 'identity' } }));
    expect(performance.now() - begun).toBeGreaterThan(130);
    expect([bytes.equals(whole), end]).toEqual([true, 'end']);
  });
});
