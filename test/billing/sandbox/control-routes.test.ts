import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { generateTenant } from '../../../src/billing/sandbox/generate-tenant.ts';
import { startSandbox } from '../../../src/billing/sandbox/server.ts';
import { parseTenantSpec } from '../../../src/billing/sandbox/tenant-spec.ts';
import { type Client, callsOf, sandboxOf } from './sandbox-client.ts';

describe('entities that the credentials are good for', () => {
  const tenant = generateTenant(parseTenantSpec('items=80,entities=2,currencies=USD,EUR'));
  const [parent = '', first = '', second = ''] = tenant.entities.map(({ id }) => id);
  const hyphenated = (id: string) => id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  let client: Client;
  beforeAll(async () => {
    client = await sandboxOf(tenant);
  });
  afterAll(() => client.stop());

  const ask = async (url: string, token: string, entity?: string) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(entity === undefined ? {} : { 'Zuora-Entity-Ids': hyphenated(entity) }),
    };
    return (await fetch(`${url}/settings/fx-currencies`, { headers })).status;
  };
  const signIn = async (url: string, headers: Record<string, string> = {}) => {
    const body = new URLSearchParams({
      client_id: '11111111-2222-3333-4444-555555555555',
      client_secret: 'sandbox',
      grant_type: 'client_credentials',
    });
    const reply = await fetch(`${url}/oauth/token`, { method: 'POST', body, headers });
    return (await reply.json()) as { access_token: string; scope: string };
  };

  test('are all of them, unless told otherwise, and then one has to be named', async () => {
    const { access_token, scope } = await signIn(client.url);
    for (const id of [parent, first, second]) expect(scope).toContain(`entity.${hyphenated(id)}`);
    expect(await ask(client.url, access_token)).toBe(400);
    expect(await ask(client.url, access_token, first)).toBe(200);
    const one = await signIn(client.url, { 'Zuora-Entity-Ids': hyphenated(first) });
    expect(one.scope).not.toContain(hyphenated(second));
    expect(await ask(client.url, one.access_token)).toBe(200);
    expect(await ask(client.url, one.access_token, second)).toBe(403);
  });

  test('may be fewer from the start: the token tells so, and others are refused', async () => {
    const name = tenant.entities[1]?.name ?? '';
    const limited = await startSandbox({ tenant, report: () => {}, entities: [name] });
    const { access_token, scope } = await signIn(limited.url);
    expect(scope.split(' ').filter((part) => part.startsWith('entity.'))).toEqual([
      `entity.${hyphenated(first)}`,
    ]);
    expect(await ask(limited.url, access_token)).toBe(200);
    expect(await ask(limited.url, access_token, second)).toBe(403);
    await limited.stop();
    await expect(startSandbox({ tenant, report: () => {}, entities: ['Mars'] })).rejects.toMatchObject({
      code: 'SANDBOX_ENTITY_UNKNOWN',
      fate: 'fix-input',
      remedy: expect.stringContaining(name),
    });
  });

  test('can be taken away and given back while it runs, also from tokens that are out', async () => {
    const { access_token } = await signIn(client.url);
    const grant = (entities: unknown) => client.post('/__sandbox/access', { entities });
    expect((await grant([hyphenated(first)])).status).toBe(200);
    expect(await ask(client.url, access_token, second)).toBe(403);
    expect(await ask(client.url, access_token, first)).toBe(200);
    expect((await grant(null)).status).toBe(200);
    expect(await ask(client.url, access_token, second)).toBe(200);
    for (const wrong of [[], ['Mars'], 'all', [7]]) {
      const reply = await grant(wrong);
      expect(reply.status).toBe(400);
      expect(await reply.json()).toMatchObject({ possible: [{ id: parent }, { id: first }, { id: second }] });
    }
  });

  test('see rows, jobs and files of their own only', async () => {
    const [one, other] = [first, second].map((id) => ofEntity(client, hyphenated(id)));
    if (one === undefined || other === undefined) throw new Error('no entities');
    const ids = async (from: Client) =>
      new Set((await from.rows('select Id from InvoiceItem')).map((row) => row['InvoiceItem.Id']));
    const [mine, theirs] = [await ids(one), await ids(other)];
    expect(mine.size + theirs.size).toBe(80);
    expect([...mine].filter((id) => theirs.has(id))).toEqual([]);

    const target = { partner: 'sandbox', project: 'entities' };
    const job = await one.run('select Id from InvoiceItem', target);
    const path = `/v1/batch-query/jobs/${job.id}`;
    expect(await (await one.call(path)).json()).toMatchObject({ status: 'completed' });
    expect(await (await other.call(path)).json()).toMatchObject({ errorCode: '90002' });
    expect(await (await other.call(path, { method: 'DELETE' })).json()).toMatchObject({ errorCode: '90003' });
    expect((await other.call(`/v1/file/${job.batches[0]?.fileId}`)).status).toBe(404);
    expect((await one.call(`/v1/file/${job.batches[0]?.fileId}`)).status).toBe(200);
    expect((await other.run('select Id from InvoiceItem', target)).batches[0]?.full).toBe(true);
    expect((await one.run('select Id from InvoiceItem', target)).batches[0]?.full).toBe(false);
  });
});

/** The client, for one entity. */
function ofEntity(client: Client, entity: string): Client {
  const call: Client['call'] = (path, init = {}) =>
    client.call(path, {
      ...init,
      headers: { ...(init.headers as Record<string, string>), 'zuora-entity-ids': entity },
    });
  return { ...client, ...callsOf(call) };
}
