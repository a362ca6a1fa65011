/** A workflow that revsync runs by itself for every entity that needs it. */
export interface ScheduleDefinition {
  /** Its schedules are `<kind>/<entity>`, and so are the ids of its workflows. */
  readonly kind: string;
  readonly workflow: string;
  /** What the schedule's page and its runs say. */
  readonly title: string;
  /** Which entities need it: all, or those whose amounts are converted. */
  readonly neededBy: 'all' | 'converting';
  /** The hour of the entity's day in which it runs; the minute follows from the entity. */
  readonly hour: number;
  /** What happens while the run before is still under way. */
  readonly overlap: 'SKIP' | 'BUFFER_ONE';
  /** Runs missed while the server was down are caught up when they are not older. */
  readonly catchUp: `${number} ${'hours' | 'days'}`;
  readonly pauseOnFailure: boolean;
}

/** Every schedule that `schedule ensure` makes. */
export const SCHEDULES: readonly ScheduleDefinition[] = [
  {
    kind: 'exchange-rate-sync',
    workflow: 'exchangeRateSync',
    title: 'Exchange rates',
    neededBy: 'converting',
    // Zuora's provider closes its day at 22:00 UTC.
    hour: 4,
    // One run reads all that was missed, so one that waits is enough; a failure must not stop the days after it.
    overlap: 'BUFFER_ONE',
    catchUp: '3 days',
    pauseOnFailure: false,
  },
];

/** Once a day; the minute spreads entities, so that they do not all ask Billing at once. */
export function dailyCron({ hour }: ScheduleDefinition, entity: string): string {
  const minute = Array.from(entity, (letter) => letter.codePointAt(0) ?? 0).reduce(
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
