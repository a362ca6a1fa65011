import { describe, expect, test } from 'vitest';

import { createWire, DEFAULT_TIMEOUTS } from '../../../src/billing/rest/wire.ts';
import { fakeClock } from './fake-clock.ts';
import { failure, reply, stubBilling, tokens, type Answer } from './stub-server.ts';

const FIRST = 'Wed, 01 Jan 2025 00:00:00 GMT';
const SECOND = 'Wed, 01 Jan 2025 01:00:00 GMT';
const call = (path: string) => ({ method: 'GET', path }) as const;

async function wireTo(answers: Parameters<typeof stubBilling>[0]) {
  const clock = fakeClock();
  const { baseUrl } = await stubBilling(answers);
  const wire = createWire(baseUrl, DEFAULT_TIMEOUTS, clock);
  const get = async (path: string) => {
    const { body } = await wire.send(call(path));
    await body.dump();
  };
  return { clock, wire, get, baseUrl };
}

describe('the time at Billing', () => {
  test('is the date of the newest reply, and goes on by our clock', async () => {
    const { clock, wire, get } = await wireTo({
      'GET /a': reply(200, {}, { date: FIRST }),
      'GET /b': reply(503, {}, { date: SECOND }),
    });
    expect(wire.serverTime()).toBeNull();
    await get('/a');
    expect(wire.serverTime()).toBe(Date.parse(FIRST));
    await clock.advance(1500.5);
    expect(wire.serverTime()).toBe(Date.parse(FIRST) + 1500);
    await get('/b');
    expect(wire.serverTime()).toBe(Date.parse(SECOND));
    await wire.close();
  });

  test('is not changed by a date that is none, nor by a file on another host', async () => {
    const { wire, get, baseUrl } = await wireTo({
      'GET /a': reply(200, {}, { date: FIRST }),
      'GET /b': reply(200, {}, { date: 'yesterday' }),
      'GET /file': reply(200, 'Id', { date: SECOND }),
    });
    await get('/a');
    await get('/b');
    await (await wire.download(`${baseUrl}/file`, call('/file'))).body.dump();
    expect(wire.serverTime()).toBe(Date.parse(FIRST));
    await wire.close();
  });

  test('is asked for by a sign-in where nothing has been heard yet', async () => {
    const dated: Answer = (request, response) => {
      response.setHeader('date', FIRST);
      tokens()(request, response);
    };
    const { billing, to } = await stubBilling({ 'POST /oauth/token': dated }, { clock: fakeClock() });
    expect(await billing.serverTime()).toBe(Date.parse(FIRST));
    expect(await billing.serverTime()).toBe(Date.parse(FIRST));
    expect(to('/oauth/token')).toHaveLength(1);
  });
});

describe('a download', () => {
  const JOB = call('/query/jobs/J1 dataFile');

  test('of a tenant over TLS never goes without', async () => {
    const { baseUrl, seen } = await stubBilling({ 'GET /file': reply(200, 'x') });
    const wire = createWire('https://rest.example', DEFAULT_TIMEOUTS, fakeClock());
    const error = await failure(wire.download(`${baseUrl}/file?5ecre7`, JOB));
    expect(error).toMatchObject({ code: 'BILLING_REPLY_UNEXPECTED', context: JOB });
    expect(JSON.stringify(error) + error.message).not.toContain('5ecre7');
    expect(seen).toEqual([]);
    await wire.close();
  });

  test('of a tenant without TLS goes to any host', async () => {
    const { baseUrl, seen } = await stubBilling({ 'GET /file': reply(200, 'x') });
    const wire = createWire('http://rest.example', DEFAULT_TIMEOUTS, fakeClock());
    const { status, body } = await wire.download(`${baseUrl}/file?a=1`, JOB);
    expect([status, await body.text()]).toEqual([200, 'x']);
    expect(seen.map(({ path }) => path)).toEqual(['/file?a=1']);
    await wire.close();
  });
});
