import { type BillingObject } from '../../domain/catalogue/define-object.ts';
import { type Snapshot } from './changes.ts';
import { canonicalInstant } from './instants.ts';
import { type Row } from './tenant.ts';
import { type RowTest } from './zoql-filter.ts';

/** Where a call of the stateful mode stops and the next one begins. */
export interface Mark {
  /** An instant in canonical form. */
  readonly at: string;
  /** Of the changes at run time, the last that was there. */
  readonly revision: number;
}

/** What one query of a stateful job is to tell: a full load without `since`. */
export interface StatefulWindow {
  readonly since: Mark | null;
  /** Set where an offset cuts off the newest changes. */
  readonly until: Mark | null;
}

/**
 * The rows that belong to a call: those of the object itself that were created or changed since the mark,
 * by their UpdatedDate or, whatever that says, by a change at run time after it (wire.md 2.2, facts 2 and 5).
 */
export function windowTest(
  object: BillingObject,
  { since, until }: StatefulWindow,
  snapshot: Snapshot,
): RowTest {
  return (row) => {
    const touch = snapshot.touch(object.name, row['Id'] ?? '');
    const updated = instantOf(row, 'UpdatedDate');
    if (until !== null && (touch === undefined ? updated >= until.at : touch.revision > until.revision)) {
      return false;
    }
    if (since === null) return true;
    // Times have whole seconds: of a change within the second of the mark only the revision knows.
    const isChanged =
      touch === undefined ? updated >= since.at : touch.revision > since.revision || updated > since.at;
    if (!isChanged) return false;
    return row['Deleted'] !== 'true' || !isBornSince(object, row, since, snapshot);
  };
}

/** What was created and deleted between two calls is never told. */
function isBornSince(object: BillingObject, row: Row, since: Mark, snapshot: Snapshot): boolean {
  const created = instantOf(row, 'CreatedDate');
  if (created !== '' && created !== since.at) return created > since.at;
  const touch = snapshot.touch(object.name, row['Id'] ?? '');
  return touch !== undefined && !touch.deletedFirst && touch.first > since.revision;
}

function instantOf(row: Row, field: string): string {
  const cell = row[field];
  return cell == null ? '' : (canonicalInstant(cell) ?? '');
}
