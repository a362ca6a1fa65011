import { type RawBuilder, sql } from 'kysely';

import { isFixedDiscount } from '../../limitations/charge.ts';
import type { DerivedJoin } from './derivation.ts';
import { isFlagged } from './exclusion-flags.ts';

/**
 * The id of the SO line that is made for a billing item without a booking. What corrects such an item later refers
 * to it by the same id.
 */
export const generatedLineId = (item: RawBuilder<unknown>): RawBuilder<string> =>
  sql<string>`('REVSYNC-' || ${item})`;

/** Whether a finished line (alias `f`) belongs to a booking that was made for a billing item. */
export const OF_GENERATED = sql<boolean>`starts_with(f.so_line_id, 'REVSYNC-')`;

/** `f.part` of the booking that is made beside a standalone line. */
export const BOOKING_PART = 'booking';

/** Gives a standalone row two forms, itself and the booking made for it: `"Form".booking`. */
export const FORMS: DerivedJoin = {
  alias: 'Form',
  kind: 'run',
  clause: sql`join (values (false, false), (true, false), (true, true)) as "Form" (standalone, booking)
    on "Form".standalone = "Alone".standalone`,
};

/**
 * Whether nothing is to be booked for the charge of an item: a flag excludes the booking, or it is a discount of a fixed
 * amount, whose revenue follows what is billed. The look at the first letter spares most rows the spelling.
 */
export const IS_NOT_BOOKED = sql<boolean>`("RatePlanCharge".id is not null and (
    ${isFlagged('booking', 'RatePlanCharge')} is true or ${isFlagged('booking', 'ProductRatePlanCharge')} is true
    or left(ltrim("RatePlanCharge".charge_model), 1) in ('D', 'd') and ${isFixedDiscount('RatePlanCharge')}
  ) is true)`;

/**
 * The SO line of such a charge that was collected before, which its billings go on following: `"Booked".so_line_id`.
 * Nothing is looked for where the charge is booked, as nearly all are.
 */
export const booked = (driver: string, followed: RawBuilder<unknown>): DerivedJoin => ({
  alias: 'Booked',
  kind: 'values',
  clause: sql`left join revenue.booking as "Booked"
    on "Booked".so_line_id = case when "Facts".unbooked then ${followed} end
    and "Booked".org = case when "Facts".unbooked
      then (select own.org from control.entity as own where own.entity = ${sql.id(driver, 'entity')}) end`,
});

/** Whether the row stands alone, and its lines were formed when it did not. */
export const lacksGenerated = (
  driver: string,
  lines: RawBuilder<unknown>,
): RawBuilder<boolean> => sql<boolean>`(
    "Form".standalone and not exists (
      select from ${lines} as made where made.entity = "Entity".entity
        and made.id = 'SO:' || ${generatedLineId(sql.id(driver, 'id'))} || '@1'
    ))`;

/** What an item without a charge has to bring along, since it has no product charge to take it from. */
const CODES: readonly (readonly [column: string, name: string])[] = [
  ['account_receivable', 'accounts receivable'],
  ['adjustment_liability', 'adjustment liability'],
  ['adjustment_revenue', 'adjustment revenue'],
  ['contract_asset', 'contract asset'],
  ['contract_liability', 'contract liability'],
  ['contract_recognized_revenue', 'contract recognized revenue'],
  ['deferred_revenue', 'deferred revenue'],
  ['recognized_revenue', 'recognized revenue'],
  ['unbilled_receivables', 'unbilled receivables'],
];

/** Which of the nine codes a standalone item lacks (domain.md 3.5), null for none. */
export function blankCodes(item: string): RawBuilder<string | null> {
  const blank = CODES.map(([column, name]) => {
    const field = `${column}_accounting_code_id`;
    return sql`case when coalesce(${sql.id('ProductRatePlanCharge', field)}, ${sql.id(item, field)}) is null then ${sql.lit(name)} end`;
  });
  return sql<
    string | null
  >`case when "Facts".charge_key is null then nullif(concat_ws(', ', ${sql.join(blank)}), '') end`;
}
