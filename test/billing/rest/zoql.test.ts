import { describe, expect, test } from 'vitest';

import { collect } from './collect.ts';
import { failure, reply, stubBilling } from './stub-server.ts';

const QUERY = 'POST /v1/action/query';
const MORE = 'POST /v1/action/queryMore';
const page = (records: readonly object[], queryLocator?: string) =>
  reply(200, { size: 3, records, done: queryLocator === undefined, queryLocator });

describe('a ZOQL query', () => {
  test('is asked for 2,000 records at a time until it is done, whatever the size says', async () => {
    const { billing, seen } = await stubBilling({
      [QUERY]: page([{ Id: 'a' }], 'q-2000'),
      [MORE]: [page([{ Id: 'b' }], 'q-4000'), page([{ Id: 'c' }])],
    });
    expect(await collect(billing.zoql("select Id from Account where Name = 'x'"))).toEqual([
      [{ Id: 'a' }],
      [{ Id: 'b' }],
      [{ Id: 'c' }],
    ]);
    const conf = { batchSize: 2000 };
    expect(seen.slice(1).map(({ body, headers }) => [JSON.parse(body), headers['content-type']])).toEqual([
      [{ queryString: "select Id from Account where Name = 'x'", conf }, 'application/json'],
      [{ queryLocator: 'q-2000', conf }, 'application/json'],
      [{ queryLocator: 'q-4000', conf }, 'application/json'],
    ]);
  });

  test('keeps what a record has, fractions as written', async () => {
    const body = '{"size": 1, "records": [{"Id": "a", "Balance": 0.30, "Region__c": "x"}], "done": true}';
    const { billing } = await stubBilling({ [QUERY]: reply(200, body) });
    expect(await collect(billing.zoql('select Id from Account'))).toEqual([
      [{ Id: 'a', Balance: '0.30', Region__c: 'x' }],
    ]);
  });

  test.each([
    ['without records', { size: 0, done: true }],
    ['with an empty list', { size: 0, records: [], done: true }],
    ['that says nothing of an end', { size: 0, records: [] }],
  ])('%s has no page', async (_name, body) => {
    const { billing } = await stubBilling({ [QUERY]: reply(200, body) });
    expect(await collect(billing.zoql('select Id from Account'))).toEqual([]);
  });

  test('goes on where only the cursor says that there is more', async () => {
    const { billing } = await stubBilling({
      [QUERY]: reply(200, { size: 2, records: [{ Id: 'a' }], queryLocator: 'q-1' }),
      [MORE]: reply(200, { size: 2, records: [{ Id: 'b' }] }),
    });
    expect(await collect(billing.zoql('select Id from Account'))).toEqual([[{ Id: 'a' }], [{ Id: 'b' }]]);
  });

  test('asks for the next page only when its reader does', async () => {
    const { billing, to } = await stubBilling({ [QUERY]: page([{ Id: 'a' }], 'q-1'), [MORE]: page([]) });
    for await (const records of billing.zoql('select Id from Account')) {
      expect(records).toEqual([{ Id: 'a' }]);
      break;
    }
    expect(to('/v1/action/queryMore')).toEqual([]);
  });

  test.each([200, 400, 500])('refused with status %i says why', async (status) => {
    const body = { FaultCode: 'MALFORMED_QUERY', FaultMessage: 'You have an error in your ZOQL syntax' };
    const { billing } = await stubBilling({ [QUERY]: reply(status, body) });
    const error = await failure(collect(billing.zoql('select * from Account')));
    expect(error.message).toContain('You have an error in your ZOQL syntax');
    expect(error.context['zuoraCode']).toBe('MALFORMED_QUERY');
  });

  test.each([
    ['not done, without a cursor', reply(200, { records: [{ Id: 'a' }], done: false })],
    ['not done, with the cursor there was', page([{ Id: 'a' }], 'q-1')],
  ])('that is %s is an error and no endless read', async (_name, answer) => {
    const { billing, to } = await stubBilling({ [QUERY]: page([{ Id: 'a' }], 'q-1'), [MORE]: answer });
    expect((await failure(collect(billing.zoql('select Id from Account')))).code).toBe(
      'BILLING_REPLY_UNEXPECTED',
    );
    expect(to('/v1/action/queryMore')).toHaveLength(1);
  });
});

describe('a cursor', () => {
  const read = async (status: number, body: unknown) => {
    const { billing } = await stubBilling({
      [QUERY]: page([{ Id: 'a' }], 'q-1'),
      [MORE]: reply(status, body),
    });
    return failure(collect(billing.zoql('select Id from Account')));
  };

  test.each([
    [200, { FaultCode: 'INVALID_QUERY_LOCATOR', FaultMessage: 'invalid' }],
    [400, { FaultCode: 'INVALID_VALUE', FaultMessage: 'The query locator has expired' }],
  ])('that expired (status %i) says to query again', async (status, body) => {
    expect(await read(status, body)).toMatchObject({
      code: 'BILLING_CURSOR_EXPIRED',
      fate: 'retry',
      remedy: expect.stringContaining('15 minutes'),
      context: { zuoraCode: body.FaultCode, zuoraRequestId: 'req-1' },
    });
  });

  test.each([
    [400, { FaultCode: 'INVALID_VALUE', FaultMessage: 'batchSize' }, 'BILLING_REQUEST_REFUSED'],
    [429, {}, 'BILLING_RATE_LIMITED'],
  ])('is not to blame for status %i %j', async (status, body, code) => {
    expect((await read(status, body)).code).toBe(code);
  });
});
