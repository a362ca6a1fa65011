import { describe, expect, test } from 'vitest';

import { kept, within } from '../../src/telemetry/kept.ts';

describe('kept', () => {
  test('looks once for all who ask, until the answer is too old', async () => {
    let now = 0;
    let looks = 0;
    const ask = kept(1000, async () => (looks += 1), { now: () => now });
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
    now = 999;
    expect(await ask()).toBe(1);
    now = 1000;
    expect(await ask()).toBe(2);
  });

  test('does not look again while a look takes longer than answers are kept', async () => {
    let now = 0;
    let looks = 0;
    let answer = (): void => undefined;
    const slow = new Promise<void>((resolve) => (answer = resolve));
    const ask = kept(
      1000,
      async () => {
        looks += 1;
        await slow;
      },
      { now: () => now },
    );
    const first = ask();
    now = 29_000;
    const second = ask();
    answer();
    await Promise.all([first, second]);
    expect(looks).toBe(1);
  });

  test('looks again when a look never ends', async () => {
    let now = 0;
    let looks = 0;
    const ask = kept(
      1000,
      async () => {
        looks += 1;
        if (looks === 1) await new Promise(() => undefined);
        return looks;
      },
      { now: () => now },
    );
    void ask();
    now = 30_000;
    expect(await ask()).toBe(2);
  });

  test('gives the last answer while a newer one is looked for, where that is wanted, and not for ever', async () => {
    let now = 0;
    const answers: ((answer: string) => void)[] = [];
    const ask = kept(1000, () => new Promise<string>((resolve) => answers.push(resolve)), {
      meanwhile: 5000,
      now: () => now,
    });
    const first = ask();
    answers[0]?.('first');
    expect(await first).toBe('first');
    now = 1000;
    expect(await ask()).toBe('first');
    expect(await ask()).toBe('first');
    expect(answers).toHaveLength(2);
    now = 5000;
    const second = ask();
    answers[1]?.('second');
    expect(await second).toBe('second');
    expect(answers).toHaveLength(2);
  });

  test('keeps an answer from when it came, however long the look took', async () => {
    let now = 0;
    let looks = 0;
    const ask = kept(
      1000,
      async () => {
        looks += 1;
        now += 5000;
        return looks;
      },
      { now: () => now },
    );
    await ask();
    expect(await ask()).toBe(1);
  });

  test('does not keep a failure', async () => {
    let looks = 0;
    const ask = kept(
      1000,
      async () => {
        looks += 1;
        if (looks === 1) throw new Error('down');
        return 'up';
      },
      { now: () => 0 },
    );
    await expect(ask()).rejects.toThrow('down');
    expect(await ask()).toBe('up');
  });
});

describe('within', () => {
  test('gives the answer, or gives up', async () => {
    expect(await within(1000, Promise.resolve('yes'))).toBe('yes');
    await expect(within(1, new Promise(() => undefined))).rejects.toThrow('no answer within 1 ms');
  });
});
