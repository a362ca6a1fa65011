/** A schedule that Temporal has. */
export interface StandingSchedule {
  readonly id: string;
  /** As `30 5 * * *, Europe/Berlin`. */
  readonly when: string;
  readonly paused: boolean;
}

/** What became of a schedule that may be needed. */
export interface ScheduleOutcome {
  readonly id: string;
  readonly action: 'created' | 'exists' | 'changed' | 'not-needed';
  /** When it runs, or why it need not. */
  readonly note: string;
  /** Of one that was there, where it was looked at. */
  readonly found?: Found;
}

/** A schedule that was there, as it stands now. */
export interface Found {
  readonly paused: boolean;
  /** It runs at other times than asked, or not at all. */
  readonly otherwise: boolean;
}

/** More are counted, so that a note stays short. */
const MOST_NAMED = 3;

/** A schedule that was there and stays, for a note of its own. */
export const stayedText = ({ id, when, paused }: StandingSchedule): string =>
  `${id} was there already and stays at ${when}${paused ? ', paused' : ''}.`;

/** A schedule that was there and was given other times. */
export const changedText = (before: StandingSchedule, { id, when, paused }: StandingSchedule): string =>
  `${id} was there at ${before.when}, and has ${when} now${paused ? '; it stays paused' : ''}.`;

/** What has to be said of schedules that were there: which were changed, and which are otherwise than asked. Else empty. */
export function foundText(outcomes: readonly ScheduleOutcome[]): string {
  const otherwise = outcomes.filter(({ found }) => found?.otherwise === true);
  const changed = outcomes.filter((each) => each.action === 'changed' && !otherwise.includes(each));
  return sentences([
    ...noted(changed),
    ...noted(otherwise),
    otherwise.length === 0
      ? ''
      : '`revsync schedule resume` lets a paused one run; its times are changed in the Temporal UI, or delete it there and have it made by `revsync schedule ensure`.',
  ]);
}

const noted = (outcomes: readonly ScheduleOutcome[]): string[] => [
  ...outcomes.slice(0, MOST_NAMED).map(({ note }) => note),
  outcomes.length > MOST_NAMED ? `And ${outcomes.length - MOST_NAMED} more.` : '',
];

/** Schedules that nobody asked for and that run all the same; empty: there is none. */
export function goingOnText(schedules: readonly StandingSchedule[]): string {
  const active = schedules.filter(({ paused }) => !paused);
  if (active.length === 0) return '';
  return `Still there and active: ${namedSchedules(active)}; \`revsync schedule pause\` ends their runs.`;
}

/** Schedules by id and time, in one line. */
export function namedSchedules(schedules: readonly StandingSchedule[]): string {
  const named = schedules
    .slice(0, MOST_NAMED)
    .map(({ id, when, paused }) => `${id} (${when}${paused ? ', paused' : ''})`);
  const more = schedules.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Parts of a note, without those that say nothing. */
export const sentences = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');
