import { describe, expect, test } from 'vitest';

import { createCallGate } from '../../../src/billing/rest/call-gate.ts';
import { createCallPause } from '../../../src/billing/rest/call-pause.ts';
import { fakeClock } from './fake-clock.ts';

function gateWith(limit: number) {
  const clock = fakeClock();
  const pause = createCallPause(clock, () => 0);
  const places = { limit };
  const gate = createCallGate(() => places.limit, pause, clock);
  const log: string[] = [];
  const enter = (name: string, signal?: AbortSignal) =>
    gate.enter({ method: 'GET', path: `/${name}`, signal }).then(
      () => void log.push(name),
      (error: unknown) => void log.push(`${name}: ${codeOf(error)}`),
    );
  return { clock, pause, places, gate, enter, log };
}
function codeOf(error: unknown): string {
  const { code, retryAfter } = error as { code?: string; retryAfter?: number };
  return code === undefined ? String(error) : `${code} ${retryAfter}`;
}

describe('the gate', () => {
  test('lets so many in at once, the others in their order', async () => {
    const { clock, gate, enter, log } = gateWith(2);
    for (const name of ['a', 'b', 'c', 'd']) void enter(name);
    await clock.advance(0);
    expect(log).toEqual(['a', 'b']);
    gate.leave();
    await clock.advance(0);
    expect(log).toEqual(['a', 'b', 'c']);
    gate.leave();
    gate.leave();
    await clock.advance(0);
    void enter('e');
    void enter('f');
    await clock.advance(0);
    expect(log).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('opens wider as soon as it is told so', async () => {
    const { clock, places, gate, enter, log } = gateWith(1);
    for (const name of ['a', 'b', 'c']) void enter(name);
    places.limit = 3;
    gate.changed();
    await clock.advance(0);
    expect(log).toEqual(['a', 'b', 'c']);
  });

  test('forgets who gives up, with the reason, and leaves nothing behind', async () => {
    const { clock, gate, enter, log } = gateWith(1);
    const stop = new AbortController();
    void enter('a');
    void enter('b', stop.signal);
    void enter('c');
    await clock.advance(0);
    stop.abort('no more');
    await clock.advance(0);
    expect(log).toEqual(['a', 'b: no more']);
    gate.leave();
    await clock.advance(0);
    expect(log).toEqual(['a', 'b: no more', 'c']);
    expect(clock.sleepers()).toBe(0);
  });

  test('does not let in who has given up before', async () => {
    const { enter, log } = gateWith(1);
    await enter('a', AbortSignal.abort('gone'));
    expect(log).toEqual(['a: gone']);
  });

  test('sends away after half a minute, so that nobody waits for a call that hangs', async () => {
    const { clock, enter, log } = gateWith(1);
    void enter('a');
    void enter('b');
    await clock.advance(29_999);
    expect(log).toEqual(['a']);
    await clock.advance(1);
    expect(log).toEqual(['a', 'b: BILLING_RATE_LIMITED 5000']);
  });
});

describe('a pause', () => {
  test('keeps everybody out until it is over; then one goes ahead, and others as it goes well', async () => {
    const { clock, pause, gate, enter, log } = gateWith(4);
    pause.wasRefused(pause.round(), 10_000);
    for (const name of ['a', 'b', 'c', 'd']) void enter(name);
    await clock.advance(9_999);
    expect(log).toEqual([]);
    await clock.advance(1);
    expect(log).toEqual(['a']);
    pause.wentWell(pause.round());
    gate.leave();
    await clock.advance(0);
    expect(log).toEqual(['a', 'b', 'c']);
    expect(clock.sleepers()).toBe(1);
  });

  test('that grows while they wait keeps them longer', async () => {
    const { clock, pause, gate, enter, log } = gateWith(4);
    pause.wasRefused(pause.round(), 10_000);
    void enter('a');
    await clock.advance(5_000);
    pause.wasRefused(pause.round(), 15_000);
    gate.changed();
    await clock.advance(14_999);
    expect(log).toEqual([]);
    await clock.advance(1);
    expect(log).toEqual(['a']);
  });

  test('that is too long to wait for sends all away, saying when to come back', async () => {
    const { clock, pause, gate, enter, log } = gateWith(1);
    void enter('a');
    void enter('b');
    await clock.advance(0);
    pause.wasRefused(pause.round(), 120_000);
    gate.changed();
    await clock.advance(1_000);
    void enter('c');
    await clock.advance(0);
    expect(log).toEqual(['a', 'b: BILLING_RATE_LIMITED 120000', 'c: BILLING_RATE_LIMITED 119000']);
  });

  test('that nobody waits for any more leaves no timer', async () => {
    const { clock, pause, enter, log } = gateWith(1);
    pause.wasRefused(pause.round(), 10_000);
    const stop = new AbortController();
    void enter('a', stop.signal);
    await clock.advance(0);
    stop.abort('no more');
    await clock.advance(0);
    expect(log).toEqual(['a: no more']);
    expect(clock.sleepers()).toBe(0);
  });
});
