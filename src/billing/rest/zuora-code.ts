import type { Refusal } from './refusal.ts';

/**
 * What the last two digits of an 8-digit code mean (wire.md 2.6): 10 permission, 11 sign-in, 50 lock,
 * 61 temporary, 70 limit; whatever else there is will not go away by itself.
 */
export function refusalOfCategory(code: string): Refusal {
  switch (/^\d{8}$/.test(code) ? code.slice(-2) : '') {
    case '10':
      return { kind: 'permission' };
    case '11':
      return { kind: 'credentials' };
    case '50':
    case '61':
      return { kind: 'busy' };
    case '70':
      return { kind: 'rate-limited' };
    default:
      return { kind: 'refused' };
  }
}

/** Whether the code says that what was asked for does not exist (category 40). */
export function isNotFoundCode(code: string): boolean {
  return /^\d{6}40$/.test(code);
}

/** Whether the code says that the token is no good (category 11). */
export function isSignInCode(code: string): boolean {
  return /^\d{6}11$/.test(code);
}

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

/** What a 9xxxx code of AQuA means (wire.md 2.2, fact 14); an unknown one is a refusal. */
export function refusalOfAqua(code: string): Refusal {
  return AQUA[code] ?? { kind: 'refused' };
}
