import { connect } from 'node:net';

import { XMLParser } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { generateTenant } from '../../../src/billing/sandbox/generate-tenant.ts';
import { startSandbox } from '../../../src/billing/sandbox/server.ts';
import { DEFAULT_SPEC, parseTenantSpec } from '../../../src/billing/sandbox/tenant-spec.ts';
import { type Client, sandboxOf, signIn } from './sandbox-client.ts';

interface Refusal {
  readonly success: boolean;
  readonly reasons: readonly { code: number; message: string }[];
}

const refusal = async (reply: Response): Promise<Refusal> => (await reply.json()) as Refusal;

describe('startSandbox', () => {
  let clock = Date.now();
  let client: Client;
  beforeAll(async () => {
    client = await sandboxOf('items=60', { now: () => clock });
  });
  afterAll(() => client.stop());

  test('says which port is taken and what to do', async () => {
    const again = startSandbox({ tenant: generateTenant(DEFAULT_SPEC), port: client.port, report: () => {} });
    await expect(again).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      fate: 'fix-input',
      message: expect.stringContaining(String(client.port)),
      remedy: expect.stringContaining('--port'),
    });
  });

  test('refuses wrong credentials, forms and tokens', async () => {
    const token = (body: string, type = 'application/x-www-form-urlencoded') =>
      fetch(`${client.url}/oauth/token`, { method: 'POST', body, headers: { 'content-type': type } });
    const form = 'client_id=sandbox&grant_type=client_credentials&client_secret=';
    expect((await token(`${form}wrong`)).status).toBe(401);
    expect((await token('client_id=sandbox&client_secret=sandbox')).status).toBe(400);
    expect((await token('{}', 'application/json')).status).toBe(415);
    expect(await (await token(`${form}sandbox`)).json()).toMatchObject({
      token_type: 'bearer',
      expires_in: 3599,
    });

    for (const authorization of ['', 'Bearer nobody', 'Basic c2FuZGJveDpzYW5kYm94']) {
      const reply = await client.call('/settings/billing-rules', { headers: { authorization } });
      expect(reply.status).toBe(401);
      expect((await refusal(reply)).reasons[0]?.code).toBe(90000011);
    }
  });

  test('lets a token expire after an hour', async () => {
    const token = await signIn(client.url);
    const ask = () =>
      fetch(`${client.url}/settings/billing-rules`, { headers: { authorization: `Bearer ${token}` } });
    expect((await ask()).status).toBe(200);
    clock += 3_598_000;
    expect((await ask()).status).toBe(200);
    clock += 2_000;
    expect((await ask()).status).toBe(401);
    clock = Date.now();
  });

  test('describes objects: parents by path, fields with their contexts', async () => {
    const reply = await client.call('/v1/describe/InvoiceItem');
    const parser = new XMLParser({ isArray: (name) => name === 'context' });
    const { object } = parser.parse(await reply.text()) as {
      object: {
        fields: { field: { name: string; contexts: { context: string[] } }[] };
        'related-objects': { object: { name: string; path: string }[] };
      };
    };
    const contexts = new Map(object.fields.field.map(({ name, contexts: found }) => [name, found.context]));
    expect(contexts.get('ChargeAmount')).toContain('export');
    expect(contexts.get('CostCentre__c')).toContain('export');
    expect(contexts.get('AccountId')).toEqual(['soap']);
    expect(object['related-objects'].object).toContainEqual(
      expect.objectContaining({ name: 'BillToContact', path: 'BillToContact' }),
    );
    expect((await client.call('/v1/describe/Nothing')).status).toBe(404);
    expect((await client.call('/v1/describe/CreditMemo')).status).toBe(404);
    expect(await (await client.call('/v1/describe')).text()).toContain('<name>InvoiceItem</name>');
  });

  test('answers settings, accounting codes and entities as a tenant without Multi-entity', async () => {
    const body = async (path: string) => (await client.call(path)).json();
    expect(await body('/settings/billing-rules')).toMatchObject({
      oneTimeCreditBack: true,
      invoicePastEndOfTerm: false,
    });
    expect(await body('/settings/fx-currencies')).toMatchObject({ homeCurrencyCode: 'USD' });
    expect(await body('/settings/listing')).toMatchObject({ settings: expect.arrayContaining([]) });
    expect(await body('/v1/accounting-codes')).toMatchObject({ success: true });
    expect(await body('/v1/accounting-periods')).toMatchObject({ success: true });
    expect(await body('/v1/entities')).toMatchObject({ success: false });
    expect((await client.call('/settings/nothing')).status).toBe(404);
  });

  test('sends the headers that Zuora sends', async () => {
    const { headers } = await client.call('/v1/describe/Account', { headers: { 'zuora-track-id': 'run-7' } });
    expect(headers.get('zuora-request-id')).toMatch(/^[0-9a-f]{32}$/);
    expect(headers.get('zuora-track-id')).toBe('run-7');
    expect(headers.get('ratelimit-limit')).toContain('50000');
    expect(headers.get('concurrency-limit-limit')).toBe('40');
    expect(headers.get('content-encoding')).toBe('gzip');
  });

  test.each([
    ['GET', '/v1/nothing', undefined, 404],
    ['PATCH', '/v1/describe/Account', undefined, 405],
    ['POST', '/v1/batch-query/', '{"queries":', 400],
    ['POST', '/v1/batch-query/', 'x'.repeat(11 * 1024 * 1024), 413],
    ['GET', '/v1/file/..%2F..%2Fetc%2Fpasswd', undefined, 404],
    ['GET', '/v1/describe/%E0%A4%A', undefined, 400],
    ['POST', '/__sandbox/changes', '[]', 400],
    ['POST', '/__sandbox/faults', '{"kind":"fire"}', 400],
  ])('answers %s %s with a clean refusal', async (method, path, body, status) => {
    const reply = await client.call(path, { method, ...(body === undefined ? {} : { body }) });
    expect(reply.status).toBe(status);
    await reply.text();
    expect((await client.call('/settings/billing-rules')).status).toBe(200);
  });

  test('survives what is not HTTP', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(client.port, '127.0.0.1', () => socket.end('NONSENSE\r\n\r\n'));
      socket
        .on('error', () => {})
        .on('close', () => resolve())
        .resume();
    });
    expect((await client.call('/settings/billing-rules')).status).toBe(200);
  });

  test('says that it is a sandbox, and what is in it', async () => {
    const about = (await (await fetch(`${client.url}/__sandbox`)).json()) as { what: string; counts: object };
    expect(about.what).toContain('not Zuora');
    expect(about.counts).toMatchObject({ InvoiceItem: 60 });
  });
});

describe('a sandbox with entities', () => {
  test('wants to know which entity is meant, and shows its rows and home currency', async () => {
    const client = await sandboxOf('items=80,entities=2,currencies=USD,EUR');
    try {
      const { entities } = (await (await client.call('/v1/entities')).json()) as {
        entities: { id: string; parentId: string | null }[];
      };
      expect(entities.map(({ parentId }) => parentId === null)).toEqual([true, false, false]);
      expect((await client.call('/settings/fx-currencies')).status).toBe(400);
      const unknown = { 'zuora-entity-ids': '0'.repeat(32) };
      expect((await client.call('/settings/fx-currencies', { headers: unknown })).status).toBe(403);

      const homes = await Promise.all(
        entities.map(async ({ id }) => {
          const uuid = id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
          const reply = await client.call('/settings/fx-currencies', {
            headers: { 'zuora-entity-ids': uuid },
          });
          return ((await reply.json()) as { homeCurrencyCode: string }).homeCurrencyCode;
        }),
      );
      expect(homes).toEqual(['USD', 'USD', 'EUR']);
    } finally {
      await client.stop();
    }
  });

  test('is refused to a call that names one where there is none', async () => {
    const client = await sandboxOf(generateTenant(parseTenantSpec('items=5')));
    const reply = await client.call('/settings/fx-currencies', {
      headers: { 'zuora-entity-ids': '0'.repeat(32) },
    });
    expect(reply.status).toBe(400);
    await client.stop();
  });
});
