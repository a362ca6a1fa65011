/** A metric of our own, as dashboards and alert rules name it. */
export interface MetricDefinition {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
}

const gauge = <const Name extends string>(name: Name, help: string, labels: readonly string[] = []) =>
  ({ name, type: 'gauge', help, labels }) as const;
const counter = <const Name extends string>(name: Name, help: string, labels: readonly string[]) =>
  ({ name, type: 'counter', help, labels }) as const;

/** Every metric that is read from the database or from Temporal when somebody asks. */
export const READ_METRICS = [
  gauge('revsync_build_info', '1, with the version of revsync that answers.', ['version']),
  gauge('revsync_database_up', 'Whether the database answered, and its schema fits: 1 or 0.'),
  gauge('revsync_database_pending_migrations', 'Migrations of this version that the database lacks.'),
  gauge('revsync_temporal_up', 'Whether Temporal answered: 1 or 0.'),
  gauge('revsync_mark_lag_seconds', 'How long ago the mark is: what Billing changed since is not synced.', [
    'entity',
    'org',
  ]),
  gauge('revsync_mark_timestamp_seconds', 'How far the entity is synced.', ['entity', 'org']),
  gauge('revsync_last_success_timestamp_seconds', 'When a run was completed last; 0: never.', ['entity']),
  gauge('revsync_last_run_duration_seconds', 'How long the newest run took that is over.', ['entity']),
  gauge('revsync_open_run_seconds', 'For how long the open run has been open; 0: none is.', ['entity']),
  counter('revsync_runs_total', 'Runs that are over, by outcome.', ['entity', 'outcome']),
  gauge('revsync_run_rows', 'Rows of the newest run, by what became of them on loading.', [
    'entity',
    'object',
    'class',
  ]),
  gauge('revsync_balance_differences', 'Objects whose classes do not add up in the newest balance.', [
    'entity',
  ]),
  gauge('revsync_holds', 'Open holds, by the rule that holds.', ['org', 'limitation', 'kind']),
  gauge('revsync_lines_waiting', 'Lines that are not collected, by status.', ['org', 'status']),
  gauge('revsync_waiting_steps', 'Workflows that wait for a person.', ['workflow_type']),
  gauge('revsync_oldest_waiting_step_seconds', 'For how long the one that waits longest has waited.', [
    'workflow_type',
  ]),
  counter('revsync_schedule_actions_total', 'Actions of a schedule: taken, missed or skipped.', [
    'schedule',
    'result',
  ]),
  gauge('revsync_schedule_paused', 'Whether the schedule is paused: 1 or 0.', ['schedule']),
] as const satisfies readonly MetricDefinition[];

export type ReadMetric = (typeof READ_METRICS)[number]['name'];

/** Measured by the worker itself while it works. */
export const ACTIVITY_SECONDS = {
  name: 'revsync_activity_seconds',
  type: 'histogram',
  help: 'How long attempts of activities took: completed, waits (asks again later), failed, cancelled.',
  labels: ['activity', 'outcome'],
} as const satisfies MetricDefinition;

/** All metrics of ours on `/metrics`; those of Temporal's SDK are called `temporal_*`. */
export const METRICS: readonly MetricDefinition[] = [...READ_METRICS, ACTIVITY_SECONDS];
