import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Client, sandboxOf } from '../sandbox-client.ts';

describe('the settings', () => {
  let client: Client;
  beforeAll(async () => {
    client = await sandboxOf('items=5');
  });
  afterAll(() => client.stop());

  const batch = async (body: object): Promise<{ status: number; body: unknown }> => {
    const reply = await client.post('/settings/batch-requests', body);
    return { status: reply.status, body: await reply.json() };
  };

  test('are listed with the schema of their bodies, every one of them readable', async () => {
    const { settings } = (await (await client.call('/settings/listing')).json()) as {
      settings: { key: string; pathPattern: string; httpOperations: { url: string }[] }[];
    };
    expect(settings).toContainEqual({
      key: 'FxCurrency',
      description: expect.any(String),
      context: 'Entity',
      pathPattern: '/fx-currencies',
      httpOperations: [
        {
          method: 'GET',
          url: '/settings/fx-currencies',
          parameters: [],
          responseType: {
            $ref: '#/definitions/FxCurrency',
            definitions: {
              FxCurrency: expect.objectContaining({
                type: 'object',
                properties: expect.objectContaining({
                  homeCurrencyCode: { type: 'string' },
                  dayOfMonth: { type: 'number' },
                }),
              }),
            },
          },
        },
      ],
    });
    for (const { httpOperations } of settings) {
      expect((await client.call(httpOperations[0]?.url ?? '')).status).toBe(200);
    }
  });

  test('are listed as CSV where that is accepted', async () => {
    const reply = await client.call('/settings/listing', { headers: { accept: 'application/csv' } });
    expect(reply.headers.get('content-type')).toContain('application/csv');
    expect(await reply.text()).toContain(
      '\nBillingRules,Settings of billing rules,Entity,/billing-rules,GET,/settings/billing-rules\n',
    );
  });

  test('come many in one call, each with its own status', async () => {
    const requests = [
      { id: 'one', method: 'GET', url: '/billing-rules' },
      {
        id: 'two',
        method: 'GET',
        url: '/settings/fx-currencies',
        children: [{ id: 'three', method: 'GET', url: '/nothing' }],
      },
      { method: 'PUT', url: '/billing-rules', body: {} },
    ];
    expect(await batch({ requests })).toEqual({
      status: 200,
      body: {
        responses: [
          {
            id: 'one',
            method: 'GET',
            url: '/billing-rules',
            response: { status: '200 OK', body: expect.objectContaining({ oneTimeCreditBack: true }) },
          },
          {
            id: 'two',
            method: 'GET',
            url: '/settings/fx-currencies',
            response: { status: '200 OK', body: expect.objectContaining({ homeCurrencyCode: 'USD' }) },
          },
          {
            id: 'three',
            method: 'GET',
            url: '/nothing',
            response: { status: '404 NOT_FOUND', errorMessages: ['There is no setting nothing.'] },
          },
          {
            method: 'PUT',
            url: '/billing-rules',
            response: { status: '405 METHOD_NOT_ALLOWED', errorMessages: [expect.any(String)] },
          },
        ],
      },
    });
  });

  test('refuse more than a hundred in one call, and no list of them', async () => {
    const single = { method: 'GET', url: '/billing-rules' };
    const requests = [{ ...single, children: Array(99).fill(single) }];
    expect((await batch({ requests })).status).toBe(200);
    expect(await batch({ requests: [...requests, single] })).toEqual({
      status: 400,
      body: { code: 400, message: expect.stringContaining('100') },
    });
    expect((await batch({})).status).toBe(400);
  });
});
