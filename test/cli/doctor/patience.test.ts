import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { createPatience } from '../../../src/cli/doctor/patience.ts';

describe('patience', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const never = new Promise<never>(() => {});

  test('gives what comes in time, errors too', async () => {
    const { within } = createPatience({ each: 1000, all: 5000 });
    await expect(within(Promise.resolve('answer'))).resolves.toBe('answer');
    await expect(within(Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('waits for one answer no longer than it may', async () => {
    const { within } = createPatience({ each: 2000, all: 5000 });
    const late = expect(within(never)).rejects.toMatchObject({
      code: 'DOCTOR_WAITED',
      message: 'No answer within 2 s',
    });
    await vi.advanceTimersByTimeAsync(2000);
    await late;
  });

  test('waits for all of them no longer than it may', async () => {
    const { within, left } = createPatience({ each: 2000, all: 3000 });
    const first = expect(within(never)).rejects.toMatchObject({ code: 'DOCTOR_WAITED' });
    await vi.advanceTimersByTimeAsync(2000);
    await first;
    expect(left()).toBe(1000);
    await vi.advanceTimersByTimeAsync(1500);
    expect(left()).toBe(1);
  });
});
