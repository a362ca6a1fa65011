import { describe, expect, test } from 'vitest';

import { METRICS } from '../../src/telemetry/metrics.ts';
import { expressionsOf, selectorsOf } from '../support/promql.ts';
import { read } from '../support/compose.ts';

/** What Temporal's core tells of the metrics that we name: as a scrape of a worker of SDK 1.24.0 had them. */
const OF_TEMPORAL: Readonly<Record<string, readonly string[]>> = {
  temporal_activity_execution_failed: [
    'activity_type',
    'failure_reason',
    'namespace',
    'service_name',
    'task_queue',
    'workflow_type',
  ],
  temporal_activity_schedule_to_start_latency_bucket: ['namespace', 'service_name', 'task_queue', 'le'],
  temporal_num_pollers: ['namespace', 'poller_type', 'service_name', 'task_queue'],
  temporal_worker_task_slots_used: ['namespace', 'service_name', 'task_queue', 'worker_type'],
  temporal_workflow_task_execution_failed: [
    'failure_reason',
    'namespace',
    'service_name',
    'task_queue',
    'workflow_type',
  ],
};
/** What Prometheus adds, and what alerts.yml records. */
const OF_PROMETHEUS = { up: [], 'revsync:holds:sum': ['org', 'limitation'] };
const ADDED_BY_PROMETHEUS = ['job', 'instance'];

const ours = METRICS.flatMap(({ name, type, labels }) =>
  type === 'histogram' ? [[`${name}_bucket`, [...labels, 'le']] as const] : [[name, labels] as const],
);
const known = new Map<string, readonly string[]>([
  ...ours,
  ...Object.entries(OF_TEMPORAL),
  ...Object.entries(OF_PROMETHEUS),
]);

describe.each(['deploy/prometheus/alerts.yml', 'deploy/grafana/dashboards/revsync.json'])('%s', (file) => {
  const expressions = expressionsOf(file, read(file));

  test('names only metrics that there are', () => {
    const names = expressions.flatMap((expression) => selectorsOf(expression).map(({ metric }) => metric));
    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  test('selects and groups by labels that these metrics have', () => {
    const unknown = expressions.flatMap((expression) => {
      const selectors = selectorsOf(expression);
      const grouped = [...expression.matchAll(/\b(?:by|on) \(([^)]*)\)/g)].flatMap((match) =>
        (match[1] ?? '').split(',').map((label) => label.trim()),
      );
      const has = new Set([
        ...ADDED_BY_PROMETHEUS,
        ...selectors.flatMap(({ metric }) => known.get(metric) ?? []),
      ]);
      return [
        ...grouped.filter((label) => label !== '' && !has.has(label)),
        ...selectors.flatMap(({ metric, labels }) =>
          labels.filter((label) => ![...ADDED_BY_PROMETHEUS, ...(known.get(metric) ?? [])].includes(label)),
        ),
      ].map((label) => `${label} in ${expression}`);
    });
    expect(unknown).toEqual([]);
  });
});

test('the dashboard shows every metric of ours that can be wrong', () => {
  const shown = new Set(
    expressionsOf('.json', read('deploy/grafana/dashboards/revsync.json'))
      .flatMap((expression) => selectorsOf(expression))
      .map(({ metric }) => metric.replace(/_bucket$/, '')),
  );
  const left = METRICS.map(({ name }) => name).filter((name) => !shown.has(name));
  // The lag says the one already; the other says who answered.
  expect(left.toSorted()).toEqual(['revsync_build_info', 'revsync_mark_timestamp_seconds']);
});
