import { randomUUID } from 'node:crypto';

import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { RevsyncError } from '../../src/domain/errors.ts';
import type { DeskState } from '../../src/domain/operator/steps.ts';
import type { CollectionOutcome } from '../../workflows/data-collection.ts';
import { until } from '../support/command-line.ts';
import { mockActivities } from '../support/mock-activities.ts';
import { runWorkflow, startTimeSkipping, untilWaiting } from '../support/temporal.ts';

const RELEASE = { lines: ['SO:a.1@2#2'], as: 'correction', reason: 'Agreed.', by: 'ann' } as const;
const REJECT = { filter: { hold: 'same-version-recollection' }, reason: 'Twice.', by: 'bob' } as const;
const COUNTS = { org: 'default', contracts: '1', lines: '2', collected: '2', waiting: '0', stopped: '0' };

const refused = (code: string): RevsyncError =>
  new RevsyncError('SO:a.1@2#2 cannot be released as standalone: it is none.', {
    code,
    fate: 'fix-input',
    remedy: 'Nothing was changed.',
  });

/** A gate that activities stop at until it is opened. */
function gate(): { open: () => void; passed: Promise<void> } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open, passed };
}

describe('decisions on held lines', () => {
  let env: TestWorkflowEnvironment;
  beforeAll(async () => void (env = await startTimeSkipping()));
  afterAll(() => env.teardown());

  type Replaced = Parameters<typeof mockActivities>[0];
  type Options = Parameters<typeof runWorkflow>[2];
  const collection = (replaced: Replaced, during?: Options['during']) =>
    runWorkflow<CollectionOutcome, unknown>(env, 'dataCollection', {
      input: { org: 'default' },
      activities: mockActivities(replaced),
      ...(during === undefined ? {} : { during }),
    });

  test('are written down before lines are collected, and answered', async () => {
    const order: string[] = [];
    const opened = gate();
    const { result, seen } = await collection(
      {
        openDataCollection: async () => {
          await opened.passed;
          return { tenant: 'demo', collection: '7', org: 'default' };
        },
        releaseHeldLines: async ({ org, as, lines = [], by, reason, request }) => {
          order.push(`release for ${org} by ${by}: ${reason}`);
          expect(request).not.toBe('');
          return { org: 'default', as, decided: '1', lines };
        },
        collectLines: async () => {
          order.push('collect');
          return COUNTS;
        },
      },
      async (handle) => {
        const answer = await handle.executeUpdate('releaseHold', { args: [RELEASE] });
        opened.open();
        return answer;
      },
    );
    expect(seen).toEqual({ org: 'default', as: 'correction', decided: '1', lines: RELEASE.lines });
    expect(order).toEqual(['release for default by ann: Agreed.', 'collect']);
    expect(result).toMatchObject({ outcome: 'completed', collected: '2' });
  });

  test('are known by an id that was generated, else by their run and the id that somebody chose', async () => {
    const requests: string[] = [];
    const opened = gate();
    const generated = randomUUID();
    const { seen } = await collection(
      {
        openDataCollection: async () => {
          await opened.passed;
          return { tenant: 'demo', collection: '7', org: 'default' };
        },
        releaseHeldLines: async ({ as, lines = [], request }) => {
          requests.push(request);
          return { org: 'default', as, decided: '1', lines };
        },
      },
      async (handle) => {
        await handle.executeUpdate('releaseHold', { args: [RELEASE], updateId: generated });
        await handle.executeUpdate('releaseHold', { args: [RELEASE], updateId: 'u1' });
        opened.open();
        return (await handle.describe()).runId;
      },
    );
    expect(requests).toEqual([generated, `${String(seen)}/u1`]);
  });

  test('that come while lines are collected make it collect again, in a collection of its own', async () => {
    const collected: string[] = [];
    const asked: unknown[] = [];
    const reached = gate();
    const released = gate();
    const { result } = await collection(
      {
        openDataCollection: async (request) => {
          asked.push(request);
          return { tenant: 'demo', collection: String(6 + asked.length), org: 'default' };
        },
        collectLines: async ({ collection: which }) => {
          collected.push(which);
          if (collected.length === 1) {
            reached.open();
            await released.passed;
          }
          return { ...COUNTS, collected: String(collected.length), waiting: String(collected.length) };
        },
      },
      async (handle) => {
        await reached.passed;
        await handle.executeUpdate('rejectHold', { args: [REJECT] });
        released.open();
      },
    );
    expect(asked).toEqual([{ org: 'default' }, { org: 'default', after: '7' }]);
    expect(collected).toEqual(['7', '8']);
    expect(result, 'sums of what was done, and the last of what is left').toMatchObject({
      contracts: '2',
      lines: '4',
      collected: '3',
      waiting: '2',
    });
  });

  test('are taken while the collection waits for a person, who is waited for still', async () => {
    let closed = true;
    let decided = 0;
    const { result, seen } = await collection(
      {
        collectLines: async () => {
          if (!closed) return COUNTS;
          throw new RevsyncError('Period 2024-01 is pending close.', {
            code: 'PERIOD_PENDING_CLOSE',
            fate: 'fix-input',
            remedy: 'Open the next period.',
          });
        },
        rejectHeldLines: async () => {
          decided += 1;
          return { org: 'default', as: 'rejected', decided: '3', lines: [] };
        },
      },
      async (handle) => {
        await untilWaiting(handle);
        await handle.executeUpdate('rejectHold', { args: [REJECT] });
        const state = await handle.query<DeskState>('state');
        closed = false;
        await handle.executeUpdate('retry', { args: [{}] });
        return state;
      },
    );
    expect(decided).toBe(1);
    const state = seen as DeskState;
    expect(state.awaiting).toMatchObject({ step: 'collect', message: 'Period 2024-01 is pending close.' });
    expect(state.steps.find(({ step }) => step === 'decide')).toMatchObject({
      status: 'done',
      note: '3 rejected by bob',
    });
    expect(result.outcome).toBe('completed');
  });

  test('that are refused say why and what to do, and the collection goes on', async () => {
    const { result } = await collection(
      { releaseHeldLines: async () => Promise.reject(refused('RELEASE_REFUSED')) },
      async (handle) => {
        await expect(
          handle.executeUpdate('releaseHold', { args: [{ ...RELEASE, as: 'standalone' }] }),
        ).rejects.toMatchObject({
          cause: {
            type: 'RELEASE_REFUSED',
            message: 'SO:a.1@2#2 cannot be released as standalone: it is none. Nothing was changed.',
          },
        });
      },
    );
    expect(result).toMatchObject({ outcome: 'completed', collected: '2' });
  });

  describe('in a collection that was started to take them', () => {
    const DECIDE = { org: 'default', decide: true };
    const deciding = (replaced: Replaced, during: NonNullable<Options['during']>) =>
      runWorkflow<CollectionOutcome, unknown>(env, 'dataCollection', {
        input: DECIDE,
        activities: mockActivities(replaced),
        during,
      });

    test('are waited for before anything is opened, and said what to send', async () => {
      const order: string[] = [];
      const { result, seen } = await deciding(
        {
          openDataCollection: async () => {
            order.push('open');
            return { tenant: 'demo', collection: '7', org: 'default' };
          },
          releaseHeldLines: async ({ as, lines = [], org }) => {
            order.push(`release for ${org}`);
            return { org: 'default', as, decided: '1', lines };
          },
        },
        async (handle) => {
          const state = await untilWaiting(handle);
          await handle.signal('releaseHold', RELEASE);
          return state;
        },
      );
      expect(seen).toMatchObject({
        status: 'waiting',
        awaiting: { step: 'decide', example: { update: 'releaseHold', data: { as: 'correction' } } },
      });
      expect(order).toEqual(['release for default', 'open']);
      expect(result).toMatchObject({ outcome: 'completed', collected: '2' });
    });

    test('are waited for still when one is refused, and need not come', async () => {
      const { result, seen } = await deciding(
        { releaseHeldLines: async () => Promise.reject(refused('RELEASE_REFUSED')) },
        async (handle) => {
          await untilWaiting(handle);
          await expect(handle.executeUpdate('releaseHold', { args: [RELEASE] })).rejects.toThrow();
          const state = await untilWaiting(handle);
          await handle.executeUpdate('retry', { args: [{}] });
          return state;
        },
      );
      expect(seen).toMatchObject({ status: 'waiting', awaiting: { step: 'decide' } });
      expect(result).toMatchObject({ outcome: 'completed', collected: '2' });
    });

    test('can be given up, and nothing was opened', async () => {
      const never = async () => Promise.reject(refused('REACHED'));
      const { result } = await deciding(
        { openDataCollection: never, abandonCollection: never },
        async (handle) => {
          await untilWaiting(handle);
          await handle.executeUpdate('abort', { args: [{ reason: 'Changed my mind.' }] });
        },
      );
      expect(result).toMatchObject({ outcome: 'aborted', org: 'default', collected: '0' });
    });
  });

  test('that do not fit are refused before anything happens, with the JSON that would do', async () => {
    const misfits = [
      ['releaseHold', undefined],
      ['releaseHold', { ...RELEASE, reason: '' }],
      ['releaseHold', { ...RELEASE, as: 'whatever' }],
      ['rejectHold', { reason: 'r', by: 'ann' }],
      ['rejectHold', { ...REJECT, by: ' ' }],
      ['rejectHold', { ...REJECT, reason: 'a\u0000' }],
    ] as const;
    const opened = gate();
    await collection(
      {
        openDataCollection: async () => {
          await opened.passed;
          return { tenant: 'demo', collection: '7', org: 'default' };
        },
        releaseHeldLines: async () => Promise.reject(refused('REACHED')),
        rejectHeldLines: async () => Promise.reject(refused('REACHED')),
      },
      async (handle) => {
        for (const [name, message] of misfits) {
          await expect(handle.executeUpdate(name, { args: [message] })).rejects.toMatchObject({
            cause: { type: 'MESSAGE_REFUSED', message: expect.stringContaining(`${name} takes {`) },
          });
        }
        opened.open();
      },
    );
  });

  test('come as signals too: taken when they fit, noted as refused when not, and never the end of the run', async () => {
    const taken: string[] = [];
    const opened = gate();
    const { result, seen } = await collection(
      {
        openDataCollection: async () => {
          await opened.passed;
          return { tenant: 'demo', collection: '7', org: 'default' };
        },
        releaseHeldLines: async ({ lines = [], as }) => {
          if (as === 'standalone') throw refused('RELEASE_REFUSED');
          taken.push(...lines);
          return { org: 'default', as, decided: '1', lines };
        },
      },
      async (handle) => {
        await handle.signal('releaseHold');
        await handle.signal('rejectHold', 'please');
        await handle.signal('releaseHold', { ...RELEASE, as: 'standalone' });
        await handle.signal('releaseHold', RELEASE);
        const state = await until('all signals are handled', async () => {
          const { refused: noted, ...rest } = await handle.query<DeskState>('state');
          return noted.length === 3 && taken.length === 1 ? { ...rest, refused: noted } : null;
        });
        opened.open();
        return state;
      },
    );
    expect(taken).toEqual(RELEASE.lines);
    expect((seen as DeskState).refused).toEqual([
      expect.stringMatching(/^releaseHold takes \{/),
      expect.stringMatching(/^rejectHold takes \{/),
      'SO:a.1@2#2 cannot be released as standalone: it is none. Nothing was changed.',
    ]);
    expect(result.outcome).toBe('completed');
  });

  test('are retried by Temporal as the same request', async () => {
    const requests: string[] = [];
    const opened = gate();
    await collection(
      {
        openDataCollection: async () => {
          await opened.passed;
          return { tenant: 'demo', collection: '7', org: 'default' };
        },
        releaseHeldLines: async ({ as, lines = [], request }) => {
          requests.push(request);
          if (requests.length === 1) {
            throw new RevsyncError('The database did not answer.', {
              code: 'DATABASE_UNAVAILABLE',
              fate: 'retry',
              remedy: 'Nothing is lost.',
            });
          }
          return { org: 'default', as, decided: '1', lines };
        },
      },
      async (handle) => {
        await handle.executeUpdate('releaseHold', { args: [RELEASE], updateId: 'request-1' });
        opened.open();
      },
    );
    const [first = ''] = requests;
    expect(requests).toEqual([first, first]);
    expect(first).toMatch(/\/request-1$/);
  });
});
