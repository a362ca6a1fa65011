import type { Refusal, RefusalKind } from './refusal.ts';

/** The last two digits of an 8-digit code (wire.md 2.6); whatever else there is will not go away by itself. */
const CATEGORIES: Readonly<Record<string, RefusalKind>> = {
  10: 'permission',
  11: 'credentials',
  50: 'busy',
  61: 'busy',
  70: 'rate-limited',
};

/** AQuA's (wire.md 2.2, fact 14); an unknown one is a refusal. */
const AQUA: Readonly<Record<string, Refusal>> = {
  90004: { kind: 'refused', remedy: 'Ask for at most 50 queries in a job.' },
  90006: { kind: 'busy' },
  90008: { kind: 'busy' },
  90010: { kind: 'busy' },
  90012: { kind: 'deletes-unsupported' },
  90017: { kind: 'deletes-unsupported' },
  90019: { kind: 'refused', remedy: 'Ask Zuora Support to grant the partner id, or run without one.' },
  90022: { kind: 'busy' },
  90027: { kind: 'refused', remedy: 'Narrow the window: a query may run for three hours.' },
  90028: {
    kind: 'busy',
    retryAfter: 60_000,
    remedy: 'Wait: 50 export jobs of this tenant are open, maybe of other integrations.',
  },
};

/** The names that actions and CRUD have instead of numbers. UNKNOWN_ERROR says nothing and is left out. */
const FAULTS: Readonly<Record<string, RefusalKind>> = {
  LOCK_COMPETITION: 'busy',
  TEMPORARY_ERROR: 'busy',
  SERVER_UNAVAILABLE: 'busy',
  REQUEST_EXCEEDED_RATE: 'rate-limited',
  REQUEST_EXCEEDED_LIMIT: 'rate-limited',
  NO_PERMISSION: 'permission',
  API_DISABLED: 'permission',
  INVALID_SESSION: 'credentials',
  INVALID_SECURITY_TOKEN: 'credentials',
  INVALID_FIELD: 'refused',
  INVALID_ID: 'refused',
  INVALID_TYPE: 'refused',
  INVALID_VALUE: 'refused',
  INVALID_VERSION: 'refused',
  MALFORMED_QUERY: 'refused',
  MAX_RECORDS_EXCEEDED: 'refused',
  MISSING_REQUIRED_VALUE: 'refused',
};

/** What a code amounts to, whichever family it is of. One that says nothing to us is a refusal. */
export function refusalOfCode(code: string): Refusal {
  if (/^\d{3}$/.test(code)) return refusalOfStatus(Number(code)) ?? { kind: 'refused' };
  const kind = CATEGORIES[categoryOf(code)] ?? FAULTS[faultName(code)] ?? 'refused';
  return AQUA[code] ?? { kind };
}

/** Whether the code is of Zuora's own lists, and so more exact than the status of a server error. */
export function isExactCode(code: string): boolean {
  return categoryOf(code) !== '' || /^9\d{4}$/.test(code) || faultName(code) in FAULTS;
}

/** Whether the code says that what was asked for does not exist (category 40). */
export function isNotFoundCode(code: string): boolean {
  return categoryOf(code) === '40' || code === '404';
}

/** What an HTTP status says by itself; null where it says nothing bad. Data Query repeats it as its code. */
export function refusalOfStatus(status: number): Refusal | null {
  if (status === 401) return { kind: 'credentials' };
  if (status === 404) return { kind: 'refused', remedy: NO_SUCH_ADDRESS };
  if (status === 403) return { kind: 'permission' };
  if (status === 429) return { kind: 'rate-limited' };
  if (status >= 500 || status === 408) return { kind: 'busy' };
  return status >= 400 ? { kind: 'refused' } : null;
}
const NO_SUCH_ADDRESS = 'Check ZUORA_BASE_URL, and the id in the path: nothing is at this address.';

/** Rate refusals give the category alone, without the six digits of a resource. */
function categoryOf(code: string): string {
  return /^(\d{6})?\d{2}$/.test(code) ? code.slice(-2) : '';
}

function faultName(code: string): string {
  return code.toUpperCase().replace(/^.*:/, '');
}
