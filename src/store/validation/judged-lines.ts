import { type RawBuilder, sql } from 'kysely';

import { invariant } from '../../domain/errors.ts';
import { findStagingField } from '../../domain/mapping/staging-fields.ts';
import { type RuleField, type ScopeName, UNSIGNED } from '../../domain/validation/scopes.ts';
import { bookedBefore } from './booked-before.ts';
import { CREDITED_BEFORE, creditedBefore } from './credited-before.ts';
import { CREDITED_INVOICE } from './credited-invoice.ts';
import type { Judged } from './rule-conditions.ts';

type Sql = RawBuilder<unknown>;
type Codes = Judged['codesOf'];

/** A line of `staging.line as l` by itself. */
export const lineAlone = (codesOf: Codes): Judged => ({
  type: sql`l.type`,
  day: sql`case when l.type = 'SO' then l.so_book_date else l.invoice_date end`,
  codesOf,
  valueOf: ({ label }) => fieldOf('l', label),
});

/** What `candidate as c` has of its line, so that the wide one need not be read. */
const NARROW: Readonly<Record<string, Sql>> = {
  'Ext Sell Price': sql`c.amount`,
  [UNSIGNED]: sql`abs(c.amount)`,
  'Transaction Currency': sql`c.currency`,
  'SO Line Id': sql`c.so_line_id`,
  'SO Book Date': sql`c.so_book_date`,
  'Invoice Date': sql`c.invoice_date`,
  'Subscription Name': sql`c.subscription_name`,
  'Subscription Version': sql`c.version`,
  'Amendment Reason': sql`c.amendment_reason`,
  'Revenue End Date': sql`c.ends`,
};

/** Of `billed_version as v` where there is one, else of `revenue.booking as b`, which stands. */
const ofBooking = (older: string, standing: string): Sql =>
  sql`case when v.line is null then ${sql.ref(`b.${standing}`)} else ${sql.ref(`v.${older}`)} end`;

/** What the booking that judges a billing has, so that its wide line need not be read. */
const NARROW_BOOKING: Readonly<Record<string, Sql>> = {
  'Ext Sell Price': ofBooking('amount', 'amount'),
  [UNSIGNED]: sql`abs(${ofBooking('amount', 'amount')})`,
  'Transaction Currency': ofBooking('currency', 'currency'),
  'SO Line Id': sql`b.so_line_id`,
  'Subscription Version': ofBooking('booked', 'version'),
};

/** Whether a billing has a booking; one without waits, and nothing can be said of what it does not have yet. */
export const IS_BOOKED: RawBuilder<boolean> = sql<boolean>`b.so_line_id is not null`;

/** Joins of the wide lines: rules that need the same of them are judged together. */
export const WIDE: ReadonlySet<Join> = new Set(['line', 'booked-line', 'invoice']);

/** The joins that fields need, in the order in which one needs the other. */
export const JOINS = [
  'line',
  'booking',
  'booked-line',
  'invoice',
  'credited',
  'before',
  'elsewhere',
  'entity',
] as const;
export type Join = (typeof JOINS)[number];

const OF_SCOPE: Readonly<Record<ScopeName, readonly Join[]>> = {
  Booking: ['booking', 'booked-line'],
  Invoice: ['invoice'],
  Credited: ['invoice', 'credited'],
  Before: ['before'],
  Elsewhere: ['elsewhere'],
  Entity: ['entity'],
};

/** What has to be joined to `candidate as c` for a field. */
export function joinsFor({ scope, label }: RuleField): readonly Join[] {
  if (scope === null) return label in NARROW ? [] : ['line'];
  return scope === 'Booking' && label in NARROW_BOOKING ? ['booking'] : OF_SCOPE[scope];
}

/** A candidate with what is joined to it. */
export const candidateBeside = (codesOf: Codes): Judged => ({
  type: sql`c.type`,
  day: sql`case when c.type = 'SO' then c.so_book_date else c.invoice_date end`,
  codesOf,
  valueOf: ({ scope, label }) => {
    switch (scope) {
      case null:
        return NARROW[label] ?? fieldOf('l', label);
      case 'Booking':
        return NARROW_BOOKING[label] ?? fieldOf('Booking', label);
      case 'Invoice':
        return fieldOf('Invoice', label);
      case 'Credited':
        return label === 'Before'
          ? CREDITED_BEFORE
          : sql`(abs("Invoice".ext_sell_price) - ${CREDITED_BEFORE})`;
      case 'Before':
        return sql`"Before".amount`;
      case 'Elsewhere':
        return sql`"Elsewhere".org`;
      case 'Entity':
        return sql`case when "Entity".invoice_settlement then 'Yes' else 'No' end`;
    }
  },
});

/** The SQL of a join. */
export function joinClause(join: Join, org: string): Sql {
  switch (join) {
    case 'line':
      return sql`join staging.line as l on l.entity = c.entity and l.id = c.id`;
    case 'booking':
      return sql`left join revenue.booking as b on b.org = ${org} and b.so_line_id = c.so_line_id
        left join billed_version as v on v.entity = c.entity and v.so_line_id = c.so_line_id and v.version = c.version`;
    case 'booked-line':
      return sql`left join staging.line as "Booking"
        on "Booking".entity = coalesce(v.of_entity, b.entity) and "Booking".id = coalesce(v.line, b.line)`;
    case 'invoice':
      return CREDITED_INVOICE;
    case 'credited':
      return creditedBefore(org);
    case 'before':
      return bookedBefore(org);
    case 'elsewhere':
      return elsewhere(org);
    case 'entity':
      return sql`join control.entity as "Entity" on "Entity".entity = c.entity`;
  }
}

/** Only an entity that had runs for another organisation can have lines there. */
const elsewhere = (org: string): Sql => sql`
  left join (
    select distinct on (b.entity, b.so_line_id) b.entity, b.so_line_id, b.org
    from (
      select distinct r.entity, r.org from control.run as r
      where r.org <> ${org} and r.entity in (select entity from candidate)
    ) as other
    join revenue.booking as b on b.org = other.org and b.entity = other.entity
    order by b.entity, b.so_line_id, b.org
  ) as "Elsewhere" on "Elsewhere".entity = c.entity and "Elsewhere".so_line_id = c.so_line_id`;

function fieldOf(alias: string, label: string): Sql {
  if (label === UNSIGNED) return sql`abs(${sql.id(alias, 'ext_sell_price')})`;
  const field = findStagingField(label);
  invariant(field !== undefined, `there is no staging field ${label}`);
  return sql.id(alias, field.column);
}
