import type { ApplicationFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';

import { toFailure } from '../../activities/failure.ts';
import { type ErrorDetails, RevsyncError } from '../../src/domain/errors.ts';
import { failureOf, inActivity } from '../support/activities.ts';

const failed = (details: Partial<ErrorDetails>): ApplicationFailure =>
  toFailure(
    new RevsyncError('It did not work.', { code: 'CODE', fate: 'retry', remedy: 'Do this.', ...details }),
  ) as ApplicationFailure;

describe('toFailure', () => {
  test.each([
    ['retry', false],
    ['fix-input', true],
    ['bug', true],
  ] as const)('an error of fate %s: nonRetryable is %s', (fate, nonRetryable) => {
    expect(failed({ fate })).toMatchObject({ type: 'CODE', message: 'It did not work.', nonRetryable });
  });

  test('shows the remedy and the identifiers to whoever reads the failure', () => {
    expect(failed({ context: { run: '7', object: 'Invoice' } }).details).toEqual([
      { remedy: 'Do this.', run: '7', object: 'Invoice' },
    ]);
  });

  test('takes a wait for no alarm, and waits as long as the other side said', () => {
    expect(failed({ retryAfter: 5_000 })).toMatchObject({ nextRetryDelay: 5_000, category: 'BENIGN' });
  });

  test('raises the alarm over everything else', () => {
    const { nextRetryDelay, category } = failed({});
    expect(nextRetryDelay).toBeUndefined();
    expect(category).not.toBe('BENIGN');
  });

  test('keeps of the cause what was said, not what it carried', () => {
    const cause = Object.assign(new Error('socket closed'), { request: { password: 'secret' } });
    const failure = failed({ cause });
    expect(failure.cause).toMatchObject({ message: 'socket closed' });
    expect(JSON.stringify(failure.cause, Object.getOwnPropertyNames(failure.cause))).not.toContain('secret');
  });

  test('makes a database error one of ours', () => {
    const lost = Object.assign(new Error('terminating connection'), { code: '57P01' });
    expect(toFailure(lost)).toMatchObject({ type: 'DATABASE_UNAVAILABLE', nonRetryable: false });
  });

  test('leaves what it does not know as it is', () => {
    const unknown = new TypeError('undefined is not a function');
    expect(toFailure(unknown)).toBe(unknown);
  });
});

describe('failureInterceptor', () => {
  const run = inActivity;

  test('hands results on', async () => {
    expect(await run(async () => ({ rows: '1' }))).toEqual({ rows: '1' });
    expect(await run(async () => undefined)).toBeUndefined();
  });

  test('lets 256 KiB pass and refuses more: rows never travel through a workflow', async () => {
    const quotes = 2;
    const most = 'x'.repeat(256 * 1024 - quotes);
    expect(await run(async () => most)).toBe(most);
    const failure = await failureOf(run(async () => `${most}x`));
    expect(failure).toMatchObject({ type: 'PAYLOAD_TOO_LARGE', nonRetryable: true });
    expect(failure.message).toContain(String(256 * 1024 + 1));
  });

  test('measures bytes, not characters', async () => {
    const failure = await failureOf(run(async () => 'ä'.repeat(140_000)));
    expect(failure.type).toBe('PAYLOAD_TOO_LARGE');
  });
});
