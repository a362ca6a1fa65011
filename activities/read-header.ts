import type { BillingObject } from '../src/domain/catalogue/define-object.ts';
import { RevsyncError } from '../src/domain/errors.ts';
import type { LandedColumn } from '../src/store/load/landing.ts';
import type { Dependencies } from './dependencies.ts';
import { DELETED_COLUMN } from './export-plan.ts';

/** What each column of the file is; the order is the file's own. */
export function readHeader(
  { headerTarget }: Dependencies['aqua'],
  object: BillingObject,
  cells: readonly string[],
): LandedColumn[] {
  const columns = cells.map(
    (cell) => headerTarget(object, cell, DELETED_COLUMN) ?? { kind: 'ignored' as const },
  );
  const seen = new Set<string>();
  for (const column of columns) {
    if (column.kind !== 'field') continue;
    if (seen.has(column.field)) throw unreadable(object, `has ${column.field} twice`);
    seen.add(column.field);
  }
  const missing = object.key.filter((field) => !seen.has(field));
  if (missing.length > 0) throw unreadable(object, `lacks ${missing.join(' and ')}`);
  return columns;
}

function unreadable(object: BillingObject, why: string): RevsyncError {
  return new RevsyncError(`The file of ${object.name} ${why}.`, {
    code: 'BILLING_FILE_UNREADABLE',
    fate: 'fix-input',
    remedy: 'Billing answered with other columns than it was asked for; nothing of the file was kept.',
    context: { object: object.name },
  });
}
