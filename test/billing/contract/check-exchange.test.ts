import { describe, expect, test } from 'vitest';

import { checkExchange } from './check-exchange.ts';
import type { SessionRules } from './check-headers.ts';
import { ADAPTER_CALLS } from './every-call.ts';
import type { Exchange } from './exchange.ts';

const PLAIN: SessionRules = { multiEntity: false, version: '2025-08-12', trackId: true, orgIds: false };
const RESULT = '/results/1.csv?signature=x';
const NAMED = { results: new Set([RESULT]), pages: new Set<string>() };
const SESSION = { authorization: 'Bearer t', 'zuora-version': '2025-08-12', 'zuora-track-id': 'run-1' };
const REPLY_HEADERS = Object.fromEntries([
  ...['id', 'limit', 'remaining', 'reset'].map((name) => [`ratelimit-${name}`, '1']),
  ...['type', 'limit', 'remaining'].map((name) => [`concurrency-limit-${name}`, '1']),
  ['zuora-request-id', 'r'],
  ['zuora-track-id', 'run-1'],
  ['content-type', 'application/json;charset=utf-8'],
]);

const exchange = (changed: Partial<Exchange> = {}): Exchange => ({
  method: 'GET',
  url: '/v1/accounting-codes',
  requestHeaders: SESSION,
  requestBody: '',
  status: 200,
  replyHeaders: REPLY_HEADERS,
  replyBody: Buffer.from('{"accountingCodes":[],"success":true}'),
  ...changed,
});
const JOB = {
  format: 'csv',
  version: '1.1',
  name: 'job',
  encrypted: 'none',
  useQueryLabels: true,
  dateTimeUtc: true,
  queries: [{ name: 'Account', query: 'select Id from Account', type: 'zoqlexport' }],
};
const submission = (changed: object): Partial<Exchange> => ({
  method: 'POST',
  url: '/v1/batch-query/',
  requestHeaders: { ...SESSION, 'content-type': 'application/json' },
  requestBody: JSON.stringify({ ...JOB, ...changed }),
  replyBody: Buffer.from('{"errorCode":"90022","message":"Try again."}'),
});
const withHeader = (name: string, value: string): Partial<Exchange> => ({
  requestHeaders: { ...SESSION, [name]: value },
});
const replying = (body: object, status = 200): Partial<Exchange> => ({
  status,
  replyBody: Buffer.from(JSON.stringify(body)),
});
const RESULT_FILE = { url: RESULT, requestHeaders: {}, replyHeaders: { 'content-type': 'text/csv' } };

describe('an exchange held against the contract', () => {
  test.each([
    ['a list', {}],
    ['a job', submission({})],
    ['a result, without a token', RESULT_FILE],
    ['a refusal at HTTP 200', replying({ success: false, processId: '0'.repeat(16), reasons: [reason()] })],
  ])('has no fault: %s', (_what, changed) => {
    expect(checkExchange(exchange(changed), ADAPTER_CALLS, PLAIN, NAMED).faults).toEqual([]);
  });

  const BATCH = 'POST /v1/batch-query/ request';
  const CODES = 'GET /v1/accounting-codes';
  test.each<[what: string, changed: Partial<Exchange>, fault: string | RegExp]>([
    ['a call that nobody knows', { url: '/v1/nothing' }, 'GET /v1/nothing: is no call of the contract'],
    ['a job without the slash', { ...submission({}), url: '/v1/batch-query' }, /is no call of the contract/],
    ['a key that is not known', submission({ extra: 1 }), `${BATCH} body: Unrecognized key: "extra"`],
    ['a partner alone', submission({ partner: 'p' }), `${BATCH} partner: partner and project come together`],
    ['no token', { requestHeaders: {} }, /header authorization/],
    [
      'an entity where there are none',
      withHeader('zuora-entity-ids', 'x'),
      /header zuora-entity-ids: is 'x'/,
    ],
    [
      'a track id with a colon',
      withHeader('zuora-track-id', 'a:b'),
      /request header zuora-track-id: is 'a:b'/,
    ],
    ['a type without a body', withHeader('content-type', 'text/csv'), /header content-type: is text\/csv/],
    [
      'a header that says nothing',
      withHeader('x-more', '1'),
      `${CODES} request header x-more: is not to be sent`,
    ],
    [
      'a token for a result',
      { ...RESULT_FILE, requestHeaders: SESSION },
      /dataFile} request header authorization/,
    ],
    ['a page that was not named', { url: '/v1/accounting-codes?page=2' }, /query page: is not the next page/],
    ['a parameter that is not known', { url: '/v1/accounting-codes?size=2' }, /query body: Unrecognized key/],
    ['a reply with more than is known', replying({ accountingCodes: [], success: true, a: 1 }), /reply body/],
    ['an error of no family', replying({ error: 'no' }, 400), /reply 400 body: is of none of v1/],
    ['a reply without its request id', { replyHeaders: {} }, /reply header zuora-request-id: is missing/],
  ])('names what is wrong: %s', (_what, changed, fault) => {
    const { faults } = checkExchange(exchange(changed), ADAPTER_CALLS, PLAIN, NAMED);
    expect(faults.length).toBeGreaterThan(0);
    expect(faults).toContainEqual(typeof fault === 'string' ? fault : expect.stringMatching(fault));
  });

  test('needs the entity of a tenant that has some', () => {
    const rules = { ...PLAIN, multiEntity: true };
    const check = (changed: Partial<Exchange>) =>
      checkExchange(exchange(changed), ADAPTER_CALLS, rules, NAMED).faults;
    expect(check({})).toContain(`${CODES} request header zuora-entity-ids: is 'undefined'`);
    expect(check(withHeader('zuora-entity-ids', '5a9db0c5-0000-4000-8000-000000000001'))).toEqual([]);
    expect(check(withHeader('zuora-entity-ids', '5a9db0c5000040008000000000000001'))).toHaveLength(1);
  });
});

function reason() {
  return { code: 50000040, message: 'nothing there' };
}
