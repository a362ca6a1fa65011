import { describe, expect, test } from 'vitest';

import { activitySeconds } from '../../src/telemetry/activity-seconds.ts';
import { databaseSamples } from '../../src/telemetry/database-samples.ts';
import { METRICS, READ_METRICS } from '../../src/telemetry/metrics.ts';
import { exposition, type Sample } from '../../src/telemetry/samples.ts';

describe('exposition', () => {
  test('says of a metric what it is, its type and its values', async () => {
    const text = await exposition([
      { metric: 'revsync_holds', labels: { org: 'north', limitation: 'a', kind: 'orphan' }, value: 3 },
      { metric: 'revsync_runs_total', labels: { entity: 'demo', outcome: 'completed' }, value: 7 },
      { metric: 'revsync_database_up', value: 0 },
    ]);
    expect(text).toContain(
      '# HELP revsync_holds Open holds, by the rule that holds.\n# TYPE revsync_holds gauge\n',
    );
    expect(text).toContain('revsync_holds{org="north",limitation="a",kind="orphan"} 3\n');
    expect(text).toContain(
      '# TYPE revsync_runs_total counter\nrevsync_runs_total{entity="demo",outcome="completed"} 7\n',
    );
    expect(text).toContain('\nrevsync_database_up 0\n');
  });

  test('forgets what is not told any more, and leaves out what nobody told', async () => {
    await exposition([{ metric: 'revsync_schedule_paused', labels: { schedule: 'gone' }, value: 1 }]);
    expect(await exposition([{ metric: 'revsync_database_up', value: 1 }])).not.toContain('schedule');
  });

  test('takes exactly the labels that a metric is defined with', async () => {
    const samples = READ_METRICS.map(({ name, labels }): Sample => ({
      metric: name,
      labels: Object.fromEntries(labels.map((label) => [label, `a "quoted"\n${label}`])),
      value: 1,
    }));
    const text = await exposition(samples);
    for (const { name, labels } of READ_METRICS) {
      for (const label of labels) expect(text).toMatch(new RegExp(`^${name}\\{.*${label}="a \\\\"`, 'm'));
    }
    const stranger: Sample = { metric: 'revsync_holds', labels: { customer: 'Ann' }, value: 1 };
    await expect(exposition([stranger])).rejects.toThrow('customer');
  });
});

describe('METRICS', () => {
  test('are named as Prometheus names them, once', () => {
    const names = METRICS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^revsync_[a-z_]+$/.test(name))).toEqual([]);
    const counters = METRICS.filter(({ type }) => type === 'counter').map(({ name }) => name);
    expect(names.filter((name) => name.endsWith('_total'))).toEqual(counters);
  });
});

describe('databaseSamples', () => {
  test('leaves out what an entity cannot tell yet', () => {
    const gauges = { runs: [], rows: [], holds: [], waiting: [] };
    const entity = {
      entity: 'west',
      org: 'west',
      mark: null,
      lag: null,
      lastSuccess: 0,
      lastDuration: null,
      open: 12,
      differences: 0,
    };
    const samples = databaseSamples({ ...gauges, entities: [entity] });
    expect(samples.map(({ metric, value }) => [metric, value])).toEqual([
      ['revsync_last_success_timestamp_seconds', 0],
      ['revsync_open_run_seconds', 12],
      ['revsync_balance_differences', 0],
    ]);
  });
});

describe('activitySeconds', () => {
  test('counts attempts by how long they took and how they ended', async () => {
    const measured = activitySeconds();
    measured.observe({ activity: 'transform', outcome: 'completed', seconds: 2 });
    measured.observe({ activity: 'transform', outcome: 'completed', seconds: 0.2 });
    measured.observe({ activity: 'transform', outcome: 'failed', seconds: 1 });
    const text = await measured.read();
    expect(text).toContain('revsync_activity_seconds_count{activity="transform",outcome="completed"} 2\n');
    expect(text).toContain('revsync_activity_seconds_sum{activity="transform",outcome="failed"} 1\n');
    expect(text).toMatch(/_bucket\{le="1",activity="transform",outcome="completed"\} 1\n/);
  });
});
