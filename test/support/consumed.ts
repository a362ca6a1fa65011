import { sql } from 'kysely';

import { Decimal } from '../../src/domain/money/decimal.ts';
import type { Application } from './billed-charges.ts';
import type { TestDatabase } from './database.ts';

/** A collected line with what its staged line says. */
export interface CollectedLine {
  readonly line: string;
  readonly type: string;
  readonly soLineId: string;
  readonly amount: string;
  readonly currency: string;
  readonly version: string;
  readonly dated: string;
  /** Id of the invoice line that a credit names. */
  readonly names: string | null;
}

export async function collectedLines(
  { db }: Pick<TestDatabase, 'db'>,
  org: string,
): Promise<CollectedLine[]> {
  const { rows } = await sql<CollectedLine>`
    select r.line, r.type, r.so_line_id as "soLineId", trim_scale(r.amount)::text as amount, r.currency,
      coalesce(l.subscription_version, 0)::text as version, coalesce(l.invoice_date, l.so_book_date) as dated,
      'INV:' || l.original_invoice_line_id as names
    from revenue.line as r join staging.line as l on l.entity = r.entity and l.id = r.line
    where r.org = ${org} order by r.line collate "C"`.execute(db);
  return rows;
}

interface Open {
  readonly line: CollectedLine;
  left: Decimal;
}

/**
 * Which invoices the credits among these lines take back, told one by one: the named invoice, then the latest that has
 * anything left; the credits of a booking in the order of their dates.
 */
export function consumed(lines: readonly CollectedLine[]): Application[] {
  const taken: Application[] = [];
  const byDate = (a: Open, b: Open) =>
    compare(a.line.dated, b.line.dated) || compare(a.line.line, b.line.line);
  const open = lines
    .filter(({ type, amount }) => type !== 'SO' && !new Decimal(amount).isZero())
    .map((line): Open => ({ line, left: new Decimal(line.amount).abs() }))
    .toSorted(byDate);
  const credits = open.filter(({ line }) => line.type !== 'INV');
  const take = (credit: Open, invoice: Open, referenced: boolean) => {
    const amount = Decimal.min(credit.left, invoice.left);
    if (amount.isZero() || !fits(credit.line, invoice.line)) return;
    credit.left = credit.left.minus(amount);
    invoice.left = invoice.left.minus(amount);
    const signed = new Decimal(invoice.line.amount).isNegative() ? amount.negated() : amount;
    taken.push({
      credit: credit.line.line,
      invoice: invoice.line.line,
      amount: signed.toFixed(),
      referenced,
    });
  };
  for (const credit of credits) {
    for (const invoice of open) if (invoice.line.line === credit.line.names) take(credit, invoice, true);
  }
  for (const credit of credits) {
    for (const invoice of open.toReversed()) if (invoice.line.type === 'INV') take(credit, invoice, false);
  }
  return taken.toSorted((a, b) => compare(a.credit, b.credit) || compare(a.invoice, b.invoice));
}

/** Of one booking and currency, in opposite directions. */
const fits = (credit: CollectedLine, invoice: CollectedLine): boolean =>
  credit.soLineId === invoice.soLineId &&
  credit.currency === invoice.currency &&
  new Decimal(credit.amount).isNegative() !== new Decimal(invoice.amount).isNegative();

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
