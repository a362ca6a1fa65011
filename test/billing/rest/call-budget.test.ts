import { describe, expect, test } from 'vitest';

import { createTenantBudget, type CallBudget, type Leave } from '../../../src/billing/rest/call-budget.ts';
import { fakeClock } from './fake-clock.ts';

const call = { method: 'GET', path: '/v1/entities' } as const;
const objectQuery = { method: 'GET', path: '/object-query/invoices?pageSize=50' } as const;

function tenant(share: number) {
  const clock = fakeClock();
  const budget = createTenantBudget({ share, clock, random: () => 0 });
  /** So many calls at once; the leaves of those that are let in. */
  async function enter(one: CallBudget, calls: number, as: typeof call | typeof objectQuery = call) {
    const leaves: Leave[] = [];
    const refused: unknown[] = [];
    for (let made = 0; made < calls; made += 1) {
      one.enter(as).then(
        (leave) => leaves.push(leave),
        (error: unknown) => refused.push(error),
      );
    }
    await clock.advance(0);
    return { leaves, refused };
  }
  return { clock, budget, enter };
}

describe('the calls under way', () => {
  test.each([
    [50, 20],
    [100, 40],
    [1, 1],
  ])('at %i percent are %i of the forty that an entity may have', async (share, places) => {
    const { budget, enter } = tenant(share);
    expect((await enter(budget.of(null), 60)).leaves).toHaveLength(places);
  });

  test('are counted for each entity, however its id is written', async () => {
    const { budget, enter } = tenant(50);
    const [id, hyphenated] = ['2c92a0f94c510a1b014c5b4d0d1a2b3c', '2C92A0F9-4c51-0a1b-014c-5b4d0d1a2b3c'];
    expect((await enter(budget.of(id), 60)).leaves).toHaveLength(20);
    expect((await enter(budget.of(hyphenated), 1)).leaves).toHaveLength(0);
    expect((await enter(budget.of('f'.repeat(32)), 60)).leaves).toHaveLength(20);
  });

  test('are as many as the newest reply says, object queries apart', async () => {
    const { clock, budget, enter } = tenant(50);
    const { leaves } = await enter(budget.of(null), 30);
    leaves[0]?.learn({ 'concurrency-limit-limit': '50' });
    await clock.advance(0);
    expect(leaves).toHaveLength(25);

    const queries = await enter(budget.of(null), 60, objectQuery);
    queries.leaves[0]?.learn({ 'concurrency-limit-limit': '80' });
    await clock.advance(0);
    expect(queries.leaves).toHaveLength(40);
    expect(leaves).toHaveLength(25);
  });

  test('end once, even when told twice', async () => {
    const { clock, budget, enter } = tenant(1);
    const { leaves } = await enter(budget.of(null), 3);
    leaves[0]?.end();
    leaves[0]?.end();
    await clock.advance(0);
    expect(leaves).toHaveLength(2);
  });
});

describe('the rate', () => {
  test('is the tenant’s: entities share it', async () => {
    const { budget, enter } = tenant(50);
    const first = await enter(budget.of('a'), 1);
    first.leaves[0]?.learn({ 'ratelimit-limit': '20;w=60' });
    const more = await Promise.all(['a', 'b', 'c'].map((id) => enter(budget.of(id), 10)));
    expect(more.flatMap(({ leaves }) => leaves)).toHaveLength(4);
  });

  test('that makes a call wait for too long sends it away and frees its place', async () => {
    const { clock, budget, enter } = tenant(10);
    const first = await enter(budget.of(null), 1);
    first.leaves[0]?.learn({ 'ratelimit-limit': '10;w=3600' });
    const { refused } = await enter(budget.of(null), 1);
    expect(refused).toEqual([
      expect.objectContaining({
        code: 'BILLING_RATE_LIMITED',
        fate: 'retry',
        retryAfter: 3_600_001,
        remedy: expect.stringContaining('REVSYNC_API_SHARE'),
      }),
    ]);
    await clock.advance(3_600_001);
    expect((await enter(budget.of(null), 3)).leaves).toHaveLength(1);
  });

  test('lets a waiting call go when its signal aborts', async () => {
    const { clock, budget, enter } = tenant(100);
    const { leaves } = await enter(budget.of(null), 1);
    leaves[0]?.learn({ 'ratelimit-limit': '2;w=20' });
    const stop = new AbortController();
    const waiting = budget.of(null).enter({ ...call, signal: stop.signal });
    const outcome = expect(waiting).rejects.toBe('no more');
    await clock.advance(1_000);
    stop.abort('no more');
    await outcome;
    expect(clock.sleepers()).toBe(0);
  });

  test('of sign-ins is their own: a hundred a minute, whatever replies say', async () => {
    const { budget, enter } = tenant(50);
    const { leaves } = await enter(budget.signIn, 60);
    expect(leaves).toHaveLength(25);
    leaves[0]?.learn({ 'ratelimit-limit': '2000;w=60' });
    expect((await enter(budget.signIn, 1)).leaves).toHaveLength(0);
    expect((await enter(budget.of(null), 1)).leaves).toHaveLength(1);
  });
});

describe('a refusal of too many calls', () => {
  test('pauses every call of the entity, object queries too, and no other entity', async () => {
    const { clock, budget, enter } = tenant(50);
    const { leaves } = await enter(budget.of('a'), 1);
    leaves[0]?.wasRefused(20_000);
    leaves[0]?.end();
    const [calls, queries, others] = [
      await enter(budget.of('a'), 3),
      await enter(budget.of('a'), 3, objectQuery),
      await enter(budget.of('b'), 3),
    ];
    expect([calls, queries, others].map((entered) => entered.leaves.length)).toEqual([0, 0, 3]);
    await clock.advance(20_000);
    expect(calls.leaves).toHaveLength(1);
  });

  test('with a long pause sends away at once whoever waits, object queries too', async () => {
    const { clock, budget, enter } = tenant(1);
    const [calls, queries] = [await enter(budget.of(null), 2), await enter(budget.of(null), 2, objectQuery)];
    calls.leaves[0]?.wasRefused(120_000);
    await clock.advance(0);
    const sentAway = expect.objectContaining({ code: 'BILLING_RATE_LIMITED', retryAfter: 120_000 });
    expect([calls.refused, queries.refused]).toEqual([[sentAway], [sentAway]]);
  });

  test('is over for object queries too as calls go well again', async () => {
    const { clock, budget, enter } = tenant(100);
    const { leaves } = await enter(budget.of(null), 1);
    leaves[0]?.wasRefused(1_000);
    leaves[0]?.end();
    await clock.advance(1_000);
    const [calls, queries] = [await enter(budget.of(null), 1), await enter(budget.of(null), 3, objectQuery)];
    expect(queries.leaves).toHaveLength(1);
    calls.leaves[0]?.wentWell();
    await clock.advance(0);
    expect(queries.leaves).toHaveLength(2);
  });

  test('also stops a call that waits for the rate at that moment', async () => {
    const { clock, budget, enter } = tenant(100);
    const first = await enter(budget.of(null), 2);
    first.leaves[0]?.learn({ 'ratelimit-limit': '4;w=20' });
    const waiting = await enter(budget.of(null), 1);
    await clock.advance(1_000);
    first.leaves[0]?.wasRefused(25_000);
    for (const leave of first.leaves) leave.end();
    await clock.advance(24_999);
    expect(waiting.leaves).toHaveLength(0);
    await clock.advance(1);
    expect(waiting.leaves).toHaveLength(1);
  });
});
