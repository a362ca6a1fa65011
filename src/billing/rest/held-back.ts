import { RevsyncError } from '../../domain/errors.ts';
import type { Call } from './call.ts';

/** Milliseconds that a call waits at most; for longer waits Temporal is the better place. */
export const LONGEST_WAIT = 30_000;

const WHY = {
  rate: {
    what: 'is not called: what revsync may call of its limits is used up for now',
    remedy: 'Wait; if it happens often, raise REVSYNC_API_SHARE or ask Zuora for a higher limit.',
  },
  places: {
    what: 'is not called: all calls that revsync may make at once are under way',
    remedy: 'Wait; if it happens often, raise REVSYNC_API_SHARE or run fewer syncs at once.',
  },
  pause: {
    what: 'is not called: it has asked for a pause',
    remedy: 'Wait; if it happens often, lower REVSYNC_API_SHARE or ask Zuora for a higher limit.',
  },
} as const;

/** A call that was not made, because revsync holds it back; `wait` in milliseconds. */
export function heldBack(why: keyof typeof WHY, { method, path }: Call, wait: number): RevsyncError {
  const { what, remedy } = WHY[why];
  return new RevsyncError(`Zuora Billing ${what} (${method} ${path})`, {
    code: 'BILLING_RATE_LIMITED',
    fate: 'retry',
    remedy,
    context: { method, path },
    retryAfter: Math.ceil(wait),
  });
}
