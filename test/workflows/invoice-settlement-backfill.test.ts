import { activityInfo } from '@temporalio/activity';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Activities } from '../../activities/activities.ts';
import type { Brought, SettlementCheck } from '../../activities/settlement.ts';
import { RevsyncError } from '../../src/domain/errors.ts';
import type { DeskState } from '../../src/domain/operator/steps.ts';
import type { BackfillOutcome } from '../../workflows/invoice-settlement-backfill.ts';
import { mockActivities } from '../support/mock-activities.ts';
import { runWorkflow, startTimeSkipping, untilWaiting } from '../support/temporal.ts';

type Replaced = NonNullable<Parameters<typeof mockActivities>[0]>;

const DIFFERENCE = {
  object: 'CreditMemo',
  currency: 'USD',
  status: 'Posted',
  billing: { count: '12', amount: '340.5' },
  prestaging: { count: '11', amount: '300' },
  equal: false,
};

/** A history of so many chunks, of which a run over the n-th is made by the workflow. */
function historyOf(total: number): Pick<Activities, 'nextChunk' | 'chunkBrought'> & { brought: number[] } {
  const brought: number[] = [];
  const progress = (): Brought => ({
    done: brought.length,
    total,
    memos: String(617 * brought.length),
    next:
      brought.length === total
        ? null
        : {
            chunk: brought.length + 1,
            kind: 'history',
            from: null,
            to: '2024-03-01T00:00:00.000Z',
            objects: ['CreditMemo'],
          },
  });
  return {
    brought,
    nextChunk: async () => progress(),
    chunkBrought: async ({ chunk }) => {
      brought.push(chunk);
      return progress();
    },
  };
}

describe('invoiceSettlementBackfill', () => {
  let env: TestWorkflowEnvironment;
  beforeAll(async () => void (env = await startTimeSkipping()));
  afterAll(() => env.teardown());

  const backfill = <Seen = unknown>(
    replaced: Replaced = {},
    options: Omit<Parameters<typeof runWorkflow<BackfillOutcome, Seen>>[2], 'activities'> = {},
  ) =>
    runWorkflow<BackfillOutcome, Seen>(env, 'invoiceSettlementBackfill', {
      activities: mockActivities(replaced),
      ...options,
    });
  /** Names of activities as they are called. */
  const noting = (replaced: Replaced = {}) => {
    const called: string[] = [];
    const all = mockActivities(replaced);
    const noted = Object.fromEntries(
      Object.entries(all).map(([name, work]) => [
        name,
        (...args: unknown[]) => {
          called.push(name);
          return (work as (...values: unknown[]) => unknown)(...args);
        },
      ]),
    );
    return { called, activities: noted };
  };

  test('starts with no input at all, and switches every entity over in its order', async () => {
    const checked: string[] = [];
    const { result } = await backfill({
      entitiesToSwitch: async () => ({ tenant: 'demo', entities: ['east', 'west'] }),
      checkSettlement: async ({ entity }) => {
        checked.push(entity);
        return { due: true, note: '' };
      },
    });
    expect(checked).toEqual(['east', 'west']);
    expect(result).toMatchObject({
      outcome: 'completed',
      entities: [{ entity: 'east' }, { entity: 'west' }],
    });
  });

  test('has nothing to do where no entity has a history, and pauses no schedule', async () => {
    const { called, activities } = noting({
      checkSettlement: async () => ({ due: false, note: 'no run yet' }),
    });
    const { result } = await runWorkflow<BackfillOutcome>(env, 'invoiceSettlementBackfill', { activities });
    expect(result).toMatchObject({ outcome: 'nothing-to-do', entities: [{ entity: 'demo' }] });
    expect(called).toEqual(['entitiesToSwitch', 'checkSettlement', 'resumeSchedules', 'settlementReport']);
  });

  test('is given up as well while it does not know its entities yet', async () => {
    const { result } = await backfill<void>(
      {
        entitiesToSwitch: async () => {
          throw new RevsyncError('no', { code: 'BILLING_REFUSED', fate: 'fix-input', remedy: 'r' });
        },
      },
      {
        during: async (handle) => {
          await untilWaiting(handle as never);
          await handle.executeUpdate('abort', { args: [{ reason: 'later' }] });
        },
      },
    );
    expect(result).toMatchObject({ outcome: 'aborted', entities: [], leftOut: 0 });
  });

  test('takes from an operator no word about what is done', async () => {
    const { called, activities } = noting();
    const input = { onward: { entities: ['demo'], at: 1, switched: true } };
    await runWorkflow<BackfillOutcome>(env, 'invoiceSettlementBackfill', { activities, input });
    expect(called).toEqual(expect.arrayContaining(['entitiesToSwitch', 'closeSettlement']));
  });

  test('says how the entities behind one that waits can go first', async () => {
    let on = false;
    const check = async ({ entity }: { entity: string }): Promise<SettlementCheck> => {
      if (on || entity === 'west') return { due: true, note: '' };
      throw new RevsyncError('off', {
        code: 'INVOICE_SETTLEMENT_OFF',
        fate: 'fix-input',
        remedy: 'Enable it.',
      });
    };
    const { seen } = await backfill<DeskState>(
      {
        entitiesToSwitch: async () => ({ tenant: 'demo', entities: ['east', 'west'] }),
        checkSettlement: check,
      },
      {
        during: async (handle) => {
          const state = await untilWaiting(handle as never);
          on = true;
          await handle.executeUpdate('retry', { args: [{}] });
          return state;
        },
      },
    );
    expect(seen?.awaiting).toMatchObject({ message: 'off' });
    expect(seen?.awaiting?.remedy).toBe(
      'Enable it. The entities after it wait too: to do them first, `abort`, then start for each with "entity", as {"entity": "west"}.',
    );
  });

  test('brings chunks by runs that move no mark and collect nothing, between pause and resume', async () => {
    const opened: object[] = [];
    const { called, activities } = noting({
      openSyncRun: async (request) => {
        opened.push(request);
        return mockActivities().openSyncRun(request);
      },
    });
    await runWorkflow(env, 'invoiceSettlementBackfill', { activities });
    expect(opened).toEqual([
      { entity: 'demo', objects: ['CreditMemo'], to: '2024-03-01T00:00:00.000Z', queue: true },
    ]);
    expect(called).not.toContain('openDataCollection');
    const order = [
      'pauseSchedules',
      'switchOver',
      'planHistory',
      'openSyncRun',
      'chunkBrought',
      'proveHistory',
      'resumeSchedules',
      'closeSettlement',
    ];
    expect(called.filter((name) => order.includes(name))).toEqual(order);
  });

  test('goes on with a new history long before one has three hundred events', async () => {
    const history = historyOf(20);
    const { seen } = await backfill<number[]>(history, {
      during: async (handle) => {
        await handle.result();
        const lengths: number[] = [];
        let runId: string | undefined = handle.firstExecutionRunId;
        while (runId !== undefined && runId !== '') {
          const history: {
            events?:
              | {
                  workflowExecutionContinuedAsNewEventAttributes?: {
                    newExecutionRunId?: string | null;
                  } | null;
                }[]
              | null;
          } = await env.client.workflow.getHandle(handle.workflowId, runId).fetchHistory();
          const { events } = history;
          lengths.push(events?.length ?? 0);
          const last = events?.at(-1);
          runId = last?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined;
        }
        return lengths;
      },
    });
    expect(history.brought).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(seen?.length).toBe(3);
    expect(Math.max(...(seen ?? []))).toBeLessThan(300);
  });

  test('says on its page how far it is', async () => {
    const history = historyOf(3);
    let calls = 0;
    const { seen } = await backfill<DeskState>(
      {
        ...history,
        openSyncRun: async (request) => {
          calls += 1;
          if (calls === 3) throw new RevsyncError('stop', { code: 'X', fate: 'fix-input', remedy: 'r' });
          return mockActivities().openSyncRun(request);
        },
      },
      {
        during: async (handle) => {
          const child = env.client.workflow.getHandle(`${handle.workflowId}/run`);
          for (;;) {
            const state = await handle.query<DeskState>('state');
            if (calls === 3) {
              await untilWaiting(child as never);
              await child.executeUpdate('retry', { args: [{}] });
              return state;
            }
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
        },
      },
    );
    const step = seen?.steps.find((each) => each.step === 'chunks');
    expect(step?.note).toMatch(/^2 of 3 chunks, 1,234 memos; run .*\/run$/);
  });

  test('waits with a remedy until Invoice Settlement is on', async () => {
    let on = false;
    const { result, seen } = await backfill<DeskState>(
      {
        checkSettlement: async () => {
          if (on) return { due: true, note: '' };
          throw new RevsyncError('Invoice Settlement is not on.', {
            code: 'INVOICE_SETTLEMENT_OFF',
            fate: 'fix-input',
            remedy: 'Have Zuora enable it.',
          });
        },
      },
      {
        during: async (handle) => {
          const state = await untilWaiting(handle as never);
          on = true;
          await handle.executeUpdate('retry', { args: [{}] });
          return state;
        },
      },
    );
    expect(seen?.awaiting).toMatchObject({ step: 'check', remedy: 'Have Zuora enable it.' });
    expect(result.outcome).toBe('completed');
  });

  test('catches up once with what changed meanwhile', async () => {
    let proofs = 0;
    let planned = 0;
    let due = true;
    const history = historyOf(0);
    const catchUp = await historyOf(1).nextChunk({ entity: 'demo' });
    const { result } = await backfill({
      nextChunk: async () => (planned === 0 || !due ? history.nextChunk({ entity: 'demo' }) : catchUp),
      chunkBrought: async (brought) => {
        due = false;
        return history.nextChunk(brought);
      },
      planCatchUp: async () => void (planned += 1),
      proveHistory: async () => ((proofs += 1) === 1 ? [DIFFERENCE] : []),
    });
    expect(result.outcome).toBe('completed');
    expect([proofs, planned]).toEqual([2, 1]);
  });

  test('spells a difference out that stays, and compares again when it is told to', async () => {
    let differs = true;
    const { result, seen } = await backfill<DeskState>(
      { ...historyOf(0), proveHistory: async () => (differs ? [DIFFERENCE] : []) },
      {
        during: async (handle) => {
          const state = await untilWaiting(handle as never);
          differs = false;
          await handle.executeUpdate('retry', { args: [{ step: 'proof' }] });
          return state;
        },
      },
    );
    expect(seen?.awaiting).toMatchObject({
      step: 'proof',
      message: 'Memos of demo differ: CreditMemo USD Posted: 12 over 340.5 in Billing, 11 over 300 here.',
    });
    expect(result.outcome).toBe('completed');
  });

  test('resumes the schedules that it paused when it is given up, and leaves its chunks for the next one', async () => {
    const { called, activities } = noting({
      switchOver: async () => {
        throw new RevsyncError('no template', {
          code: 'TEMPLATE_MISSING',
          fate: 'fix-input',
          remedy: 'Load one.',
        });
      },
    });
    const { result } = await runWorkflow<BackfillOutcome, void>(env, 'invoiceSettlementBackfill', {
      activities,
      during: async (handle) => {
        await untilWaiting(handle as never);
        await handle.executeUpdate('abort', { args: [{ reason: 'later' }] });
      },
    });
    expect(result.outcome).toBe('aborted');
    expect(called.filter((name) => /Schedules|close/.test(name))).toEqual([
      'pauseSchedules',
      'resumeSchedules',
    ]);
  });

  test('resumes what it paused after a pause that was under way when it was given up', async () => {
    const done: string[] = [];
    let begun: () => void = () => undefined;
    let release: () => void = () => undefined;
    const pausing = new Promise<void>((resolve) => (begun = resolve));
    const released = new Promise<void>((resolve) => (release = resolve));
    const { result } = await backfill<void>(
      {
        pauseSchedules: async () => {
          begun();
          await released;
          done.push('pause');
          return { paused: ['revenue-sync/demo'] };
        },
        resumeSchedules: async () => {
          done.push('resume');
          release();
          return { resumed: [] };
        },
      },
      {
        during: async (handle) => {
          await pausing;
          await handle.executeUpdate('abort', { args: [{ reason: 'later' }] });
          // Handled: whatever follows from it was begun. Nothing may.
          await handle.query('state');
          release();
        },
      },
    );
    expect(result.outcome).toBe('aborted');
    expect(done).toEqual(['pause', 'resume']);
  });

  test('is given up while it waits for a run that is open', async () => {
    const { result } = await backfill<void>(
      {
        pauseSchedules: async () => {
          throw new RevsyncError('A run of demo is open.', {
            code: 'RUN_IN_PROGRESS',
            fate: 'retry',
            retryAfter: 5_000,
            remedy: 'r',
          });
        },
      },
      {
        during: async (handle) => {
          for (;;) {
            const { raw } = await handle.describe();
            if (raw.pendingActivities?.some(({ lastFailure }) => lastFailure != null) === true) break;
          }
          await handle.executeUpdate('abort', { args: [{ reason: 'later' }] });
        },
      },
    );
    expect(result.outcome).toBe('aborted');
  });

  test('waits for a decision when the run over a chunk was cancelled', async () => {
    let calls = 0;
    const { result, seen } = await backfill<DeskState>(
      {
        submitExport: async () => {
          calls += 1;
          if (calls > 1) return { jobId: 'job-1', sides: [] };
          throw new RevsyncError('not now', { code: 'X', fate: 'fix-input', remedy: 'r' });
        },
      },
      {
        during: async (handle) => {
          const child = env.client.workflow.getHandle(`${handle.workflowId}/run`);
          while (calls === 0) await new Promise((resolve) => setTimeout(resolve, 20));
          await untilWaiting(child as never);
          await child.cancel();
          const state = await untilWaiting(handle as never);
          await handle.executeUpdate('retry', { args: [{ step: 'chunks' }] });
          return state;
        },
      },
    );
    expect(seen?.awaiting).toMatchObject({
      step: 'chunks',
      message: 'The run over chunk 1 of demo was cancelled.',
    });
    expect(result.outcome).toBe('completed');
  });

  test('ends as cancelled when it is cancelled itself during a chunk', async () => {
    let calls = 0;
    const { called, activities } = noting({
      submitExport: async () => {
        calls += 1;
        throw new RevsyncError('not now', { code: 'X', fate: 'fix-input', remedy: 'r' });
      },
    });
    const ended = runWorkflow<BackfillOutcome, void>(env, 'invoiceSettlementBackfill', {
      activities,
      during: async (handle) => {
        while (calls === 0) await new Promise((resolve) => setTimeout(resolve, 20));
        await untilWaiting(env.client.workflow.getHandle(`${handle.workflowId}/run`) as never);
        await handle.cancel();
      },
    });
    await expect(ended).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(called).toContain('resumeSchedules');
  });

  test('looks ever more rarely for the end of another run over a chunk', async () => {
    const { result, seen } = await backfill<number[]>(
      {
        planHistory: async () => {
          // Nobody works on it: it stays open until it is terminated.
          await env.client.workflow.start('revenueSync', {
            workflowId: `${activityInfo().workflowExecution?.workflowId}/run`,
            taskQueue: 'nobody',
          });
        },
      },
      {
        during: async (handle) => {
          for (;;) {
            const { events } = await handle.fetchHistory();
            const pauses = (events ?? []).flatMap(
              ({ timerStartedEventAttributes: timer }) => timer?.startToFireTimeout?.seconds ?? [],
            );
            if (pauses.length === 2) {
              await env.client.workflow.getHandle(`${handle.workflowId}/run`).terminate('for the test');
              return pauses.map(Number);
            }
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
        },
      },
    );
    expect(result.outcome).toBe('completed');
    expect(seen).toEqual([2, 4]);
  }, 30_000);

  test('waits for a decision when somebody gave the run over a chunk up', async () => {
    let calls = 0;
    const { result, seen } = await backfill<DeskState>(
      {
        submitExport: async () => {
          calls += 1;
          if (calls > 1) return { jobId: 'job-1', sides: [] };
          throw new RevsyncError('not now', { code: 'X', fate: 'fix-input', remedy: 'r' });
        },
      },
      {
        during: async (handle) => {
          const child = env.client.workflow.getHandle(`${handle.workflowId}/run`);
          while (calls === 0) await new Promise((resolve) => setTimeout(resolve, 20));
          await untilWaiting(child as never);
          await child.executeUpdate('abort', { args: [{ reason: 'no' }] });
          const state = await untilWaiting(handle as never);
          await handle.executeUpdate('retry', { args: [{}] });
          return state;
        },
      },
    );
    expect(seen?.awaiting?.message).toBe('The run over chunk 1 of demo was aborted.');
    expect(result.outcome).toBe('completed');
  });
});
