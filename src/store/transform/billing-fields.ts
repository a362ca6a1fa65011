import { type RawBuilder, sql } from 'kysely';

import { chargeSegment, isOneTime, isPercentageDiscount, orderedQuantity } from '../../limitations/charge.ts';
import type { Mapped } from './derivation.ts';
import { endDate } from './end-date.ts';
import { generatedLineId } from './standalone.ts';
import { termNumber } from './term-number.ts';

const CHARGE = 'RatePlanCharge';

type Fields = Readonly<Record<string, RawBuilder<unknown>>>;

/** The SO line of its charge. */
export const followedId: RawBuilder<string | null> = sql<
  string | null
>`case when ${isPercentageDiscount(CHARGE)} and "AppliedToCharge".id is not null
  then ${chargeSegment('AppliedToCharge')} || '.' || ${chargeSegment(CHARGE)}
  else ${chargeSegment(CHARGE)} end`;

/**
 * The SO line that an item belongs to: its own, made for it; that made for the item it corrects; else that of
 * its charge, where a percentage discount belongs to the line of the charge it was applied to. `made` is the one that
 * is collected of the item it corrects; null: it corrects none.
 */
export const bookingId = (
  driver: string,
  made: RawBuilder<string | null> | null,
): RawBuilder<string | null> => sql<string | null>`case
  when "Alone".standalone then ${generatedLineId(sql.id(driver, 'id'))}${
    made === null ? sql`` : sql` when ${made} is not null then ${made}`
  }
  when "Facts".charge_key is null or "Alone".unbooked then ${generatedLineId(sql`"Facts".item_key`)}
  else ${followedId} end`;

const stamp = (driver: string): RawBuilder<string> =>
  sql<string>`to_char(coalesce(${sql.id(driver, 'updated_date')}, ${sql.id(driver, 'created_date')}) at time zone 'UTC', 'YYYYMMDDHH24MISS')`;

const onStandalone = (value: RawBuilder<unknown>, otherwise: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`case when "Form".standalone then ${value} else ${otherwise} end`;

const onBooking = (
  value: RawBuilder<unknown>,
  otherwise: RawBuilder<unknown> = sql`null`,
): RawBuilder<unknown> => sql`case when "Form".booking then ${value} else ${otherwise} end`;

/** What code derives of every billing line. */
export function billingFields(driver: string, mapped: Mapped): Fields {
  const { held, dayAfter } = endDate(mapped);
  const start = mapped('revenue_start_date');
  const end = sql`case when ${mapped('revenue_end_date')} is null and ("Form".standalone or ${isOneTime(CHARGE)})
    then ${held(sql`${start} + 1`)} else ${mapped('revenue_end_date')} end`;
  const quantity = orderedQuantity(CHARGE, mapped('ordered_qty'));
  return {
    so_line_id: sql`"Booking".id`,
    so_number: onStandalone(mapped('invoice_num'), sql`"RatePlanCharge".charge_number`),
    invoice_line_id: sql`case when not "Form".booking then ${sql.id(driver, 'id')} end`,
    sequence_number: onStandalone(
      sql`'1.1.' || ${stamp(driver)}`,
      sql`"RatePlanCharge".version || '.' || "Subscription".version || '.' || ${stamp(driver)}`,
    ),
    // What is merely not booked belongs to its subscription all the same.
    term_number: sql`case when "Form".standalone and not "Alone".unbooked then 1 else ${termNumber(
      'Subscription',
      sql`coalesce("AppliedToCharge".effective_start_date, "RatePlanCharge".effective_start_date)`,
    )} end`,
    ordered_qty: onStandalone(sql`coalesce(${quantity}, ${mapped('invoice_qty')}, 1)`, quantity),
    ext_list_price: mapped.fills('ext_list_price')
      ? sql`coalesce(${mapped('ext_list_price')}, "Facts".billed)`
      : sql`"Facts".billed`,
    revenue_end_date: end,
    duration: sql`staging.months(${start}, ${dayAfter(end)})`,
    sales_order_date: onBooking(mapped('invoice_date'), mapped('sales_order_date')),
    so_book_date: onBooking(mapped('invoice_date')),
    amendment_reason: onBooking(sql`''`),
    skip_ct_mod: onBooking(sql`'No'`),
  };
}

/** A credit refers to the invoice line it credits, else to the booking, never to both (domain.md 3.2). */
export const REFERENCES: Fields = {
  original_invoice_line_id: sql`case when "Line".type in ('CM', 'CM-C') then "Facts".item_key end`,
  original_so_line_id: sql`case when "Line".type in ('CM', 'CM-C') and "Facts".item_key is null then "Booking".id end`,
};
