import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

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

  test('job-failed ends a job with a message, at the job and at its queries', async () => {
    await fault({ kind: 'job-failed', match: 'InvoiceItem', message: 'The disk was full.' });
    expect(await client.run('select Id from Account')).toMatchObject({ status: 'completed' });
    const failed = await job();
    expect(failed).toMatchObject({
      status: 'aborted',
      message: 'The disk was full.',
      batches: [{ status: 'aborted', message: 'The disk was full.', recordCount: 0 }],
    });
    expect(failed.batches[0]).not.toHaveProperty('fileId');
    expect(await job()).toMatchObject({ status: 'completed' });
  });

  test('job-stuck lets a job execute until the fault is removed', async () => {
    await fault({ kind: 'job-stuck', match: 'stuck' });
    const queries = [{ name: 'a', query: 'select Id from Account' }];
    const { id } = (await (await client.post('/v1/batch-query/', { name: 'stuck', queries })).json()) as {
      id: string;
    };
    const status = async () =>
      ((await (await client.call(`/v1/batch-query/jobs/${id}`)).json()) as { status: string }).status;
    await vi.waitFor(async () => expect(await status()).toBe('executing'));
    expect(await job()).toMatchObject({ status: 'completed' });
    expect(await status()).toBe('executing');
    await client.call('/__sandbox/faults/job-stuck', { method: 'DELETE' });
    await vi.waitFor(async () => expect(await status()).toBe('completed'));
  });

  test('no-deletes refuses deleted columns: those of stateless jobs, or those of an object', async () => {
    const deleted = { deleted: { column: 'Deleted', format: 'Boolean' } };
    const ask = (object: string, more = {}) => client.run(`select Id from ${object}`, more, deleted);
    const stateful = { partner: 'sandbox', project: 'deletes' };
    await fault({ kind: 'no-deletes' });
    expect(await ask('Account')).toMatchObject({ errorCode: '90012' });
    expect(await ask('Account', stateful)).toMatchObject({ status: 'completed' });
    expect(await client.run('select Id from Account')).toMatchObject({ status: 'completed' });
    await client.call('/__sandbox/faults/no-deletes', { method: 'DELETE' });
    await fault({ kind: 'no-deletes', match: 'Account', code: '90017' });
    expect(await ask('Account', stateful)).toMatchObject({ errorCode: '90017' });
    expect(await ask('Contact')).toMatchObject({ status: 'completed' });
    await client.call('/__sandbox/faults', { method: 'DELETE' });
    expect(await ask('Account')).toMatchObject({ status: 'completed' });
  });

  test('are listed, and removed by id, by kind or all at once', async () => {
    const list = async () =>
      ((await (await client.call('/__sandbox/faults')).json()) as { pending: { id: string; kind: string }[] })
        .pending;
    const remove = async (which: string) =>
      (await client.call(`/__sandbox/faults${which}`, { method: 'DELETE' })).json();
    for (const kind of ['gone', 'gone', 'shuffle', 'truncate']) await fault({ kind, match: 'Ramp' });
    const [first, , , last] = await list();
    expect(new Set((await list()).map(({ id }) => id)).size).toBe(4);
    expect(await remove(`/${last?.id}`)).toMatchObject({ removed: 1 });
    expect(await remove('/nothing')).toMatchObject({ removed: 0 });
    expect((await list()).map(({ kind }) => kind)).toEqual(['gone', 'gone', 'shuffle']);
    expect(await remove('/gone')).toMatchObject({ removed: 2, pending: [{ kind: 'shuffle' }] });
    expect(await remove('')).toMatchObject({ removed: 1, pending: [] });
    expect(first?.kind).toBe('gone');
  });

  test.each([
    [{ kind: 'fire' }, 'kind'],
    [{ kind: 'hang', times: 0 }, 'times'],
    [{ kind: 'hang', times: 'for ever' }, 'times'],
    [{ kind: 'job-stuck', times: 2 }, 'times: job-stuck lasts until removed'],
    [{ kind: 'hang', color: 'red' }, 'color'],
    [{ kind: 'error-code', code: 'none' }, 'code'],
  ])('that are none are answered with what is possible: %j', async (body, why) => {
    const reply = await client.post('/__sandbox/faults', body);
    expect(reply.status).toBe(400);
    const answer = (await reply.json()) as { mistakes: string[]; possible: { kind: object } };
    expect(answer.mistakes.join()).toContain(why);
    expect(Object.values(answer.possible.kind).flat()).toEqual(
      expect.arrayContaining(['429', 'hang-body', 'job-failed', 'shuffle']),
    );
  });

  test('wait until they are used up', async () => {
    await fault({ kind: 'gone', match: 'Nothing', times: 5 });
    const about = (await (await fetch(`${client.url}/__sandbox`)).json()) as { faults: unknown[] };
    expect(about.faults).toEqual([expect.objectContaining({ kind: 'gone', times: 5 })]);
  });
});
