import { describe, expect, test } from 'vitest';

import { failure, reply, stubBilling, tokens, type Answer } from './stub-server.ts';

const [ROOT, EMEA, GERMANY, IDLE] = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(32));
const entity = (id: string | undefined, name: string, parentId: string | null, status = 'Provisioned') => ({
  id,
  name,
  displayName: `${name} Inc.`,
  locale: 'en_US',
  timezone: 'Europe/Berlin',
  status,
  parentId,
  tenantId: '1',
});
/** The currency by entity header; the entity without Currency Conversion has no such setting. */
const currencies: Answer = (call, response) => {
  const id = String(call.headers['zuora-entity-ids']);
  if (id.startsWith('b')) reply(404, {})(call, response);
  else reply(200, { homeCurrencyCode: id.startsWith('a') ? 'USD' : 'EUR', rateOffset: 1 })(call, response);
};

describe('entities', () => {
  test.each([' EUR ', 'eur', 'Euro', '', '€'])(
    'have the home currency %j only where that is a code',
    async (told) => {
      const { billing } = await stubBilling({
        'GET /v1/entities': reply(200, { entities: [entity(ROOT, 'Global', null)] }),
        'GET /settings/fx-currencies': reply(200, { homeCurrencyCode: told }),
      });
      const [only] = await billing.entities();
      expect(only?.homeCurrency).toBe(told === ' EUR ' ? 'EUR' : null);
    },
  );

  test('come parents first, each with its home currency', async () => {
    const { billing, to } = await stubBilling({
      'GET /v1/entities': reply(200, {
        entities: [
          entity(GERMANY, 'DE', EMEA ?? ''),
          entity(EMEA, 'EMEA', ROOT ?? ''),
          entity(ROOT, 'Global', null),
          entity(IDLE, 'Idle', null, 'Unprovisioned'),
        ],
      }),
      'GET /settings/fx-currencies': currencies,
    });
    const entities = await billing.entities();
    expect(entities.map(({ id, homeCurrency, parentId }) => [id, homeCurrency, parentId])).toEqual([
      [ROOT, 'USD', null],
      [EMEA, null, ROOT],
      [GERMANY, 'EUR', EMEA],
    ]);
    expect(entities[0]).toMatchObject({
      name: 'Global',
      displayName: 'Global Inc.',
      timezone: 'Europe/Berlin',
    });
    expect(to('/settings/fx-currencies')[0]?.headers['zuora-entity-ids']).toBe(
      'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa',
    );
  });

  test('that the user may list but not read have no home currency to tell', async () => {
    const { billing } = await stubBilling({
      'GET /v1/entities': reply(200, {
        entities: [entity(ROOT, 'Global', null), entity(EMEA, 'EMEA', ROOT ?? '')],
      }),
      'GET /settings/fx-currencies': (call, response) => {
        const foreign = String(call.headers['zuora-entity-ids']).startsWith('b');
        reply(foreign ? 403 : 200, foreign ? {} : { homeCurrencyCode: 'USD' })(call, response);
      },
    });
    const told = (await billing.entities()).map(({ homeCurrency, readable }) => [homeCurrency, readable]);
    expect(told).toEqual([
      ['USD', true],
      [null, false],
    ]);
  });

  test('that are each others parents, or whose parent is missing, are listed all the same', async () => {
    const { billing } = await stubBilling({
      'GET /v1/entities': reply(200, {
        entities: [entity('a', 'A', 'b'), entity('b', 'B', 'a'), entity('c', 'C', 'gone')],
      }),
    });
    expect((await billing.entities()).map(({ id }) => id).toSorted()).toEqual(['a', 'b', 'c']);
  });

  test.each([
    ['404', 404, {}],
    ['a refusal at 200', 200, { success: false, reasons: [{ code: 50000030, message: 'not enabled' }] }],
    ['no permission', 403, { message: 'x' }],
    ['an empty list', 200, { entities: [] }],
    ['an empty success', 200, { success: true }],
  ])('are none where Billing answers %s', async (_name, status, body) => {
    const { billing } = await stubBilling({ 'GET /v1/entities': reply(status, body) });
    expect(await billing.entities()).toEqual([]);
  });

  test('that the token names cannot be refused silently', async () => {
    const { billing } = await stubBilling({
      'POST /oauth/token': tokens(3600, 'tenant.1 entity.aaaa entity.bbbb'),
      'GET /v1/entities': reply(403, {}),
    });
    expect((await failure(billing.entities())).code).toBe('BILLING_PERMISSION_MISSING');
  });

  test('are asked for in the name of one of the token where the call has to name one', async () => {
    const { billing, to } = await stubBilling({
      'POST /oauth/token': tokens(3600, `tenant.1 entity.${EMEA} entity.${ROOT}`),
      'GET /v1/entities': (call, response) => {
        const asRoot = String(call.headers['zuora-entity-ids']).startsWith('a');
        const listed = { entities: [entity(ROOT, 'Global', null), entity(EMEA, 'EMEA', ROOT ?? '')] };
        reply(asRoot ? 200 : 400, asRoot ? listed : { message: 'which?' })(call, response);
      },
    });
    expect((await billing.entities()).map(({ id }) => id)).toEqual([ROOT, EMEA]);
    expect(to('/v1/entities').map(({ headers }) => headers['zuora-entity-ids'])).toEqual([
      undefined,
      'bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb',
      'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa',
    ]);
  });

  test('are not taken for none when Billing is busy', async () => {
    const { billing } = await stubBilling({ 'GET /v1/entities': reply(503, {}) });
    expect((await failure(billing.entities())).code).toBe('BILLING_BUSY');
  });

  test.each([
    ['the call', 'GET /v1/entities'],
    ['the sign-in on the way to it', 'POST /oauth/token'],
  ])('are not taken for none when Billing breaks at %s', async (_where, call) => {
    const internal = { success: false, reasons: [{ code: 50000060, message: 'Internal error.' }] };
    const { billing } = await stubBilling({ [call]: reply(500, internal) });
    expect((await failure(billing.entities())).code).toBe('BILLING_REQUEST_REFUSED');
  });

  test('that lack what the contract promises name the place and the keys only', async () => {
    const { billing } = await stubBilling({
      'GET /v1/entities': reply(200, { entities: [{ name: 'Hidden Ltd' }] }),
    });
    const error = await failure(billing.entities());
    expect(error).toMatchObject({ code: 'BILLING_REPLY_UNEXPECTED', fate: 'bug' });
    expect(error.context).toMatchObject({ places: 'entities.0.id', keys: 'entities' });
    expect(JSON.stringify(error)).not.toContain('Hidden');
  });
});
