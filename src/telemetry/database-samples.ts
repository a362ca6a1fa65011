import type { DatabaseHealth } from '../store/database-health.ts';
import type { DatabaseGauges } from '../store/metrics/read-gauges.ts';
import type { Sample } from './samples.ts';

/** How far the schema is behind; why the rest may be missing although the server answers. */
export const schemaSamples = ({ pending }: DatabaseHealth): Sample[] => [
  { metric: 'revsync_database_pending_migrations', value: pending.length },
];

const ROW_CLASSES = ['extracted', 'changed', 'unchanged', 'rejected'] as const;

/** What the database tells, as samples. */
export function databaseSamples({ entities, runs, rows, holds, waiting }: DatabaseGauges): Sample[] {
  return [
    ...entities.flatMap(entitySamples),
    ...runs.map(({ entity, outcome, count }) => ({
      metric: 'revsync_runs_total' as const,
      labels: { entity, outcome },
      value: count,
    })),
    ...rows.flatMap(({ entity, object, ...counts }) =>
      ROW_CLASSES.map((name) => ({
        metric: 'revsync_run_rows' as const,
        labels: { entity, object, class: name },
        value: counts[name],
      })),
    ),
    ...holds.map(({ org, limitation, kind, count }) => ({
      metric: 'revsync_holds' as const,
      labels: { org, limitation, kind },
      value: count,
    })),
    ...waiting.map(({ org, status, count }) => ({
      metric: 'revsync_lines_waiting' as const,
      labels: { org, status },
      value: count,
    })),
  ];
}

function entitySamples(gauges: DatabaseGauges['entities'][number]): Sample[] {
  const { entity, org, mark, lag, lastSuccess, lastDuration, open, differences } = gauges;
  const known = (metric: Sample['metric'], value: number | null, labels: Record<string, string>): Sample[] =>
    value === null ? [] : [{ metric, labels, value }];
  return [
    ...known('revsync_mark_timestamp_seconds', mark, { entity, org }),
    ...known('revsync_mark_lag_seconds', lag, { entity, org }),
    ...known('revsync_last_success_timestamp_seconds', lastSuccess, { entity }),
    ...known('revsync_last_run_duration_seconds', lastDuration, { entity }),
    ...known('revsync_open_run_seconds', open, { entity }),
    ...known('revsync_balance_differences', differences, { entity }),
  ];
}
