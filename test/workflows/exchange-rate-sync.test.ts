import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Activities } from '../../activities/activities.ts';
import { RevsyncError } from '../../src/domain/errors.ts';
import type { DeskState } from '../../src/domain/operator/steps.ts';
import type { RateSyncOutcome } from '../../workflows/exchange-rate-sync.ts';
import { mockActivities } from '../support/mock-activities.ts';
import { runWorkflow, startTimeSkipping, untilWaiting } from '../support/temporal.ts';

interface Handle {
  query<T>(name: string): Promise<T>;
  executeUpdate(name: string, options?: object): Promise<unknown>;
  result(): Promise<unknown>;
}

const broken = (code: string): RevsyncError =>
  new RevsyncError(`${code} happened`, { code, fate: 'fix-input', remedy: 'Do something.' });

const COUNTS = { read: '3', new: '2', changed: '1', unchanged: '0', refused: '0', refusals: [] };
type Plan = Awaited<ReturnType<Activities['planRateSync']>>;
const part = (base: string, currencies: string[], from: string, to: string): Plan['parts'][number] => ({
  entity: 'demo',
  org: 'default',
  base,
  currencies,
  span: { from, to },
});
const planned =
  (...parts: Plan['parts']) =>
  async (): Promise<Plan> => ({
    tenant: 'demo',
    entity: 'demo',
    org: 'default',
    home: 'USD',
    parts,
    movesMarks: true,
    note: '',
  });
const DAYS = ['2024-01-01', '2024-01-02'] as const;
const ONE = part('USD', ['EUR'], '2024-01-01', '2024-01-02');
const TWO = [ONE, part('GBP', ['USD'], '2024-01-01', '2024-01-02')];

describe('exchangeRateSync', () => {
  let env: TestWorkflowEnvironment;
  beforeAll(async () => void (env = await startTimeSkipping()));
  afterAll(() => env.teardown());

  const sync = (replaced: Partial<Activities>, options: object = {}) =>
    runWorkflow<RateSyncOutcome, unknown>(env, 'exchangeRateSync', {
      activities: mockActivities(replaced),
      ...options,
    });

  test('starts with no input at all, and says what it read', async () => {
    const moved: unknown[] = [];
    const { result, workflowId } = await sync({
      planRateSync: planned(ONE),
      readRates: async () => ({ ...COUNTS, told: ['EUR'] }),
      moveRateMarks: async (parts) => void moved.push(parts),
    });
    expect(result).toEqual({
      workflowId,
      runId: expect.any(String),
      entity: 'demo',
      outcome: 'completed',
      window: { from: '2024-01-01', to: '2024-01-02' },
      currencies: ['EUR'],
      rates: { read: '3', new: '2', changed: '1', unchanged: '0', refused: '0' },
      refused: [],
      note: '',
    });
    expect(moved).toEqual([[ONE]]);
  });

  test('reads a long time in pieces, one after the other, and adds up', async () => {
    const spans: string[] = [];
    const { result } = await sync({
      planRateSync: planned(part('USD', ['EUR'], '2022-01-01', '2024-01-01')),
      readRates: async ({ span: { from, to } }) => {
        spans.push(`${from} ${to}`);
        return { ...COUNTS, refused: '1', refusals: [`one of ${from}`], told: ['EUR'] };
      },
    });
    expect(spans).toEqual(['2022-01-01 2022-12-26', '2022-12-27 2023-12-21', '2023-12-22 2024-01-01']);
    expect(result.rates).toEqual({ read: '9', new: '6', changed: '3', unchanged: '0', refused: '3' });
    expect(result.refused).toEqual(['one of 2022-01-01', 'one of 2022-12-27', 'one of 2023-12-22']);
  });

  test('does nothing where there is nothing to convert, and says why', async () => {
    const { result } = await sync({
      planRateSync: async () => ({ ...(await planned()()), note: 'Nothing to convert.' }),
      readRates: async () => {
        throw broken('UNASKED');
      },
    });
    expect(result).toMatchObject({
      outcome: 'nothing-to-do',
      window: null,
      currencies: [],
      note: 'Nothing to convert.',
    });
  });

  test('moves no mark over days that a person chose', async () => {
    const { result } = await sync({
      planRateSync: async () => ({ ...(await planned(ONE)()), movesMarks: false }),
      moveRateMarks: async () => {
        throw broken('UNASKED');
      },
    });
    expect(result.outcome).toBe('completed');
  });

  test('goes by the extracted objects where Billing has no table, and says so', async () => {
    const { result } = await sync({
      planRateSync: planned(ONE),
      readRates: async () => {
        throw broken('BILLING_PERMISSION_MISSING');
      },
      recordExtractedRates: async () => ({ ...COUNTS, read: '12', told: [] }),
      moveRateMarks: async () => {
        throw broken('UNASKED');
      },
    });
    expect(result).toMatchObject({
      outcome: 'completed',
      rates: { read: '12' },
      note: 'Billing has no table of exchange rates: 12 extracted ExchangeRate objects stand in.',
    });
  });

  test('waits when there are none of those either; `retry` asks Billing again', async () => {
    let refused = true;
    const { result, seen } = await sync(
      {
        planRateSync: planned(ONE),
        readRates: async () => {
          if (refused) throw broken('BILLING_PERMISSION_MISSING');
          return { ...COUNTS, told: ['EUR'] };
        },
        recordExtractedRates: async () => {
          throw broken('EXCHANGE_RATES_NOWHERE');
        },
      },
      {
        during: async (handle: Handle) => {
          const { awaiting } = await untilWaiting(handle);
          refused = false;
          await handle.executeUpdate('retry', { args: [{}] });
          return awaiting;
        },
      },
    );
    expect(seen).toMatchObject({ step: 'read', remedy: 'Do something.' });
    expect(result).toMatchObject({ outcome: 'completed', rates: { read: '3' }, note: '' });
  });

  test('goes on after a retry where it had stopped, and counts nothing twice', async () => {
    const asked: string[] = [];
    let fails = true;
    const { result } = await sync(
      {
        planRateSync: planned(part('USD', ['EUR'], '2022-01-01', '2022-12-31')),
        readRates: async ({ span: { from } }) => {
          asked.push(from);
          if (from !== '2022-01-01' && fails) throw broken('BILLING_REPLY_UNEXPECTED');
          return { ...COUNTS, told: ['EUR'] };
        },
      },
      {
        during: async (handle: Handle) => {
          await untilWaiting(handle);
          fails = false;
          await handle.executeUpdate('retry', { args: [{}] });
        },
      },
    );
    expect(asked).toEqual(['2022-01-01', '2022-12-27', '2022-12-27']);
    expect(result.rates.read).toBe('6');
  });

  test('does without the table of another reporting currency, and names what no rate came of', async () => {
    const moved: unknown[] = [];
    const { result } = await sync({
      planRateSync: planned(...TWO),
      readRates: async ({ base }) => {
        if (base === 'GBP') throw broken('BILLING_REQUEST_REFUSED');
        return { ...COUNTS, told: [] };
      },
      moveRateMarks: async (parts) => void moved.push(...parts),
    });
    expect(result).toMatchObject({
      outcome: 'completed',
      note: 'Billing told no rate of EUR in USD. Billing has no table of rates in GBP.',
    });
    expect(moved).toEqual([ONE]);
  });

  test.each(['BILLING_PERMISSION_MISSING', 'BILLING_REQUEST_REFUSED'])(
    'goes by the extracted objects where Billing has no table of the reporting currency, and no home currency: %s',
    async (code) => {
      const { result } = await sync({
        planRateSync: async () => ({ ...(await planned(part('KWD', ['EUR'], ...DAYS))()), home: null }),
        readRates: async () => {
          throw broken(code);
        },
        recordExtractedRates: async () => ({ ...COUNTS, told: [] }),
      });
      expect(result).toMatchObject({
        outcome: 'completed',
        currencies: ['EUR'],
        note: `Billing has no table of rates in KWD: ${COUNTS.read} extracted ExchangeRate objects stand in.`,
      });
    },
  );

  test('waits when Billing refuses its home currency, and can be given up', async () => {
    const { result } = await sync(
      {
        planRateSync: planned(...TWO),
        readRates: async () => {
          throw broken('BILLING_REQUEST_REFUSED');
        },
      },
      {
        during: async (handle: Handle) => {
          await untilWaiting(handle);
          await handle.executeUpdate('abort', { args: [{ reason: 'no rates here' }] });
          await handle.result();
          return handle.query<DeskState>('state');
        },
      },
    );
    expect(result).toMatchObject({ outcome: 'aborted', entity: 'demo' });
  });

  test('fails at once on input it does not understand, or an entity that nobody knows', async () => {
    for (const [input, type] of [
      [{ from: '2024-02-30' }, 'INVALID_INPUT'],
      [{ entity: 'nobody' }, 'ENTITY_UNKNOWN'],
    ] as const) {
      const failure = await sync(
        {
          planRateSync: async () => {
            throw broken('ENTITY_UNKNOWN');
          },
        },
        { input },
      ).catch((error: Error) => error);
      expect(JSON.stringify(causesOf(failure))).toContain(type);
    }
  });
});

const causesOf = (error: unknown): unknown[] =>
  error instanceof Error ? [(error as { type?: string }).type, ...causesOf(error.cause)] : [];
