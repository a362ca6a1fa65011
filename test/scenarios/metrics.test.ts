import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { SyncReport } from '../../src/cli/sync-run.ts';
import { METRICS } from '../../src/telemetry/metrics.ts';
import {
  openTerminal,
  type SandboxDocument,
  type Staying,
  type Terminal,
  until,
  type UpDocument,
} from '../support/command-line.ts';
import { Collector } from '../support/collector.ts';
import { holdTable, rowsOf } from './database-rows.ts';
import { type RevocableBilling, startRevocableBilling } from './revocable-billing.ts';

const LAG = 'revsync_mark_lag_seconds{entity="demo",org="default"}';

/** Values by name and labels, as a line of the exposition has them: `revsync_holds{org="a",...}`. */
type Scrape = ReadonlyMap<string, number>;

/** Everything that a worker tells of itself, all of it switched on. */
describe('the metrics of a worker', () => {
  const collector = new Collector();
  let terminal: Terminal;
  let billing: RevocableBilling;
  let up: Staying<UpDocument>;
  let connection: Connection;
  let client: Client;

  const scrape = async (): Promise<Scrape> => {
    const reply = await fetch(up.document.metrics);
    expect(reply.status).toBe(200);
    return valuesOf(await reply.text());
  };
  /** A scrape in which that holds: what a worker tells is a few seconds old. */
  const scraped = (what: string, holds: (values: Scrape) => boolean | undefined): Promise<Scrape> =>
    until(what, async () => {
      const values = await scrape();
      return holds(values) === true ? values : null;
    });
  const rows = <Row extends Record<string, unknown>>(statement: string) =>
    rowsOf<Row>(up.document.database, statement);
  /** What one column of one row says. */
  const figure = async (statement: string): Promise<number> => {
    const [row] = await rows<{ value: string }>(statement);
    return Number(row?.value);
  };
  /** The same metrics as SQL of the test's own finds them: `name` and `value` in each row. */
  const fromDatabase = async (statement: string): Promise<Record<string, number>> => {
    const found = await rows<{ name: string; value: string }>(statement);
    return Object.fromEntries(found.map(({ name, value }) => [name, Number(value)]));
  };

  beforeAll(async () => {
    terminal = await openTerminal({ OTEL_EXPORTER_OTLP_ENDPOINT: await collector.listen() });
    const sandbox = await terminal.start<SandboxDocument>(['sandbox', '--generate', 'items=200']);
    billing = await startRevocableBilling(sandbox.document.url);
    up = await terminal.start<UpDocument>(['up'], {
      // Lines after this month wait for their period: something holds them.
      env: { ZUORA_BASE_URL: billing.url, REVSYNC_OPEN_PERIOD: '2024-06', REVSYNC_LOG_LEVEL: 'info' },
    });
    connection = await Connection.connect({ address: up.document.temporal });
    client = new Client({ connection });
    await createSchedules(client);
  });
  afterAll(async () => {
    collector.close();
    await connection?.close();
    await terminal.close();
    await billing.close();
  });

  test('are told while a run is under way', async () => {
    const held = await holdTable(up.document.database, 'prestaging.invoice_item');
    try {
      await terminal.json<SyncReport>(['sync', 'run', '--no-wait']);
      await held.waitedFor();
      const open = 'revsync_open_run_seconds{entity="demo"}';
      const values = await scraped('the run is seen', (seen) => (seen.get(open) ?? 0) > 0);
      const age = await figure(`select extract(epoch from now() - opened_at) as value from control.run`);
      expect(values.get(open)).toBeLessThanOrEqual(age);
      expect(values.get(open)).toBeGreaterThan(age - 30);
      expect(values.get('revsync_last_success_timestamp_seconds{entity="demo"}')).toBe(0);
      expect(values.get('revsync_database_up')).toBe(1);
      expect(values.get('revsync_temporal_up')).toBe(1);
      expect([...values.keys()].filter((name) => name.startsWith('revsync_mark'))).toEqual([]);
    } finally {
      await held.release();
    }
  });

  test('agree with the database once the run is over', async () => {
    expect(await client.workflow.getHandle('revenue-sync/demo').result()).toMatchObject({
      outcome: 'completed',
    });
    const since = await figure('select extract(epoch from now() - high_water) as value from control.mark');
    const values = await scraped('it is told what came after', (seen) => (seen.get(LAG) ?? 0) >= since);
    expect(values.get('revsync_runs_total{entity="demo",outcome="completed"}')).toBe(1);
    expect(values.get('revsync_open_run_seconds{entity="demo"}')).toBe(0);
    expect(values.get('revsync_balance_differences{entity="demo"}')).toBe(0);

    const instant = await fromDatabase(`
      select 'revsync_mark_timestamp_seconds{entity="demo",org="default"}' as name,
        extract(epoch from high_water) as value from control.mark
      union all select 'revsync_last_success_timestamp_seconds{entity="demo"}', extract(epoch from closed_at) from control.run
      union all select 'revsync_last_run_duration_seconds{entity="demo"}',
        extract(epoch from closed_at - opened_at) from control.run`);
    expect(Object.keys(instant)).toHaveLength(3);
    for (const [name, value] of Object.entries(instant)) expect(values.get(name), name).toBeCloseTo(value, 3);

    const loaded = await fromDatabase(`
      select format('revsync_run_rows{entity="demo",object="%s",class="%s"}', object, class) as name, sum(rows) as value
      from control.extract cross join lateral (values ('extracted', extracted), ('changed', changed),
        ('unchanged', unchanged), ('rejected', rejected)) as c (class, rows)
      group by 1`);
    expect(loaded['revsync_run_rows{entity="demo",object="InvoiceItem",class="changed"}']).toBe(200);
    expect(named(values, 'revsync_run_rows')).toEqual(loaded);

    const holds = await fromDatabase(`
      select format('revsync_holds{org="%s",limitation="%s",kind="%s"}', org, limitation, kind) as name, count(*) as value
      from staging.hold group by 1`);
    expect(Object.keys(holds).join()).toContain('waits-for-open-period');
    expect(named(values, 'revsync_holds')).toEqual(holds);

    const waiting = await fromDatabase(`
      select format('revsync_lines_waiting{org="%s",status="%s"}', org, status) as name, count(*) as value
      from staging.line_state where status in ('ready', 'held', 'waiting', 'stopped') group by 1`);
    expect(nonZero(named(values, 'revsync_lines_waiting'))).toEqual(waiting);
  });

  test('say how long attempts of activities took, as often as Temporal counted them', async () => {
    const values = await scrape();
    const ours = values.get('revsync_activity_seconds_count{activity="finishRun",outcome="completed"}');
    const theirs = [...values].find(([name]) =>
      /^temporal_activity_execution_latency\w*_count\{.*activity_type="finishRun"/.test(name),
    );
    expect(ours).toBe(1);
    expect(theirs?.[1]).toBe(1);
  });

  test('are those that METRICS lists, each once and with its labels', async () => {
    const text = await (await fetch(up.document.metrics)).text();
    const types = [...text.matchAll(/^# TYPE (\w+)/gm)].map((match) => match[1] ?? '');
    expect(new Set(types).size).toBe(types.length);
    const labelsOf = new Map(METRICS.map(({ name, labels }) => [name, labels]));
    const ours = types.filter((name) => name.startsWith('revsync_'));
    expect(ours.filter((name) => !labelsOf.has(name))).toEqual([]);
    expect(types.filter((name) => !/^(revsync|temporal)_/.test(name))).toEqual([]);
    for (const [line] of valuesOf(text)) {
      const name = /^(revsync_\w+?)(?:_bucket|_sum|_count)?(?=\{|$)/.exec(line)?.[1] ?? '';
      const labels = [...line.matchAll(/(\w+)="/g)]
        .map((match) => match[1])
        .filter((label) => label !== 'le');
      if (labelsOf.has(name)) expect(labels, line).toEqual(labelsOf.get(name));
    }
  });

  test('say what became of the actions of schedules, and which are paused', async () => {
    const values = await scrape();
    expect(named(values, 'revsync_schedule_paused')).toEqual({
      'revsync_schedule_paused{schedule="metrics/demo"}': 1,
    });
    expect(named(values, 'revsync_schedule_actions_total')).toEqual({
      'revsync_schedule_actions_total{schedule="metrics/demo",result="taken"}': 1,
      'revsync_schedule_actions_total{schedule="metrics/demo",result="missed"}': 0,
      'revsync_schedule_actions_total{schedule="metrics/demo",result="skipped"}': 0,
    });
  });

  test('a mark that stands still raises the lag', async () => {
    const now = () => figure('select extract(epoch from now() - high_water) as value from control.mark');
    const before = (await scrape()).get(LAG) ?? NaN;
    expect(Math.abs(before - (await now()))).toBeLessThan(30);
    const later = await scraped('time passes', (seen) => (seen.get(LAG) ?? 0) > before);
    expect(later.get(LAG)).toBeLessThan((await now()) + 0.001);
    await rows(`update control.mark set high_water = high_water - interval '2 hours' returning 1`);
    const much = await scraped('the mark was set back', (seen) => (seen.get(LAG) ?? 0) > before + 7200);
    expect(Math.abs((much.get(LAG) ?? NaN) - (await now()))).toBeLessThan(30);
  });

  test('a step that waits for a person appears with its age, and goes when it does', async () => {
    const count = 'revsync_waiting_steps{workflow_type="revenueSync"}';
    const age = 'revsync_oldest_waiting_step_seconds{workflow_type="revenueSync"}';
    expect((await scrape()).has(count)).toBe(false);

    billing.revokeAt('GET /v1/batch-query/jobs');
    const done = await terminal.run(['sync', 'run', '--from', '2024-01-01', '--json']);
    expect(done.json<SyncReport>()).toMatchObject({ outcome: 'waiting' });
    const values = await scraped('the step is seen', (seen) => seen.has(count));
    const handle = client.workflow.getHandle('revenue-sync/demo');
    const [since] = (await handle.describe()).searchAttributes['AwaitingSince'] ?? [];
    expect(since).toBeInstanceOf(Date);
    const waited = (Date.now() - (since as Date).getTime()) / 1000;
    expect(values.get(count)).toBe(1);
    expect(values.get(age)).toBeLessThanOrEqual(waited);
    expect(values.get(age)).toBeGreaterThan(waited - 30);
    await scraped('it gets older', (seen) => (seen.get(age) ?? 0) > (values.get(age) ?? Infinity));

    await handle.executeUpdate('abort', { args: [{ reason: 'enough seen', by: 'ann' }] });
    billing.restore();
    await handle.result();
    const after = await scraped('nobody waits', (seen) => !seen.has(count));
    expect(after.has(age)).toBe(false);
    expect(after.get('revsync_runs_total{entity="demo",outcome="aborted"}')).toBe(1);
  });

  test('go along with a log that says of every attempt which run it was for', () => {
    const lines = up
      .stderr()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const whose = { workflowId: 'revenue-sync/demo', runId: expect.any(String), workflowType: 'revenueSync' };
    expect(
      lines.find(({ activity, outcome }) => activity === 'finishRun' && outcome === 'completed'),
    ).toMatchObject({
      ...whose,
      taskQueue: 'revsync-warehouse',
      attempt: 1,
      ms: expect.any(Number),
    });
    expect(lines.find(({ outcome }) => outcome === 'failed')).toMatchObject({ ...whose, level: 40 });
  });

  test('go along with traces from the command to the activities of all queues', async () => {
    const named = (name: string) => collector.spans.filter((span) => span.name === name);
    await until('the spans are sent', async () => named('RunActivity:collectLines').length > 0);
    const [started] = named('StartWorkflow:revenueSync');
    for (const name of ['openSyncRun', 'loadFile', 'finishRun'])
      expect(
        named(`RunActivity:${name}`).map(({ traceId }) => traceId),
        name,
      ).toContain(started?.traceId);
  });

  test('come with health and readiness, which say what is down', async () => {
    const { origin } = new URL(up.document.metrics);
    const health = await fetch(`${origin}/health`);
    expect({ status: health.status, body: await health.json() }).toEqual({
      status: 200,
      body: { alive: true },
    });
    const ready = await fetch(`${origin}/ready`);
    expect({ status: ready.status, body: await ready.json() }).toEqual({
      status: 200,
      body: { ready: true, workers: 'ok', database: 'ok', temporal: 'ok' },
    });
  });

  test('an address that another program has is refused by name', async () => {
    const { host } = new URL(up.document.metrics);
    const second = await terminal.run(['worker', '--json'], {
      env: { REVSYNC_HTTP_ADDRESS: host, ZUORA_BASE_URL: billing.url },
    });
    expect(second.code).toBe(2);
    expect(second.json()).toMatchObject({ error: { code: 'HTTP_ADDRESS_UNUSABLE' } });
  });
});

/** One of ours that is paused and ran once, and one that belongs to somebody else. */
async function createSchedules(client: Client): Promise<void> {
  for (const [scheduleId, taskQueue] of [
    ['metrics/demo', 'revsync'],
    ['others/demo', 'of-others'],
  ] as const) {
    const schedule = await client.schedule.create({
      scheduleId,
      spec: { intervals: [{ every: '1 day' }] },
      action: { type: 'startWorkflow', workflowType: 'settingsSync', taskQueue, args: [{}] },
      state: { paused: true },
    });
    await schedule.trigger();
    await until('it ran', async () => (await schedule.describe()).info.numActionsTaken === 1);
  }
}

function valuesOf(exposition: string): Scrape {
  const lines = exposition.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

const named = (values: Scrape, name: string): Record<string, number> =>
  Object.fromEntries([...values].filter(([line]) => line.startsWith(`${name}{`)));

const nonZero = (values: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== 0));
