import { describe, expect, test } from 'vitest';

import type { ObjectQuery } from '../../../src/billing/port.ts';
import { collect } from './collect.ts';
import { failure, reply, stubBilling } from './stub-server.ts';

const ITEMS = 'GET /object-query/invoice-items';
const page = (id: string, nextPage?: string) => reply(200, { data: [{ id, amount: 12 }], nextPage });

/** The parameters of a path, in order, decoded. */
const parameters = (path = '') => [...new URL(path, 'http://localhost').searchParams];

describe('an object query', () => {
  test('spells its lists as one parameter for each value', async () => {
    const { billing, seen } = await stubBilling({ [ITEMS]: page('i1') });
    const query: ObjectQuery = {
      object: 'invoice-items',
      filter: ['updateddate.GE:2024-01-01T00:00:00+01:00', 'accountid.EQ:a&b=c'],
      fields: ['id', 'chargeamount'],
      expand: ['invoice'],
      sort: ['id.ASC'],
      pageSize: 10,
    };
    expect(await collect(billing.objectQuery(query))).toEqual([[{ id: 'i1', amount: 12 }]]);
    expect(seen.at(-1)?.path).not.toMatch(/[[\]+ ]/);
    const sent = parameters(seen.at(-1)?.path).map((pair) => pair.join(' '));
    expect(sent.toSorted()).toEqual([
      'expand[] invoice',
      'fields[] chargeamount',
      'fields[] id',
      'filter[] accountid.EQ:a&b=c',
      'filter[] updateddate.GE:2024-01-01T00:00:00+01:00',
      'pageSize 10',
      'sort[] id.ASC',
    ]);
  });

  test('asks for the largest page when nothing is said', async () => {
    const { billing, seen } = await stubBilling({ [ITEMS]: page('i1') });
    await collect(billing.objectQuery({ object: 'invoice-items' }));
    expect(seen.at(-1)?.path).toBe('/object-query/invoice-items?pageSize=50');
  });

  test.each(['W3sib3JkZXI/+Kz=', '76683efa-4b25-4716-a5c1-852b2162fcdb'])(
    'follows the cursor %s with the rest of the query as it was',
    async (cursor) => {
      const { billing, seen } = await stubBilling({ [ITEMS]: [page('i1', cursor), page('i2')] });
      const query = { object: 'invoice-items', filter: ['id.EQ:x'], pageSize: 1 };
      expect((await collect(billing.objectQuery(query))).flat().map(({ id }) => id)).toEqual(['i1', 'i2']);
      expect(parameters(seen.at(-1)?.path)).toEqual([
        ['pageSize', '1'],
        ['filter[]', 'id.EQ:x'],
        ['cursor', cursor],
      ]);
    },
  );

  test('follows an address as given', async () => {
    const next = '/object-query/invoice-items?cursor=abc';
    const { billing, seen } = await stubBilling({ [ITEMS]: [page('i1', next), page('i2')] });
    expect(await collect(billing.objectQuery({ object: 'invoice-items' }))).toHaveLength(2);
    expect(seen.at(-1)?.path).toBe(next);
  });

  test('that gets the same cursor twice is an error and no endless read', async () => {
    const { billing, to } = await stubBilling({ [ITEMS]: page('i1', 'same') });
    const error = await failure(collect(billing.objectQuery({ object: 'invoice-items' })));
    expect(error.code).toBe('BILLING_REPLY_UNEXPECTED');
    expect(to('/object-query/invoice-items')).toHaveLength(2);
  });

  test('without a hit has no page', async () => {
    const { billing } = await stubBilling({ [ITEMS]: reply(200, { data: [] }) });
    expect(await collect(billing.objectQuery({ object: 'invoice-items' }))).toEqual([]);
  });

  test.each<[string, ObjectQuery]>([
    ['no object', { object: '' }],
    ['a path', { object: '../v1/accounts' }],
    ['a parameter', { object: 'orders?x=1' }],
    ['an empty page', { object: 'orders', pageSize: 0 }],
    ['too large a page', { object: 'orders', pageSize: 51 }],
    ['half a record', { object: 'orders', pageSize: 1.5 }],
  ])('for %s is refused here', async (_name, query) => {
    const { billing, seen } = await stubBilling({});
    expect((await failure(collect(billing.objectQuery(query)))).code).toBe('BILLING_REQUEST_REFUSED');
    expect(seen).toEqual([]);
  });
});
