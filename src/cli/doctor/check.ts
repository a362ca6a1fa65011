import { failureOf } from '../failure.ts';

/** One thing the doctor looked at. */
export interface Check {
  readonly check: string;
  readonly ok: boolean;
  readonly message: string;
  /** What to do; null when all is well. */
  readonly remedy: string | null;
  /** What has to be corrected before anything can start, as exit code 2 says. */
  readonly unusable: boolean;
}

/** All is well. */
export function passed(check: string, message: string): Check {
  return { check, ok: true, message, remedy: null, unusable: false };
}

export function failed(check: string, message: string, remedy: string): Check {
  return { check, ok: false, message, remedy, unusable: false };
}

/** Failures that other commands end with 2 for: flags, environment, folders, credentials. */
const UNUSABLE = new Set(['STATE_FOLDER_UNUSABLE', 'BILLING_CREDENTIALS_REFUSED']);

/** What was thrown, as a check that failed. */
export function failedBy(check: string, error: unknown): Check {
  const { code, message, remedy } = failureOf(error);
  return { ...failed(check, message, remedy), unusable: UNUSABLE.has(code) };
}

/** 0 when nothing failed, 2 when the environment cannot be used, else 1. */
export function exitOf(checks: readonly Check[]): 0 | 1 | 2 {
  if (checks.every(({ ok }) => ok)) return 0;
  return checks.some(({ unusable }) => unusable) ? 2 : 1;
}
