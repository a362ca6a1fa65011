import { type RawBuilder, sql } from 'kysely';

/**
 * Whether an amount billed has the sign of the booking it belongs to: what an invoice has to have (RPRO-00601). A
 * booking of 0 grows with what is billed, so it counts as positive; 0 billed contradicts no booking.
 */
export const signsAgree = (booked: RawBuilder<unknown>, billed: RawBuilder<unknown>): RawBuilder<boolean> =>
  sql<boolean>`(${billed} = 0 or (coalesce(${booked}, 0) < 0) = (${billed} < 0))`;
