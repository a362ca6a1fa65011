import type { HoldText } from './holds.ts';

/**
 * What a line waits for in Data Collection: the hold's id, and after a slash what is known beside. `{booking}` is the SO
 * line id, `{day}` the line's own date.
 */
export const WAITING_TEXTS: Readonly<Record<string, HoldText>> = {
  'waits-for-booking': {
    message: 'The booking {booking} is not collected yet; bookings are collected before their billings.',
    remedy:
      'Look at the SO line of that id: it waits for its own period, is held or stopped, or has not come. This line goes on by itself after it.',
  },
  'waits-for-booking/held': {
    message: 'The booking {booking} that was billed is held; bookings are collected before their billings.',
    remedy: 'See the holds of the SO line of that id. This line goes on by itself after it.',
  },
  'waits-for-booking/stopped': {
    message:
      'The booking {booking} that was billed is stopped; bookings are collected before their billings.',
    remedy:
      'Release or reject the SO line of that id (`revsync hold list`). This line goes on by itself once it is collected.',
  },
  'waits-for-booking/discount': {
    message:
      'The booking {booking} was made for a billed fixed-amount discount, which is stopped or rejected for more than being a fixed amount: nothing is booked for its billings so far.',
    remedy:
      'See the holds of the SO line of the discount (`revsync hold list`). This line goes on by itself when only that of fixed amounts is left, or none.',
  },
  'waits-for-booking/rejected': {
    message: 'The booking {booking} that was billed was rejected, so this billing has none.',
    remedy:
      'Release the line as standalone, which makes a booking for it, or reject it too; else a newer version of the booking takes it.',
  },
  'waits-for-booking/superseded': {
    message:
      'The booking {booking} that was billed is superseded before it was collected, so this billing has none.',
    remedy:
      'See the findings of the SO line of that id: Billing deleted it. A newer version takes this line; else release it as standalone, or reject it.',
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
