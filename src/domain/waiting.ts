import type { HoldText } from './holds.ts';

/** What a line waits for in Data Collection. `{booking}` is the SO line id, `{day}` the line's own date. */
export const WAITING_TEXTS: Readonly<Record<string, HoldText>> = {
  'waits-for-booking': {
    message: 'The booking {booking} is not collected yet; bookings are collected before their billings.',
    remedy: 'Look at the SO line of that id: held, stopped or missing. This line goes on by itself after it.',
  },
  'waits-for-charge-version': {
    message: 'The charge version of booking {booking} that was billed is dated after the open period.',
    remedy: 'Nothing to do: the line goes on when the period of that booking opens.',
  },
  'waits-for-open-period': {
    message: 'The line is dated {day}, after the open accounting period.',
    remedy: 'Nothing to do: the line goes on when the period of its date opens.',
  },
};
