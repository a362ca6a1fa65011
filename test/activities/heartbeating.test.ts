import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { heartbeatInterceptor, whileHeartbeating } from '../../activities/heartbeating.ts';

describe('whileHeartbeating', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
  afterEach(() => void vi.useRealTimers());

  const begin = () => {
    const environment = new MockActivityEnvironment(
      {},
      { logger: new DefaultLogger('ERROR', () => undefined) },
    );
    const beats: unknown[] = [];
    environment.on('heartbeat', (details: unknown) => beats.push(details));
    return { environment, beats };
  };

  test('beats every five seconds while the work goes on, with the newest details', async () => {
    const { environment, beats } = begin();
    const result = await environment.run(() =>
      whileHeartbeating(async (beat) => {
        beat({ bytes: 1 });
        await vi.advanceTimersByTimeAsync(5_000);
        beat({ bytes: 2 });
        beat({ bytes: 3 });
        await vi.advanceTimersByTimeAsync(10_000);
        return 'done';
      }),
    );
    expect(result).toBe('done');
    expect(beats).toEqual([{ bytes: 1 }, { bytes: 3 }, { bytes: 3 }]);
  });

  test.each([
    ['is done', async () => 'done'],
    [
      'has failed',
      async () => {
        throw new Error('no');
      },
    ],
  ])('is silent once the work %s', async (_what, work) => {
    const { environment, beats } = begin();
    await environment.run(() => whileHeartbeating(work)).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(beats).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('does not begin what is cancelled already', async () => {
    const { environment } = begin();
    environment.cancel();
    const work = vi.fn(async () => 'done');
    await expect(environment.run(() => whileHeartbeating(work))).rejects.toThrow(CancelledFailure);
    expect(work).not.toHaveBeenCalled();
  });
});

describe('heartbeatInterceptor', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
  afterEach(() => void vi.useRealTimers());

  const run = async (work: () => Promise<unknown>) => {
    const environment = new MockActivityEnvironment(
      {},
      {
        interceptors: [() => ({ inbound: heartbeatInterceptor })],
        logger: new DefaultLogger('ERROR', () => undefined),
      },
    );
    const beats: unknown[] = [];
    environment.on('heartbeat', (details: unknown) => beats.push(details));
    await environment.run(work).catch(() => undefined);
    return beats;
  };

  test('beats for an activity that tells nothing, until it ends', async () => {
    const beats = await run(() => vi.advanceTimersByTimeAsync(11_000));
    expect(beats).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(beats).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('leaves the progress to an activity that tells it', async () => {
    const beats = await run(() =>
      whileHeartbeating(async (beat) => {
        beat({ bytes: 1 });
        await vi.advanceTimersByTimeAsync(11_000);
      }),
    );
    expect(beats).toEqual([{ bytes: 1 }, { bytes: 1 }]);
  });

  test('is silent once an activity has failed', async () => {
    const beats = await run(() => Promise.reject(new Error('no')));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(beats).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
