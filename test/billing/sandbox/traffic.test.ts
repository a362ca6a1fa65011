import { afterEach, describe, expect, test, vi } from 'vitest';

import { createTraffic } from '../../../src/billing/sandbox/traffic.ts';
import { type Client, sandboxOf } from './sandbox-client.ts';

describe('limits of calls', () => {
  let client: Client | undefined;
  afterEach(async () => {
    await client?.stop();
    client = undefined;
  });
  const ask = (init?: RequestInit) =>
    client?.call('/v1/accounting-periods', init) ?? Promise.reject(new Error());

  test('count calls within the minute, and refuse what is more until the minute is over', async () => {
    let clock = Date.parse('2025-08-01T12:00:00Z');
    client = await sandboxOf('items=5', { limits: { perMinute: 3 }, now: () => clock });
    clock += 60_000; // signing in was a call too
    const remaining: (string | null)[] = [];
    for (let call = 0; call < 3; call += 1) {
      const reply = await ask();
      expect(reply.status).toBe(200);
      remaining.push(reply.headers.get('ratelimit-remaining'));
      clock += 10_000;
    }
    expect(remaining).toEqual(['2', '1', '0']);
    const refused = await ask();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null]);
    expect(refused.headers.get('ratelimit-limit')).toContain('3;w=60');
    expect(refused.headers.get('ratelimit-reset')).toBe('30');
    expect(await refused.json()).toMatchObject({ success: false, reasons: [{ code: 50000070 }] });
    clock += 30_000;
    expect((await ask()).status).toBe(200);
  });

  test('count calls at the same time, and refuse what is more until one is over', async () => {
    client = await sandboxOf('items=5', { limits: { concurrent: 2 } });
    const calls = [new AbortController(), new AbortController()];
    await client.post('/__sandbox/faults', { kind: 'hang', match: '/v1/accounting-periods', times: 2 });
    const hanging = calls.map(({ signal }) => ask({ signal }).catch(() => 'gone'));
    await vi.waitFor(async () => {
      const about = (await (await client?.call('/__sandbox/faults'))?.json()) as { pending: unknown[] };
      expect(about.pending).toEqual([]);
    });
    const refused = await ask();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(refused.headers.get('concurrency-limit-remaining')).toBe('0');
    calls[0]?.abort();
    await vi.waitFor(async () => expect((await ask()).status).toBe(200));
    calls[1]?.abort();
    expect(await Promise.all(hanging)).toEqual(['gone', 'gone']);
  });

  test('are of each entity its own', () => {
    const traffic = createTraffic({ perMinute: 1, concurrent: 9 }, () => 0);
    const refusals = ['a', 'b', 'a', ''].map((entity) => traffic.enter('/v1/x', entity).refusal?.status);
    expect(refusals).toEqual([undefined, undefined, 429, undefined]);
  });

  test('are told of calls at the same time only where Zuora tells them', () => {
    const traffic = createTraffic({ perMinute: 9, concurrent: 9 }, () => 0);
    const types = ['/v1/describe', '/object-query/invoices', '/query/jobs', '/settings/listing'].map(
      (path) => traffic.enter(path, '').headers['Concurrency-Limit-Type'],
    );
    expect(types).toEqual(['Default', 'Object Query', undefined, undefined]);
  });
});
