import { type RawBuilder, sql } from 'kysely';

import type { Routes } from '../../domain/mapping/route.ts';
import { billingFields, bookingId, followedId, REFERENCES } from './billing-fields.ts';
import type { Derivation, DerivedJoin, Exclusion, Mapped } from './derivation.ts';
import { excludedByFlag } from './exclusion-flags.ts';
import { keyTo } from './key-to.ts';
import { madeForItem } from './made-for-item.ts';
import { missing } from './missing.ts';
import { booked, BOOKING_PART, FORMS, IS_NOT_BOOKED, lacksGenerated, OF_GENERATED } from './standalone.ts';
import { renewalsJoin } from './term-number.ts';
import { toldByBilling } from './told-rate.ts';
import { valuesJoin } from './values-join.ts';

type Sql<Value = unknown> = RawBuilder<Value>;

/**
 * What the four billing types do not have in common. Expressions may name the joins, and `"Facts".charge_key`,
 * `"Facts".item_key` (the invoice item that is corrected), `"Facts".billed` (the staged amount) and `"Facts".origin`.
 */
export interface Billing {
  readonly routes: Routes;
  /** Why a row forms no line, beside what all types have. */
  readonly exclusions: readonly Exclusion[];
  /** The path of the document that has to be posted. */
  readonly document: string;
  /** What a memo was made from; null: there is nothing to tell apart. */
  readonly origin: Sql<string> | null;
  /** The staged amount from the driver's own, credits negative (design 9 (23)); null: it stands as mapped. */
  readonly signed: ((amount: Sql) => Sql) | null;
  /** Whether a booking is made for the row's line, even where its charge is booked. */
  readonly standalone: Sql<boolean>;
  /** The type of a line that is not standalone. */
  readonly lineType: Sql<string>;
  /** Whether lines can be credits, and so refer to what they credit. */
  readonly credits: boolean;
  /** The day that its rate is looked up for where Billing tells none; null: its Invoice Date. */
  readonly rateDay: Sql | null;
  /** The accounting codes that a standalone item lacks; null: nobody asks. */
  readonly blankCodes: Sql<string | null> | null;
}

/** Lines from items that were billed: invoices, and what corrects them (domain.md 3.1, 3.2, 3.5). */
export function billingDerivation(billing: Billing): Derivation {
  const { routes, signed, credits } = billing;
  const { driver } = routes;
  return {
    routes,
    paths: routes.routes.map(({ path }) => path),
    rates: (mapped) => ({
      told: toldByBilling(driver, corrects(routes) ? 'InvoiceItem' : driver),
      day: billing.rateDay ?? mapped('invoice_date'),
      pinned: false,
    }),
    joins: (mapped) => joins(billing, mapped),
    fields: (mapped) => ({
      ...billingFields(driver, mapped),
      ...(signed === null ? {} : { ext_sell_price: sql`"Facts".billed` }),
      ...(credits ? REFERENCES : {}),
    }),
    exclusions: [
      ['deleted', sql`${sql.id(driver, 'deleted')}`],
      ...billing.exclusions,
      ...excludedByFlag('billing', driver, 'RatePlanCharge', 'ProductRatePlanCharge'),
    ],
    behind: [],
    gates: [billing.document, 'RatePlanCharge', 'ProductRatePlanCharge'],
    orphans: [],
    outdated: ({ line }) => lacksGenerated(driver, line),
    part: sql<string | null>`case when "Form".booking then ${sql.lit(BOOKING_PART)} end`,
    twinsBy: null,
    lineType: sql<string>`"Line".type`,
    lineId: sql<string>`f.line_type || ':' || case when f.part is null then f.source_id else f.so_line_id || '@1' end`,
    // Whether it is a credit may come out otherwise later; what is collected is known by what it was formed from.
    collected: credits
      ? sql<boolean>`c.source_object = ${sql.lit(driver)} and c.source_id = f.source_id
        and c.form = coalesce(n.standing_form, 1)
        and (c.type = 'SO') = (f.part is not null)`
      : null,
    facts: {
      uncharged: sql`"Facts".charge_key is null`,
      unsigned: sql`"Facts".amount is not null and "Facts".billed is null`,
      blank_codes: billing.blankCodes ?? sql`null::text`,
    },
    missing: whatIsMissing,
  };
}

/** Whether it corrects what an invoice item billed. */
const corrects = ({ routes }: Routes): boolean => routes.some(({ path }) => path === 'InvoiceItem');

function joins(
  { routes, origin, signed, standalone, lineType }: Billing,
  mapped: Mapped,
): readonly DerivedJoin[] {
  const amount = mapped('ext_sell_price');
  return [
    renewalsJoin('Subscription'),
    valuesJoin('Facts', {
      charge_key: keyTo(routes, 'RatePlanCharge'),
      item_key: corrects(routes) ? keyTo(routes, 'InvoiceItem') : sql`null::text`,
      billed: signed === null ? amount : signed(amount),
      amount,
      unbooked: IS_NOT_BOOKED,
      ...(origin === null ? {} : { origin }),
    }),
    booked(routes.driver, followedId),
    valuesJoin('Alone', {
      unbooked: UNBOOKED,
      standalone: sql`(${standalone} or ${UNBOOKED} and "Facts".item_key is null)`,
    }),
    ...(corrects(routes) ? [madeForItem(routes.driver)] : []),
    valuesJoin('Booking', {
      id: bookingId(routes.driver, corrects(routes) ? sql<string | null>`"Made".so_line_id` : null),
    }),
    FORMS,
    { ...valuesJoin('Line', { type: typeOfForm(lineType) }), kind: 'run' },
  ];
}

/** Nothing is booked for its charge, and nothing was before that it would follow. */
const UNBOOKED = sql<boolean>`("Facts".unbooked and "Booked".so_line_id is null)`;

const typeOfForm = (lineType: Sql): Sql =>
  sql`case when "Form".booking then 'SO' when "Form".standalone then 'INV' else ${lineType} end`;

/** Holds of every billing line; one of a generated booking has neither an order nor a subscription. */
const whatIsMissing = (mapped: Mapped): readonly Sql<string | null>[] => [
  missing('business-unit', 'business_unit', mapped),
  missing('company-code', 'company_code', mapped),
  sql<
    string | null
  >`case when f.part is null and f.invoice_line_id is null then 'missing-invoice-line-id' end`,
  missing('invoice-date', 'invoice_date', mapped),
  missing('revenue-start-date', 'revenue_start_date', mapped),
  sql<
    string | null
  >`case when f.unsigned then 'missing-ext-sell-price:its type is neither Credit nor Charge' else ${missing('ext-sell-price', 'ext_sell_price', mapped)} end`,
  sql<string | null>`case when f.so_line_id is null
    then case when f.uncharged then 'missing-reference:it names neither a charge nor an invoice item' else 'missing-so-line-id' end end`,
  ...[
    missing('sales-order-date', 'sales_order_date', mapped),
    missing('ordered-qty', 'ordered_qty', mapped),
    missing('sequence-number', 'sequence_number'),
    missing('term-number', 'term_number'),
  ].map(
    (hold) => sql<string | null>`case when f.so_line_id is not null and not ${OF_GENERATED} then ${hold} end`,
  ),
  sql<string | null>`'missing-accounting-code:' || f.blank_codes`,
];
