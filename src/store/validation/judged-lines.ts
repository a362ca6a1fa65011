import { type RawBuilder, sql } from 'kysely';

import { invariant } from '../../domain/errors.ts';
import { findStagingField } from '../../domain/mapping/staging-fields.ts';
import { type RuleField, type ScopeName, UNSIGNED } from '../../domain/validation/scopes.ts';
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

/** What `revenue.booking as b` has of the line it stands at. */
const NARROW_BOOKING: Readonly<Record<string, Sql>> = {
  'Ext Sell Price': sql`b.amount`,
  [UNSIGNED]: sql`abs(b.amount)`,
  'Transaction Currency': sql`b.currency`,
  'SO Line Id': sql`b.so_line_id`,
  'Subscription Version': sql`b.version`,
};

/** Joins of the wide lines: rules that need the same of them are judged together. */
export const WIDE: ReadonlySet<Join> = new Set(['line', 'booked-line', 'invoice']);

/** The joins that fields need, in the order in which one needs the other. */
export const JOINS = ['line', 'booking', 'booked-line', 'invoice', 'before', 'elsewhere', 'entity'] as const;
export type Join = (typeof JOINS)[number];

const OF_SCOPE: Readonly<Record<ScopeName, readonly Join[]>> = {
  Booking: ['booking', 'booked-line'],
  Invoice: ['invoice'],
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
      return sql`left join revenue.booking as b on b.org = ${org} and b.so_line_id = c.so_line_id`;
    case 'booked-line':
      return sql`left join staging.line as "Booking" on "Booking".entity = b.entity and "Booking".id = b.line`;
    case 'invoice':
      return sql`left join staging.line as "Invoice" on "Invoice".entity = c.entity and "Invoice".id = c.credits`;
    case 'before':
      return before(org);
    case 'elsewhere':
      return elsewhere(org);
    case 'entity':
      return sql`join control.entity as "Entity" on "Entity".entity = c.entity`;
  }
}

/**
 * What was booked before: the booking that stands, else the oldest version that comes along; of those not zero. Most
 * SO lines come once and stand nowhere yet.
 */
const before = (org: string): Sql => sql`
  left join (
    select distinct on (so_line_id) so_line_id, version, form, amount
    from (
      select so_line_id, version, form, amount, false as standing from candidate
      where type = 'SO' and amount <> 0 and so_line_id in (
        select so_line_id from candidate where type = 'SO' group by so_line_id having count(*) > 1
      )
      union all
      select b.so_line_id, b.version, 1, b.amount, true
      from revenue.booking as b
      where b.org = ${org} and b.amount <> 0 and b.so_line_id in (select so_line_id from candidate where type = 'SO')
    ) as known
    order by so_line_id, standing desc, version, form
  ) as "Before" on "Before".so_line_id = c.so_line_id and ("Before".version, "Before".form) <= (c.version, c.form)`;

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
