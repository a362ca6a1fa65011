import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { RatesReport } from '../../src/cli/rates/rates-run.ts';
import type { EnsuredSchedule } from '../../activities/dependencies.ts';
import type { ListedSchedule } from '../../src/cli/schedule/list-schedules.ts';
import type { ListedRate } from '../../src/store/rates/list-rates.ts';
import {
  openTerminal,
  type SandboxDocument,
  type Staying,
  tellSandbox,
  type Terminal,
  until,
  type UpDocument,
} from '../support/command-line.ts';

const ID = 'exchange-rate-sync/demo';

describe('exchange rates', () => {
  let terminal: Terminal;
  let sandbox: Staying<SandboxDocument>;
  let connection: Connection;
  let client: Client;

  const rates = (...argv: string[]) => terminal.json<RatesReport>(['rates', 'run', ...argv]);
  const listed = (...argv: string[]) => terminal.json<ListedRate[]>(['rates', 'list', ...argv]);
  const schedules = () => terminal.json<ListedSchedule[]>(['schedule', 'list']);
  const state = async () => (await client.schedule.getHandle(ID).describe()).state;
  const ensure = (...argv: string[]) =>
    terminal.json<EnsuredSchedule[]>(['schedule', 'ensure', '--kind', 'exchange-rate-sync', ...argv]);

  beforeAll(async () => {
    terminal = await openTerminal();
    sandbox = await terminal.start<SandboxDocument>([
      'sandbox',
      '--generate',
      'items=120,seed=3,currencies=USD+EUR+JPY',
    ]);
    const env = { ZUORA_BASE_URL: sandbox.document.url };
    const up = await terminal.start<UpDocument>(['up'], { env });
    connection = await Connection.connect({ address: up.document.temporal });
    client = new Client({ connection });
  });
  afterAll(async () => {
    await connection.close();
    await terminal.close();
  });

  test('are not asked for while nothing is known that is to be converted', async () => {
    expect(await rates()).toMatchObject({ entity: 'demo', outcome: 'nothing-to-do', window: null });
    expect(await ensure()).toMatchObject([{ id: ID, action: 'not-needed' }]);
    expect(await schedules()).toEqual([]);
  });

  describe('after a sync', () => {
    let first: RatesReport;
    beforeAll(async () => {
      await terminal.json(['sync', 'run']);
      first = await rates();
    });

    test('come with the first run for all days since the oldest line', async () => {
      expect(first).toMatchObject({
        workflowId: ID,
        entity: 'demo',
        outcome: 'completed',
        window: { from: '2024-02-12' },
        currencies: ['EUR', 'JPY'],
        rates: { changed: '0', refused: '0' },
        note: '',
        message: null,
      });
      expect(Number(first.rates?.new)).toBeGreaterThan(700);
      expect(first.rates?.new).toBe(first.rates?.read);
      const [rate, ...others] = await listed('--day', '2024-05-01', '--to-currency', 'EUR');
      expect(rate).toMatchObject({
        from: 'USD',
        to: 'EUR',
        inverse: true,
        rate: expect.stringMatching(/^1\.0\d+$/),
        source: 'custom-exchange-rates',
        rateSet: 'Default',
        recordedBy: ID,
      });
      expect(others).toEqual([]);
    });

    test('are read again only where they may have changed', async () => {
      const again = await rates();
      expect(again.outcome).toBe('completed');
      expect(again.window?.from).not.toBe(first.window?.from);
      expect(again.rates).toMatchObject({ new: '0', changed: '0' });
    });

    test('become another version when Billing says otherwise, and the old one stays', async () => {
      const before = await listed('--day', '2024-05-01', '--to-currency', 'EUR');
      await tellSandbox(sandbox.document.url, 'changes', {
        object: 'ExchangeRate',
        rows: [
          {
            Id: 'corrected',
            FromCurrency: 'EUR',
            ToCurrency: 'USD',
            RateDate: '2024-05-01',
            Rate: '1.25',
          },
        ],
      });
      const chosen = ['--from', '2024-05-01', '--to', '2024-05-02', '--currencies', 'EUR'];
      expect(await rates(...chosen)).toMatchObject({
        window: { from: '2024-05-01', to: '2024-05-02' },
        currencies: ['EUR'],
        rates: { read: '2', new: '0', changed: '1', unchanged: '1' },
      });
      const after = await listed('--day', '2024-05-01', '--to-currency', 'EUR');
      expect(after.slice(0, -1)).toEqual(before);
      expect(after.at(-1)).toMatchObject({ rate: '1.25', source: 'custom-exchange-rates' });
      expect(await rates(...chosen)).toMatchObject({ rates: { changed: '0', unchanged: '2' } });
    });

    test('are those that were extracted where Billing has no table', async () => {
      const match = 'GET /v1/custom-exchange-rates';
      await tellSandbox(sandbox.document.url, 'faults', { kind: 'permission', match, times: 1 });
      expect(await rates('--from', '2024-05-01')).toMatchObject({
        outcome: 'completed',
        note: expect.stringMatching(/^Billing has no table of exchange rates: \d+ extracted/),
      });
    });
  });

  describe('on schedule', () => {
    test('are read early every day, as the list says', async () => {
      expect(await ensure()).toMatchObject([{ id: ID, entity: 'demo', action: 'created' }]);
      const [listedOne] = await until('the list has it', async () => {
        const all = await schedules();
        return all.length > 0 && all;
      });
      expect(listedOne).toMatchObject({
        id: ID,
        workflow: 'exchangeRateSync',
        input: { entity: 'demo' },
        spec: { cron: [expect.stringMatching(/^\d+ 4 \* \* \*$/)], every: [], timezone: 'UTC' },
        paused: false,
        overlap: 'BUFFER_ONE',
        catchUpSeconds: '259200',
        pauseOnFailure: false,
        taken: '0',
        next: [expect.stringMatching(/T04:\d\d:00/), expect.any(String), expect.any(String)],
        last: [],
      });
    });

    test('are read by a run of their own, which people find', async () => {
      await client.schedule.getHandle(ID).trigger();
      const last = await until('it has run', async () => (await schedules())[0]?.last[0]);
      expect(last.workflowId).toMatch(/^exchange-rate-sync\/demo-20/);
      const handle = client.workflow.getHandle(last.workflowId, last.runId);
      expect(await handle.result()).toMatchObject({ outcome: 'completed', entity: 'demo' });
      expect((await handle.describe()).searchAttributes).toMatchObject({
        RevsyncTenant: ['demo'],
        RevsyncEntity: ['demo'],
        Outcome: ['completed'],
      });
    });

    test('stay as a person changed them, however often they are made sure of', async () => {
      await client.schedule.getHandle(ID).update((before) => ({
        ...before,
        spec: { cronExpressions: ['15 6 * * 1-5'], timezone: 'Europe/Berlin' },
        state: { ...before.state, note: 'after the ECB' },
      }));
      expect(await ensure('--cron', '0 1 * * *')).toMatchObject([{ id: ID, action: 'exists' }]);
      expect(await schedules()).toMatchObject([
        { spec: { cron: ['15 6 * * 1-5'], timezone: 'Europe/Berlin' }, note: 'after the ECB' },
      ]);
      expect(await terminal.json(['schedule', 'diff'])).toMatchObject([
        {
          id: ID,
          status: 'edited',
          differences: [
            { field: 'when', temporal: ['15 6 * * 1-5'] },
            { field: 'timezone', definition: 'UTC', temporal: 'Europe/Berlin' },
          ],
        },
        { id: 'revenue-sync/demo', status: 'absent' },
      ]);
    });

    test('rest while they are paused, and go on', async () => {
      const paused = await terminal.json(['schedule', 'pause', ID, '--by', 'ann', '--reason', 'audit']);
      expect(paused).toEqual({ id: ID, paused: true, note: 'Paused by ann: audit' });
      expect(await state()).toMatchObject({ paused: true, note: 'Paused by ann: audit' });
      await ensure();
      expect(await state()).toMatchObject({ paused: true });
      await terminal.json(['schedule', 'resume', ID, '--by', 'ann']);
      expect(await state()).toMatchObject({ paused: false, note: 'Resumed by ann' });
    });

    test('are refused with a cron expression that is none, and under a name that nobody knows', async () => {
      await client.schedule.getHandle(ID).delete();
      const kinds = await terminal.run(['schedule', 'ensure', '--cron', '0 1 * * *', '--json']);
      expect([kinds.code, kinds.json()]).toMatchObject([2, { error: { code: 'USAGE' } }]);
      const of = ['--kind', 'exchange-rate-sync', '--json'];
      const wrong = await terminal.run(['schedule', 'ensure', '--cron', 'daily', ...of]);
      expect([wrong.code, wrong.json()]).toMatchObject([2, { error: { code: 'SCHEDULE_REFUSED' } }]);
      const unknown = await terminal.run(['schedule', 'pause', 'nothing', '--json']);
      expect([unknown.code, unknown.json()]).toMatchObject([2, { error: { code: 'SCHEDULE_UNKNOWN' } }]);
    });
  });
});
