import { fromDate } from './from-date.ts';

/** Seconds between runs where `RevenueSync_Duration` is not set (domain.md 5.1). */
const USUAL_SECONDS = 30;

/** The profile and the lookup of Instant On as they stand (domain.md 5.1); null: not set. */
export interface WrittenSettings {
  /** Profile `AUTO_REVENUESYNC`. */
  readonly profile: string | null;
  /** Codes of the lookup `AUTO_REVENUE_SYNC`. */
  readonly fromDate: string | null;
  readonly duration: string | null;
}

/** What they mean for a loop. */
export interface LoopSettings {
  readonly on: boolean;
  /** Why there is no run, in words; null where there may be. */
  readonly off: string | null;
  /** When automatic runs begin, ISO, UTC; null: at once. */
  readonly from: string | null;
  readonly seconds: number;
  /** Where the seconds come from. */
  readonly secondsFrom: 'RevenueSync_Duration' | 'default';
}

/** Reads the settings, the date by the clocks of the entity. What cannot be read turns the loop off, and says so. */
export function loopSettings(
  { profile, fromDate: text, duration }: WrittenSettings,
  zone: string,
): LoopSettings {
  const from = text === null ? null : fromDate(text, zone);
  const off = whyOff(profile, text !== null && from === null ? text : null);
  const set = duration !== null && /^[1-9]\d{0,5}$/.test(duration);
  return {
    on: off === null,
    off,
    from,
    seconds: set ? Number(duration) : USUAL_SECONDS,
    secondsFrom: set ? 'RevenueSync_Duration' : 'default',
  };
}

function whyOff(profile: string | null, unreadable: string | null): string | null {
  if (profile !== 'Yes')
    return `The profile AUTO_REVENUESYNC is ${profile ?? 'not set'}, so Instant On is off.`;
  if (unreadable === null) return null;
  return `RevenueSync_FromDate of the lookup AUTO_REVENUE_SYNC is "${unreadable}", which is no time from 1900 on.`;
}

/** What to do about it. */
export const howToTurnOn = ({ off }: LoopSettings): string =>
  off?.includes('RevenueSync_FromDate') === true
    ? 'Set a time as `revsync profile set RevenueSync_FromDate "01-JAN-2021 00:00:00"`.'
    : 'Turn it on with `revsync profile set AUTO_REVENUESYNC Yes`, or end this loop with `abort`.';
