export const SCHEDULE_KINDS = ['exchange-rate-sync', 'revenue-sync', 'data-collection'] as const;
export type ScheduleKind = (typeof SCHEDULE_KINDS)[number];

/** A workflow that revsync runs by itself, once a day. */
export interface ScheduleDefinition {
  /** Its schedules are `<kind>/<key>`, and so are the ids of its workflows. */
  readonly kind: ScheduleKind;
  readonly workflow: string;
  /** What the schedule's page and its runs say. */
  readonly title: string;
  /** Whether there is one for each entity or for each organisation. */
  readonly of: 'entity' | 'org';
  /** The hour of the day in which it runs; the minute follows from the key. */
  readonly hour: number;
  /** Up to so many minutes later, as Temporal draws; 0: not at all. */
  readonly jitterMinutes: number;
  /** What happens while the run before is still under way. */
  readonly overlap: 'SKIP' | 'BUFFER_ONE';
  /** Runs missed while the server was down are caught up when they are not older. */
  readonly catchUpHours: number;
  readonly pauseOnFailure: boolean;
}

/** Every schedule that `schedule ensure` makes, as their day goes: rates are there when lines are formed. */
export const SCHEDULES: readonly ScheduleDefinition[] = [
  {
    kind: 'exchange-rate-sync',
    workflow: 'exchangeRateSync',
    title: 'Exchange rates',
    of: 'entity',
    // Zuora's provider closes its day at 22:00 UTC.
    hour: 4,
    jitterMinutes: 0,
    // One run reads all that was missed, so one that waits is enough; a failure must not stop the days after it.
    overlap: 'BUFFER_ONE',
    catchUpHours: 72,
    pauseOnFailure: false,
  },
  {
    kind: 'revenue-sync',
    workflow: 'revenueSync',
    title: 'Revenue Sync',
    of: 'entity',
    // No time zone sets its clocks at this hour, so every day has it once.
    hour: 5,
    jitterMinutes: 10,
    // The next window covers the missed one; what failed would only fail again.
    overlap: 'SKIP',
    catchUpHours: 6,
    pauseOnFailure: true,
  },
  {
    kind: 'data-collection',
    workflow: 'dataCollection',
    title: 'Data Collection',
    of: 'org',
    // After the syncs of its entities.
    hour: 7,
    jitterMinutes: 0,
    // The next one takes all that is ready by then.
    overlap: 'SKIP',
    catchUpHours: 6,
    pauseOnFailure: true,
  },
];

/** Once a day; the minute spreads entities, so that they do not all ask Billing at once. */
export function dailyCron({ hour }: Pick<ScheduleDefinition, 'hour'>, key: string): string {
  const minute = Array.from(key, (letter) => letter.codePointAt(0) ?? 0).reduce(
    (sum, code) => (sum * 31 + code) % 60,
    7,
  );
  return `${minute} ${hour} * * *`;
}

/** The time zone that a schedule goes by: the entity's, if it is one. */
export function scheduleZone(timezone: string | null): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timezone ?? 'UTC' }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}
