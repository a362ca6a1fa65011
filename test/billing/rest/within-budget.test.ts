import type { ServerResponse } from 'node:http';

import { describe, expect, test, vi } from 'vitest';

import { fakeClock } from './fake-clock.ts';
import { failure, reply, stubBilling, type Answer } from './stub-server.ts';

const ONE_AT_ONCE = { 'concurrency-limit-limit': '2' };
const ENTITY = '0'.repeat(32);

/** A server that answers `/settings/<key>` when it is told to. */
async function heldBilling(share = 50) {
  const clock = fakeClock();
  const held: ServerResponse[] = [];
  const hold: Answer = (_call, response) => void held.push(response);
  const { billing, to } = await stubBilling(
    {
      'GET /settings/limits': reply(200, {}, ONE_AT_ONCE),
      'GET /settings/held': hold,
      'GET /v1/file/held': hold,
    },
    { clock, apiShare: share },
  );
  await billing.setting('limits');
  const arrived = (count: number) => vi.waitFor(() => expect(held).toHaveLength(count), { interval: 5 });
  return { billing, clock, held, to, arrived };
}

describe('calls', () => {
  test('are no more at once than the share of what Billing allows', async () => {
    const { billing, held, arrived } = await heldBilling();
    const calls = [billing.setting('held'), billing.withTrackId('other').setting('held')];
    await arrived(1);
    await billing.forEntity(ENTITY).setting('limits');
    await billing.forEntity(ENTITY).setting('limits');
    expect(held).toHaveLength(1);
    held[0]?.writeHead(200).end('{}');
    await arrived(2);
    held[1]?.writeHead(200).end('{}');
    expect(await Promise.all(calls)).toEqual([{}, {}]);
  });

  test('of another entity have places of their own', async () => {
    const { billing, held, arrived } = await heldBilling();
    const calls = [billing.setting('held'), billing.forEntity(ENTITY).setting('held')];
    await arrived(2);
    for (const response of held) response.writeHead(200).end('{}');
    await Promise.all(calls);
  });

  test('that break give their place back', async () => {
    const { billing, held, arrived } = await heldBilling();
    const broken = failure(billing.setting('held'));
    const next = billing.setting('held');
    await arrived(1);
    held[0]?.destroy();
    expect((await broken).code).toBe('BILLING_UNREACHABLE');
    await arrived(2);
    held[1]?.writeHead(200).end('{}');
    await next;
  });

  test('for a file keep their place until the file has ended, as Zuora counts them', async () => {
    const { billing, held, arrived } = await heldBilling();
    const opening = billing.openFile('held');
    await arrived(1);
    held[0]?.writeHead(200, { 'content-type': 'text/csv' }).write('Id\n1\n');
    const file = await opening;
    const next = billing.setting('held');
    file.resume();
    await new Promise((resolve) => file.once('data', resolve));
    await billing.forEntity(ENTITY).setting('limits');
    await billing.forEntity(ENTITY).setting('limits');
    expect(held).toHaveLength(1);
    held[0]?.end('2\n');
    await arrived(2);
    held[1]?.writeHead(200).end('{}');
    await next;
  });

  test('for a file that is given up give their place back', async () => {
    const { billing, held, arrived } = await heldBilling();
    const opening = billing.openFile('held');
    await arrived(1);
    held[0]?.writeHead(200, { 'content-type': 'text/csv' }).write('Id\n1\n');
    (await opening).destroy();
    const next = billing.setting('held');
    await arrived(2);
    held[1]?.writeHead(200).end('{}');
    await next;
  });

  test('that wait for a place end with the reason of their signal', async () => {
    const { billing, held, to, arrived } = await heldBilling();
    const first = billing.setting('held');
    await arrived(1);
    const stop = new AbortController();
    const opening = billing.openFile('held', stop.signal);
    const outcome = expect(opening).rejects.toBe('cancelled');
    stop.abort('cancelled');
    await outcome;
    expect(to('/v1/file/held')).toEqual([]);
    held[0]?.writeHead(200).end('{}');
    await first;
  });

  test('that find no place for half a minute are not made, and say when to come back', async () => {
    const { billing, clock, held, arrived } = await heldBilling();
    const first = billing.setting('held');
    await arrived(1);
    const second = failure(billing.setting('held'));
    await clock.advance(0);
    await vi.waitFor(async () => {
      await clock.advance(10_000);
      expect(clock.sleepers()).toBe(0);
    });
    expect(await second).toMatchObject({
      code: 'BILLING_RATE_LIMITED',
      fate: 'retry',
      retryAfter: 5_000,
      context: { method: 'GET', path: '/settings/held' },
    });
    held[0]?.writeHead(200).end('{}');
    await first;
  });
});

describe('too many calls', () => {
  const LIMITED = { success: false, reasons: [{ code: 50000070, message: 'slow down' }] };

  test.each([
    ['429 with Retry-After', 429, {}, { 'retry-after': '120' }],
    ['429 with the time of the reset', 429, {}, { 'ratelimit-reset': '120' }],
    ['category 70 at 200', 200, LIMITED, { 'retry-after': '120' }],
  ])('by %s keep every other call of the entity away', async (_name, status, body, headers) => {
    const clock = fakeClock();
    const { billing, seen, to } = await stubBilling(
      { 'GET /settings/x': reply(status, body, headers), 'GET /settings/y': reply(200, {}) },
      { clock },
    );
    expect((await failure(billing.setting('x'))).retryAfter).toBe(120_000);
    const before = seen.length;
    const error = await failure(billing.setting('y'));
    expect(error.code).toBe('BILLING_RATE_LIMITED');
    expect(error.retryAfter).toBeGreaterThanOrEqual(120_000);
    expect(seen).toHaveLength(before);
    expect(await billing.forEntity(ENTITY).setting('y')).toEqual({});
    await clock.advance(125_000);
    expect(await billing.setting('y')).toEqual({});
    expect(to('/settings/y')).toHaveLength(2);
  });

  test('by the quota of the whole tenant keep all entities away until the reset', async () => {
    const clock = fakeClock();
    const used = { 'ratelimit-limit': '100, 100;w=60', 'ratelimit-remaining': '0', 'ratelimit-reset': '50' };
    const { billing } = await stubBilling(
      { 'GET /settings/x': reply(200, {}, used), 'GET /settings/y': reply(200, {}) },
      { clock },
    );
    await billing.setting('x');
    const error = await failure(billing.forEntity(ENTITY).setting('y'));
    expect(error).toMatchObject({ code: 'BILLING_RATE_LIMITED', retryAfter: 50_000 });
    await clock.advance(50_000);
    expect(await billing.forEntity(ENTITY).setting('y')).toEqual({});
  });
});
