import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { RevsyncError } from '../../src/domain/errors.ts';
import type { DeskState } from '../../src/domain/operator/steps.ts';
import type { SyncOutcome } from '../../workflows/revenue-sync.ts';
import { mockActivities } from '../support/mock-activities.ts';
import { runWorkflow, startTimeSkipping, untilWaiting } from '../support/temporal.ts';

const broken = (code: string, fate: 'retry' | 'fix-input', retryAfter?: number): RevsyncError =>
  new RevsyncError(`${code} happened`, {
    code,
    fate,
    remedy: 'Do something.',
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });

describe('revenueSync', () => {
  let env: TestWorkflowEnvironment;
  beforeAll(async () => void (env = await startTimeSkipping()));
  afterAll(() => env.teardown());

  const sync = (replaced: Parameters<typeof mockActivities>[0], options: object = {}) =>
    runWorkflow<SyncOutcome, unknown>(env, 'revenueSync', {
      activities: mockActivities(replaced),
      ...options,
    });

  test('starts with no input at all, as an empty box of the web interface sends it', async () => {
    const { result } = await sync({});
    expect(result).toMatchObject({
      outcome: 'completed',
      entity: 'demo',
      run: '1',
      lines: { SO: '1', INV: '1' },
    });
  });

  test('awaits Data Collection when Auto_Collect is Y, and hands its counts on', async () => {
    const { result } = await sync({});
    expect(result.collection).toMatchObject({ org: 'default', collected: '2', contracts: '1' });
  });

  test('leaves Data Collection to others when Auto_Collect is N', async () => {
    const { result } = await sync({
      finishRun: async () => ({ outcome: 'completed', lines: {}, autoCollect: false }),
    });
    expect(result.collection).toBeNull();
  });

  test('loads accounts before everything else, whatever the order of the files', async () => {
    const loaded: string[] = [];
    await sync({
      loadFile: async (_run, { object }) => {
        loaded.push(object);
        return { extracted: '1', changed: '1', unchanged: '0', replaced: '0', rejected: '0' };
      },
    });
    expect(loaded).toEqual(['Account', 'InvoiceItem']);
  });

  test('polls an export for hours without growing the history', async () => {
    let polls = 0;
    let events = 0;
    const { result } = await sync(
      {
        awaitExport: async () => {
          polls += 1;
          if (polls < 60) throw broken('EXPORT_RUNNING', 'retry', 60_000);
          return [{ object: 'Account', fileIds: ['f'], recordCount: '0', full: true }];
        },
      },
      {
        during: async (handle: {
          result(): Promise<unknown>;
          fetchHistory(): Promise<{ events?: unknown[] | null }>;
        }) => {
          await handle.result();
          events = (await handle.fetchHistory()).events?.length ?? 0;
        },
      },
    );
    expect(result.outcome).toBe('completed');
    expect(polls).toBe(60);
    expect(events).toBeLessThan(100);
  });

  test('asks for the export again when Billing has purged a file', async () => {
    const asked: boolean[] = [];
    let purged = true;
    await sync({
      submitExport: async ({ again }) => {
        asked.push(again);
        return { jobId: `job-${asked.length}` };
      },
      loadFile: async () => {
        if (purged) {
          purged = false;
          throw broken('BILLING_FILE_GONE', 'retry');
        }
        return { extracted: '1', changed: '1', unchanged: '0', replaced: '0', rejected: '0' };
      },
    });
    expect(asked).toEqual([false, true]);
  });

  test('reads what the export lacks before lines are formed, each thing once', async () => {
    const done: string[] = [];
    await sync({
      submitExport: async () => ({ jobId: 'job-1', sides: ['prices', 'keys'] }),
      readSide: async (_run, side) => {
        done.push(side);
        return 'nothing new';
      },
      templateTypes: async () => ['SO'],
      transform: async () => {
        done.push('transform');
        return { drivers: '1', lines: '1', withheld: '0' };
      },
    });
    expect(done).toEqual(['prices', 'keys', 'transform']);
  });

  test('asks a side again when Billing could not run it', async () => {
    let tries = 0;
    const { result } = await sync({
      submitExport: async () => ({ jobId: 'job-1', sides: ['prices'] }),
      readSide: async () => {
        tries += 1;
        if (tries < 3) throw broken('EXPORT_FAILED', 'fix-input');
        return 'nothing new';
      },
    });
    expect(result.outcome).toBe('completed');
    expect(tries).toBe(3);
  });

  test('goes on without a side that an operator skips, who and why being kept', async () => {
    const skipped: object[] = [];
    const { result, seen } = await sync(
      {
        submitExport: async () => ({ jobId: 'job-1', sides: ['prices', 'deletes', 'keys'] }),
        readSide: async (_run, side) => {
          if (side === 'deletes') throw broken('DELETES_IMPLAUSIBLE', 'fix-input');
          return 'nothing new';
        },
        skipSide: async (what) => {
          skipped.push(what);
          return `skipped by ${what.by}: ${what.reason}`;
        },
      },
      {
        during: async (handle: {
          query<T>(name: string): Promise<T>;
          executeUpdate(name: string, options?: object): Promise<unknown>;
          result(): Promise<unknown>;
        }) => {
          await untilWaiting(handle);
          const wrong = await handle
            .executeUpdate('skip', { args: [{ step: 'transform', reason: 'no' }] })
            .catch((error: Error) => (error.cause as Error).message);
          await handle.executeUpdate('skip', { args: [{ step: 'sides', reason: 'purged', by: 'ann' }] });
          await handle.result();
          return { wrong, state: await handle.query<DeskState>('state') };
        },
      },
    );
    expect(result.outcome).toBe('completed');
    expect(skipped).toEqual([{ run: '1', side: 'deletes', reason: 'purged', by: 'ann' }]);
    const { wrong, state } = seen as { wrong: string; state: DeskState };
    expect(wrong).toContain('sides does');
    expect(state.steps.find(({ step }) => step === 'sides')).toMatchObject({
      status: 'done',
      note: 'prices: nothing new; deletes: skipped by ann: purged; keys: nothing new',
    });
  });

  test('tells Billing on abort that nobody waits for its sides any more', async () => {
    const done: string[] = [];
    await sync(
      {
        submitExport: async () => ({ jobId: 'job-1', sides: ['prices'] }),
        readSide: async () => {
          throw broken('BILLING_PERMISSION_MISSING', 'fix-input');
        },
        cancelSides: async () => void done.push('cancelled'),
      },
      {
        during: async (handle: {
          query<T>(name: string): Promise<T>;
          executeUpdate(name: string, options?: object): Promise<unknown>;
        }) => {
          await untilWaiting(handle);
          await handle.executeUpdate('abort', { args: [{ reason: 'wrong tenant' }] });
        },
      },
    );
    expect(done).toEqual(['cancelled']);
  });

  test('waits for the operator when a step cannot go on, and goes on after retry', async () => {
    let refused = true;
    const { result, seen } = await sync(
      {
        submitExport: async () => {
          if (refused) throw broken('BILLING_CREDENTIALS_REFUSED', 'fix-input');
          return { jobId: 'job-1' };
        },
      },
      {
        during: async (handle: {
          query<T>(name: string): Promise<T>;
          executeUpdate(name: string, options?: object): Promise<unknown>;
        }) => {
          const state = await untilWaiting(handle);
          refused = false;
          await handle.executeUpdate('retry', { args: [{}] });
          return state;
        },
      },
    );
    expect(seen).toMatchObject({
      status: 'waiting',
      awaiting: { step: 'extract', message: 'BILLING_CREDENTIALS_REFUSED happened', remedy: 'Do something.' },
    });
    expect(result.outcome).toBe('completed');
  });

  test('forms the lines anew before it looks at an unequal balance again', async () => {
    const done: string[] = [];
    const { result } = await sync(
      {
        templateTypes: async () => ['SO'],
        transform: async () => {
          done.push('transform');
          return { drivers: '1', lines: '1', withheld: '0' };
        },
        finishRun: async () => {
          done.push('finish');
          if (done.length < 4) throw broken('BALANCE_UNEQUAL', 'fix-input');
          return { outcome: 'completed', lines: {}, autoCollect: false };
        },
      },
      {
        during: async (handle: {
          query<T>(name: string): Promise<T>;
          executeUpdate(name: string, options?: object): Promise<unknown>;
        }) => {
          await untilWaiting(handle);
          await handle.executeUpdate('retry', { args: [{ step: 'balance' }] });
        },
      },
    );
    expect(result.outcome).toBe('completed');
    expect(done).toEqual(['transform', 'finish', 'transform', 'finish']);
  });

  test('gives the run up on abort, tells Billing, and moves no mark', async () => {
    const done: string[] = [];
    const { result } = await sync(
      {
        submitExport: async () => {
          throw broken('BILLING_PERMISSION_MISSING', 'fix-input');
        },
        abandonRun: async ({ reason }) => void done.push(`abandoned: ${reason}`),
        cancelExport: async () => void done.push('cancelled'),
        finishRun: async () => {
          done.push('finished');
          return { outcome: 'completed', lines: {}, autoCollect: false };
        },
      },
      {
        during: async (handle: {
          query<T>(name: string): Promise<T>;
          executeUpdate(name: string, options?: object): Promise<unknown>;
        }) => {
          await untilWaiting(handle);
          await handle.executeUpdate('abort', { args: [{ reason: 'wrong tenant', by: 'ann' }] });
        },
      },
    );
    expect(result.outcome).toBe('aborted');
    expect(done).toEqual(['abandoned: aborted: wrong tenant', 'cancelled']);
  });

  test('refuses wrong messages with the right JSON and keeps waiting; signals never break it', async () => {
    let refused = true;
    const { seen } = await sync(
      {
        submitExport: async () => {
          if (refused) throw broken('BILLING_PERMISSION_MISSING', 'fix-input');
          return { jobId: 'job-1' };
        },
      },
      {
        during: async (handle: {
          query<T>(name: string): Promise<T>;
          signal(name: string, ...args: unknown[]): Promise<void>;
          executeUpdate(name: string, options?: object): Promise<unknown>;
        }) => {
          await untilWaiting(handle);
          const messages: string[] = [];
          for (const [name, args] of [
            ['abort', [{}]],
            ['skip', [{ step: 'extract', reason: 'no' }]],
            ['retry', [{ step: 'balance' }]],
          ] as const) {
            const error = await handle
              .executeUpdate(name, { args: [...args] })
              .catch((e: Error) => e.cause as Error);
            messages.push((error as Error).message);
          }
          await handle.signal('abort');
          await handle.signal('retry', 'nonsense');
          const state = await handle.query<DeskState>('state');
          refused = false;
          await handle.signal('retry');
          return { messages, refused: state.refused };
        },
      },
    );
    const { messages, refused: noted } = seen as { messages: string[]; refused: string[] };
    expect(messages[0]).toContain('{"reason": "...", "by": "..."}');
    expect(messages[1]).toContain('the step extract may not be skipped');
    expect(messages[2]).toContain('extract does');
    expect(noted).toHaveLength(2);
  });

  test('ends as refused when another run is open and nobody wants to queue', async () => {
    const { result } = await sync(
      {
        openSyncRun: async () => {
          throw broken('RUN_REFUSED', 'fix-input');
        },
      },
      { input: { queue: false } },
    );
    expect(result).toMatchObject({ outcome: 'refused', run: null });
  });

  test('fails at once on an entity that does not exist: nobody can wait for that', async () => {
    const run = sync(
      {
        openSyncRun: async () => {
          throw broken('ENTITY_UNKNOWN', 'fix-input');
        },
      },
      { input: { entity: 'nowhere' } },
    );
    await expect(run).rejects.toMatchObject({ cause: { cause: { type: 'ENTITY_UNKNOWN' } } });
  });

  test('fails at once on an input that is not valid, saying what would be', async () => {
    await expect(sync({}, { input: { entty: 'demo' } })).rejects.toMatchObject({
      cause: { type: 'INVALID_INPUT', message: expect.stringContaining('{"entity": "..."') },
    });
  });
});
