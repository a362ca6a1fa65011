import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import pino from 'pino';
import { describe, expect, test } from 'vitest';

import { failureInterceptor } from '../../activities/failure.ts';
import { observedInterceptors } from '../../activities/interceptors.ts';
import { type Observer, reportingInterceptor } from '../../activities/reporting.ts';

type Attempt = Parameters<Observer['observe']>[0];

/** Runs one attempt of an activity under the interceptor; what it said and measured. */
async function attempt(work: () => Promise<unknown>, environment = mock()) {
  const lines: Record<string, unknown>[] = [];
  const attempts: Attempt[] = [];
  const log = pino({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line)) });
  const interceptor = reportingInterceptor({ log, observe: (each) => attempts.push(each) });
  const result = await environment
    .run(async () => interceptor.execute?.({ args: [], headers: {} }, work))
    .catch((error: unknown) => error);
  return { result, lines, attempts };
}

const mock = () =>
  new MockActivityEnvironment(
    {
      activityType: 'transform',
      attempt: 3,
      taskQueue: 'revsync-warehouse',
      workflowType: 'revenueSync',
      workflowExecution: { workflowId: 'revenue-sync/demo', runId: 'run-1' },
    },
    { logger: new DefaultLogger('ERROR', () => undefined) },
  );

describe('reportingInterceptor', () => {
  test('says at the end whose attempt it was, how it ended and how long it took', async () => {
    const { result, lines, attempts } = await attempt(async () => 'answer');
    expect(result).toBe('answer');
    expect(lines).toMatchObject([
      {
        level: 30,
        workflowId: 'revenue-sync/demo',
        runId: 'run-1',
        workflowType: 'revenueSync',
        activity: 'transform',
        attempt: 3,
        taskQueue: 'revsync-warehouse',
        outcome: 'completed',
        ms: expect.any(Number),
      },
    ]);
    expect(attempts).toEqual([{ activity: 'transform', outcome: 'completed', seconds: expect.any(Number) }]);
  });

  test('warns of a failure with its type and our words', async () => {
    const failure = ApplicationFailure.create({ type: 'BALANCE_UNEQUAL', message: 'It is not equal.' });
    const { result, lines, attempts } = await attempt(async () => Promise.reject(failure));
    expect(result).toBe(failure);
    expect(lines).toMatchObject([
      { level: 40, outcome: 'failed', type: 'BALANCE_UNEQUAL', reason: 'It is not equal.' },
    ]);
    expect(attempts).toMatchObject([{ outcome: 'failed' }]);
  });

  test('does not warn of a wait, which is retried later and nothing wrong', async () => {
    const category = ApplicationFailureCategory.BENIGN;
    const waits = ApplicationFailure.create({ type: 'EXPORT_RUNNING', message: 'Not yet.', category });
    const { lines, attempts } = await attempt(async () => Promise.reject(waits));
    expect(lines).toMatchObject([{ level: 30, outcome: 'waits', type: 'EXPORT_RUNNING' }]);
    expect(attempts).toMatchObject([{ outcome: 'waits' }]);
  });

  test('names an error that is not ours, and quotes nothing of the rows that it may hold', async () => {
    const unknown = Object.assign(new Error('invalid input: "Ann Example"'), {
      code: '22P02',
      detail: 'Ann Example',
    });
    const { lines } = await attempt(async () => Promise.reject(unknown));
    expect(lines).toMatchObject([{ level: 40, type: 'Error 22P02' }]);
    expect(JSON.stringify(lines)).not.toContain('Ann');
  });

  test('tells what was cancelled from what failed', async () => {
    const environment = mock();
    environment.cancel();
    const cancelled = await attempt(async () => Promise.reject(new CancelledFailure('no more')), environment);
    expect(cancelled.lines).toMatchObject([{ level: 30, outcome: 'cancelled' }]);
    const aborted = Object.assign(new Error('aborted'), { name: 'AbortError' });
    expect((await attempt(async () => Promise.reject(aborted))).attempts).toMatchObject([
      { outcome: 'failed' },
    ]);
  });

  test('is outermost, so that it sees failures as Temporal does', () => {
    const [first, second] = observedInterceptors({
      log: pino({ level: 'silent' }),
      observe: () => undefined,
    });
    const context = {} as Parameters<NonNullable<typeof first>>[0];
    expect(second?.(context).inbound).toBe(failureInterceptor);
    expect(first?.(context).inbound).not.toBe(failureInterceptor);
  });
});
