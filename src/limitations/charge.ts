import { type RawBuilder, sql } from 'kysely';

/** `Flat Fee Pricing`, `FlatFee` -> `flatfee...`: how tenants spell charge models differs. */
export const spelled = (text: RawBuilder<unknown>): RawBuilder<string> =>
  sql<string>`lower(translate(${text}, ' -_', ''))`;

const model = (charge: string): RawBuilder<string> => spelled(sql.id(charge, 'charge_model'));

/** Whether the charge under that path is a percentage discount. */
export const isPercentageDiscount = (charge: string): RawBuilder<boolean> =>
  sql<boolean>`(${model(charge)} like 'discountpercent%')`;

/** Whether the charge is a discount of a fixed amount. */
export const isFixedDiscount = (charge: string): RawBuilder<boolean> =>
  sql<boolean>`(${model(charge)} like 'discountfixed%')`;

/** Whether the charge takes money off, by percentage or by amount. */
export const isDiscount = (charge: string): RawBuilder<boolean> =>
  sql<boolean>`(${model(charge)} like 'discount%')`;

export const isFlatFee = (charge: string): RawBuilder<boolean> =>
  sql<boolean>`(${model(charge)} like 'flatfee%')`;

export const isUsage = (charge: string): RawBuilder<boolean> =>
  sql<boolean>`(${spelled(sql.id(charge, 'charge_type'))} = 'usage')`;

/** Usage under the charge models whose credits are negative invoices (domain.md 3.2). */
export const isUsageCreditedAsInvoice = (charge: string): RawBuilder<boolean> =>
  sql<boolean>`(${isUsage(charge)} and ${model(charge)} ~ '^(multiattribute|highwatermark|prerated)')`;

export const isEvergreen = (subscription: string): RawBuilder<boolean> =>
  sql<boolean>`(upper(${sql.id(subscription, 'term_type')}) = 'EVERGREEN')`;

export const isOneTime = (charge: string): RawBuilder<boolean> =>
  sql<boolean>`(${spelled(sql.id(charge, 'charge_type'))} = 'onetime')`;

/** `OriginalId.Segment`, the identity of an SO line (design 9 (3)); null when the segment is. */
export const chargeSegment = (charge: string): RawBuilder<string | null> =>
  sql<
    string | null
  >`(coalesce(${sql.id(charge, 'original_id')}, ${sql.id(charge, 'id')}) || '.' || ${sql.id(charge, 'segment')})`;

/**
 * Ordered quantity: as mapped; 1 where the charge model has none (flat fees, discounts, usage), since the
 * mapping document says the field is "valid for all charge models except for Flat Fee".
 */
export const orderedQuantity = (charge: string, quantity: RawBuilder<unknown>): RawBuilder<string | null> =>
  sql<
    string | null
  >`case when ${isFlatFee(charge)} then 1 when ${isDiscount(charge)} or ${isUsage(charge)} then coalesce(${quantity}, 1) else ${quantity} end`;
