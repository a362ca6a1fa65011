import { describe, expect, test } from 'vitest';

import { createCallPause } from '../../../src/billing/rest/call-pause.ts';
import { fakeClock } from './fake-clock.ts';

describe('the pause after a refusal', () => {
  test('is as long as Billing says, and a little longer by chance', () => {
    const [least, most] = [0, 1].map((chance) => {
      const pause = createCallPause(fakeClock(), () => chance);
      pause.wasRefused(pause.round(), 120_000);
      return pause.left();
    });
    expect([least, most]).toEqual([120_000, 125_000]);
  });

  test('doubles from a second to a minute where Billing does not say, until a call goes well', async () => {
    const clock = fakeClock();
    const pause = createCallPause(clock, () => 0);
    const refuse = async () => {
      pause.wasRefused(pause.round(), undefined);
      const left = pause.left();
      await clock.advance(left);
      return left;
    };
    const pauses = [];
    for (let time = 0; time < 8; time += 1) pauses.push(await refuse());
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    pause.wentWell(pause.round());
    expect(await refuse()).toBe(1000);
  });

  test('is one pause for all that were under way, and the longest they were told', () => {
    const pause = createCallPause(fakeClock(), () => 0);
    const round = pause.round();
    for (const wait of [undefined, 3000, undefined, 2000]) pause.wasRefused(round, wait);
    expect(pause.left()).toBe(3000);
    pause.wasRefused(round, undefined);
    expect(pause.left()).toBe(3000);
  });

  test('opens for one call, then for twice as many with each that goes well', () => {
    const pause = createCallPause(fakeClock(), () => 0);
    const before = pause.round();
    expect(pause.width()).toBe(Infinity);
    pause.wasRefused(before, 1000);
    expect(pause.width()).toBe(1);
    pause.wentWell(before);
    expect(pause.width()).toBe(1);
    pause.wentWell(pause.round());
    pause.wentWell(pause.round());
    expect(pause.width()).toBe(4);
  });
});
