import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { type Client, sandboxOf, signIn } from './sandbox-client.ts';

interface Refusal {
  readonly success?: boolean;
  readonly reasons?: readonly { code: number }[];
  readonly errorCode?: string;
}

describe('replies of faults', () => {
  let client: Client;
  beforeAll(async () => {
    client = await sandboxOf('items=30');
  });
  afterEach(async () => {
    await client.call('/__sandbox/faults', { method: 'DELETE' });
  });
  afterAll(() => client.stop());

  const fault = async (body: Record<string, unknown>) =>
    expect((await client.post('/__sandbox/faults', body)).status).toBe(200);
  const ask = () => client.call('/settings/billing-rules');
  const codeOf = async (reply: Response) => ((await reply.json()) as Refusal).reasons?.[0]?.code;

  test.each([
    ['500', 500, 50000061],
    ['internal', 500, 50000060],
    ['lock', 200, 50000050],
    ['permission', 403, 50000010],
    ['429', 429, 50000070],
  ])('%s is HTTP %i with the code %i', async (kind, status, code) => {
    await fault({ kind, match: 'GET /settings', times: 1 });
    const reply = await ask();
    expect([reply.status, await codeOf(reply)]).toEqual([status, code]);
    expect((await ask()).status).toBe(200);
  });

  test('a 429 of the rate tells by ratelimit-reset when to come again, and has no Retry-After', async () => {
    await fault({ kind: '429', limit: 'rate', retryAfter: 7 });
    const { headers } = await ask();
    expect(headers.get('retry-after')).toBeNull();
    expect([headers.get('ratelimit-remaining'), headers.get('ratelimit-reset')]).toEqual(['0', '7']);
  });

  test('busy is what AQuA says when too many jobs are open, and strikes nothing else', async () => {
    await fault({ kind: 'busy' });
    expect((await ask()).status).toBe(200);
    expect(await client.run('select Id from Account')).toMatchObject({ errorCode: '90028' });
    expect(await client.run('select Id from Account')).toMatchObject({ status: 'completed' });
  });

  test.each([200, 502])('html is the page of a proxy, with HTTP %i and nothing of Zuora', async (status) => {
    await fault({ kind: 'html', status });
    const reply = await ask();
    expect(reply.status).toBe(status);
    expect(reply.headers.get('content-type')).toContain('text/html');
    expect(reply.headers.get('zuora-request-id')).toBeNull();
    expect(await reply.text()).toContain('<html>');
  });

  test('xml-error is an error in XML where JSON was asked for', async () => {
    await fault({ kind: 'xml-error', status: 400, code: '50000040', message: 'a < b' });
    const reply = await ask();
    expect([reply.status, reply.headers.get('content-type')]).toEqual([400, 'text/xml;charset=utf-8']);
    expect(await reply.text()).toContain('<code>50000040</code><message>a &lt; b</message>');
  });

  test('credentials end all tokens and give no new ones, until they are back', async () => {
    await fault({ kind: 'credentials' });
    for (let time = 0; time < 3; time += 1) expect(await codeOf(await ask())).toBe(90000011);
    expect(await signIn(client.url)).toBeUndefined();
    expect(await (await client.call('/__sandbox/faults/credentials', { method: 'DELETE' })).json()).toEqual({
      removed: 1,
      pending: [],
    });
    expect((await ask()).status).toBe(200);
    expect(await signIn(client.url)).toMatch(/^[0-9a-f]{32}$/);
  });

  test('permission for an object is missing in describe and in exports, until it is given', async () => {
    await fault({ kind: 'permission', match: 'Invoice' });
    const describe = (object: string) => client.call(`/v1/describe/${object}`);
    for (let time = 0; time < 2; time += 1) {
      const reply = await describe('Invoice');
      expect([reply.status, reply.headers.get('content-type')]).toEqual([403, 'text/xml;charset=utf-8']);
      expect(await reply.text()).toContain('<code>50000010</code>');
      expect(await client.run('select Id from Invoice')).toMatchObject({ errorCode: '90018' });
    }
    // The object, and not all whose names begin like its own.
    expect((await describe('InvoiceItem')).status).toBe(200);
    expect(await client.run('select Id from InvoiceItem')).toMatchObject({ status: 'completed' });
    await client.call('/__sandbox/faults', { method: 'DELETE' });
    expect((await describe('Invoice')).status).toBe(200);
  });
});
