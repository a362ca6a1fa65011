import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Client, parsed, sandboxOf, signIn } from './sandbox-client.ts';

describe('faults', () => {
  let client: Client;
  beforeAll(async () => {
    client = await sandboxOf('items=120');
  });
  afterAll(() => client.stop());

  const fault = async (body: Record<string, unknown>) =>
    expect((await client.post('/__sandbox/faults', body)).status).toBe(200);
  const ask = () => client.call('/settings/billing-rules');
  const job = () => client.run('select Id, ChargeName from InvoiceItem');
  const file = async (id: string | undefined) => client.call(`/v1/file/${id}`);
  const ids = async () =>
    (await client.rows('select Id from InvoiceItem')).map((row) => row['InvoiceItem.Id']);

  test('429 tells when to come again, as often as asked', async () => {
    await fault({ kind: '429', match: 'GET /settings', times: 2, retryAfter: 3 });
    for (let time = 0; time < 2; time += 1) {
      const reply = await ask();
      expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '3']);
    }
    expect((await ask()).status).toBe(200);
  });

  test('500 answers in the shape of /v1, and strikes only what matches', async () => {
    await fault({ kind: '500', match: '/v1/describe' });
    expect((await ask()).status).toBe(200);
    const reply = await client.call('/v1/describe/Account');
    expect([reply.status, await reply.json()]).toEqual([500, expect.objectContaining({ success: false })]);
  });

  test('error-code is a refusal at HTTP 200', async () => {
    await fault({ kind: 'error-code', match: 'POST /v1/batch-query', code: '90008' });
    expect(await job()).toMatchObject({ errorCode: '90008' });
  });

  test('reset breaks the connection', async () => {
    await fault({ kind: 'reset', match: '/settings' });
    await expect(client.call('/settings/billing-rules', { method: 'POST', body: 'x' })).rejects.toThrow(
      'fetch failed',
    );
  });

  test('hang never answers, slow answers late', async () => {
    await fault({ kind: 'hang', match: '/settings' });
    const signal = AbortSignal.timeout(150);
    await expect(client.call('/settings/billing-rules', { signal })).rejects.toThrow();
    await fault({ kind: 'slow', match: '/settings', delay: 120 });
    const begun = performance.now();
    expect((await ask()).status).toBe(200);
    expect(performance.now() - begun).toBeGreaterThan(100);
  });

  test('token ends all tokens', async () => {
    const token = await signIn(client.url);
    const mine = () =>
      fetch(`${client.url}/settings/billing-rules`, { headers: { authorization: `Bearer ${token}` } });
    const other = await sandboxOf('items=5');
    await other.post('/__sandbox/faults', { kind: 'token', match: 'GET /settings' });
    expect((await other.call('/settings/billing-rules')).status).toBe(401);
    await other.stop();
    expect((await mine()).status).toBe(200);
  });

  test('truncate cuts the file once', async () => {
    const done = await job();
    const id = done.batches[0]?.fileId;
    await fault({ kind: 'truncate', match: 'InvoiceItem' });
    const cut = Buffer.from(await (await file(id)).arrayBuffer());
    const whole = Buffer.from(await (await file(id)).arrayBuffer());
    expect(cut.length).toBe(Math.floor(whole.length / 2));
    expect(await parsed(whole)).toHaveLength(120);
  });

  test('gone is a file that was purged', async () => {
    const done = await job();
    await fault({ kind: 'gone', match: 'InvoiceItem' });
    expect((await file(done.batches[0]?.fileId)).status).toBe(404);
    expect((await file(done.batches[0]?.fileId)).status).toBe(200);
  });

  test('record-count lies about the file', async () => {
    await fault({ kind: 'record-count', match: 'InvoiceItem' });
    expect((await job()).batches[0]?.recordCount).toBe(121);
    expect((await job()).batches[0]?.recordCount).toBe(120);
  });

  test('duplicate writes a row twice and counts it', async () => {
    await fault({ kind: 'duplicate', match: 'InvoiceItem' });
    const done = await job();
    const rows = await parsed(Buffer.from(await (await file(done.batches[0]?.fileId)).arrayBuffer()));
    expect([done.batches[0]?.recordCount, rows.length]).toEqual([121, 121]);
    expect(new Set(rows.map((row) => row['InvoiceItem.Id'])).size).toBe(120);
  });

  test('shuffle changes the order and nothing else', async () => {
    const straight = await ids();
    await fault({ kind: 'shuffle', match: 'InvoiceItem' });
    const shuffled = await ids();
    expect(shuffled).not.toEqual(straight);
    expect(new Set(shuffled)).toEqual(new Set(straight));
  });

  test('wait until they are used up', async () => {
    await fault({ kind: 'gone', match: 'Nothing', times: 5 });
    const about = (await (await fetch(`${client.url}/__sandbox`)).json()) as { faults: unknown[] };
    expect(about.faults).toEqual([expect.objectContaining({ kind: 'gone', times: 5 })]);
  });
});
