import fc from 'fast-check';
import { expect, test } from 'vitest';

import { createTenantBudget } from '../../../src/billing/rest/call-budget.ts';
import { fakeClock } from './fake-clock.ts';

const arrivals = fc.array(
  fc.record({
    gap: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3000 })),
    entity: fc.constantFrom(null, 'a', 'b'),
    takes: fc.integer({ min: 0, max: 5000 }),
    refused: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
  }),
  { minLength: 1, maxLength: 80 },
);

test('whatever the arrivals and refusals, neither the rate nor the calls under way exceed the share', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 2, max: 60 }),
      fc.integer({ min: 1, max: 10 }),
      arrivals,
      async (share, limit, atOnce, calls) => {
        const clock = fakeClock();
        const budget = createTenantBudget({ share, clock, random: () => 0.5 });
        const limits = { 'ratelimit-limit': `${limit};w=10`, 'concurrency-limit-limit': String(atOnce) };
        const first = [null, 'a', 'b'].map((entity) => budget.of(entity).enter({ method: 'GET', path: '/' }));
        for (const leave of await Promise.all(first)) {
          leave.learn(limits);
          leave.end();
        }

        const starts: number[] = [];
        const underWay = new Map<string | null, number>();
        let most = 0;
        async function make({ entity, takes, refused }: (typeof calls)[number]): Promise<void> {
          const leave = await budget.of(entity).enter({ method: 'GET', path: '/' });
          starts.push(clock.now());
          underWay.set(entity, (underWay.get(entity) ?? 0) + 1);
          most = Math.max(most, ...underWay.values());
          await clock.sleep(takes);
          leave.learn(limits);
          if (refused) leave.wasRefused(500);
          else leave.wentWell();
          underWay.set(entity, (underWay.get(entity) ?? 0) - 1);
          leave.end();
        }
        const outcomes: Promise<unknown>[] = [];
        for (const arrival of calls) {
          await clock.advance(arrival.gap);
          outcomes.push(make(arrival).catch((error: unknown) => error));
        }
        await clock.advance(400_000);
        const errors = (await Promise.all(outcomes)).filter((outcome) => outcome !== undefined);

        const allowed = Math.max(1, Math.floor((limit * share) / 100));
        for (const start of starts) {
          const inWindow = starts.filter((other) => other >= start && other < start + 10_000);
          expect(inWindow.length).toBeLessThanOrEqual(allowed);
        }
        expect(most).toBeLessThanOrEqual(Math.max(1, Math.floor((atOnce * share) / 100)));
        // Every call is either made or sent away with a time to come back.
        expect(starts.length + errors.length).toBe(calls.length);
        for (const error of errors) expect(error).toMatchObject({ code: 'BILLING_RATE_LIMITED' });
        expect(clock.sleepers()).toBe(0);
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);
