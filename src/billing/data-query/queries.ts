import { invariant } from '../../domain/errors.ts';

/** `[from, to)`, ISO instants; `from` null: from the beginning, rows without a date among them. */
export interface Span {
  readonly from: string | null;
  readonly to: string;
}

/** The units that counts are cut by, coarse ones first. */
export const UNITS = ['day', 'hour', 'minute', 'second'] as const;
export type Unit = (typeof UNITS)[number];

/** A chosen subscription (by name) or account (by number). */
export type Chosen = Readonly<{ subscription?: string; account?: string }>;

/**
 * Contractual values of charges as Data Query has them (design 9 (11)): one row per charge segment and
 * version, headed as the catalogue names the fields.
 */
export function pricesQuery(span: Span, chosen: Chosen = {}): string {
  const conditions = [within('updatedon', span), ...chosenSubscriptions(chosen)];
  return `select rateplanchargeid, subscriptionid, amount, elp, updatedon as updateddate from chargecontractualvalue where ${conditions.join(' and ')}`;
}

/** How many of them changed in each unit of time: columns `at` and `n`. */
export function pricesPerUnit(unit: Unit, span: Span): string {
  const start = `date_trunc('${unit}', updatedon)`;
  return `select ${start} as at, count(*) as n from chargecontractualvalue where ${within('updatedon', span)} group by ${start}`;
}

/** Ids of an object's rows; with `readDeleted`, of the deleted ones. */
export function idsQuery(object: string): string {
  return `select id from ${name(object)}`;
}

/** Every field of a custom object's records that changed in the span. */
export function customObjectQuery(table: string, span: Span): string {
  return `select * from ${name(table)} where ${within('updateddate', span)}`;
}

/** When the first of an object's rows was last changed: column `at`. */
export function earliestQuery(object: string): string {
  return `select min(updateddate) as at from ${name(object)}`;
}

/** How many rows of an object were created before an instant, and their amount: columns `groups`, then `n` and `amount`. */
export function totalsQuery(
  object: string,
  { amount, groups, before }: { amount: string; groups: readonly string[]; before: string },
): string {
  const columns = groups.map(name);
  const grouped = columns.length === 0 ? '' : ` group by ${columns.join(', ')}`;
  return `select ${[...columns, 'count(*) as n', `sum(${name(amount)}) as amount`].join(', ')} from ${name(object)} where (createddate < ${instant(before)} or createddate is null)${grouped}`;
}

function within(column: string, { from, to }: Span): string {
  const until = `${column} < ${instant(to)}`;
  return from === null ? `(${until} or ${column} is null)` : `${column} >= ${instant(from)} and ${until}`;
}

function chosenSubscriptions({ subscription, account }: Chosen): string[] {
  if (subscription !== undefined) {
    return [`subscriptionid in (select id from subscription where name = ${literal(subscription)})`];
  }
  if (account === undefined) return [];
  const accounts = `select id from account where accountnumber = ${literal(account)}`;
  return [`subscriptionid in (select id from subscription where accountid in (${accounts}))`];
}

/** `timestamp '2024-01-31 23:59:59.000000 +00:00'`. */
function instant(text: string): string {
  const date = new Date(text);
  invariant(!Number.isNaN(date.getTime()), 'a span has instants');
  const iso = date.toISOString();
  return `timestamp '${iso.slice(0, 10)} ${iso.slice(11, 23)}000 +00:00'`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Tables and columns of Data Query are the names of objects and fields in lower case. */
function name(object: string): string {
  invariant(/^[A-Za-z][A-Za-z0-9_]*$/.test(object), 'a table has letters, digits and underscores');
  return object.toLowerCase();
}
