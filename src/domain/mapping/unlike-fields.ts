import { mappedRows } from './mapped-rows.ts';
import { STAGING_FIELDS } from './staging-fields.ts';
import type { TransactionTemplate } from './transaction-template.ts';

/**
 * Labels of the fields that two templates of a type fill differently: what differs there says nothing about Billing. With
 * other policies the transformation itself differs, and no field can be compared.
 */
export function unlikeFields(one: TransactionTemplate, other: TransactionTemplate): string[] {
  const labels = STAGING_FIELDS.map(({ label }) => label);
  if (derivedBy(one) !== derivedBy(other)) return labels;
  const [before, after] = [fillings(one), fillings(other)];
  return labels.filter((label) => before(label) !== after(label));
}

/** Owners are followed row by row (`mappedRows`); every other policy is about derived fields. */
function derivedBy({ policies }: TransactionTemplate): string {
  const { subscriptionOwner: _subscription, invoiceOwner: _invoice, ...derived } = policies;
  return JSON.stringify(Object.entries(derived).toSorted(([a], [b]) => a.localeCompare(b)));
}

/** What fills each field, as text that is the same for the same. */
function fillings(template: TransactionTemplate): (label: string) => string {
  const of = <Item extends { to: string }>(items: readonly Item[], label: string): unknown[] =>
    items
      .filter(({ to }) => to === label)
      .map((item) => Object.entries(item).toSorted(([a], [b]) => a.localeCompare(b)));
  const rows = mappedRows(template);
  return (label) =>
    JSON.stringify([of(rows, label), of(template.constants, label), of(template.defaults, label)]);
}
