import { apart } from './apart.ts';
import { openTestDatabase, type TestDatabase } from './database.ts';
import { recollected } from './held-lines.ts';
import { sampleTenant, withChanged } from './sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from './sync-rows.ts';

export const OURS = 'alpha';
export const THEIRS = 'omega';
/** Stands in every name of theirs, and in the ids of one of their entities. */
export const MARK = 'OMEGA';

/**
 * A database with two organisations: each has lines collected, stopped and held, of the same ids; theirs has a second
 * entity whose ids are its own.
 */
export async function openTwoOrganizations(): Promise<TestDatabase> {
  const database = await openTestDatabase();
  await fill(database, OURS, OURS, (rows) => rows);
  await fill(database, `${THEIRS}-${MARK}`, THEIRS, marked);
  await fill(database, `${THEIRS}-2-${MARK}`, THEIRS, (rows) => apart(marked(rows), `-${MARK}`));
  return database;
}

async function fill(
  database: TestDatabase,
  entity: string,
  org: string,
  spell: (rows: Rows) => Rows,
): Promise<void> {
  const options = { entity, org };
  await syncRows(database, spell(sampleTenant()), options);
  await collectOrg(database, org);
  await syncRows(database, spell(recollected()), options);
  const later = { UpdatedDate: '2024-02-02T00:00:00Z', SubscriptionId: 'gone' };
  const orphan = withChanged(sampleTenant(), 'InvoiceItem', 'item2', later)['InvoiceItem'] ?? [];
  await syncRows(database, spell({ InvoiceItem: [{ ...orphan[1], Id: 'item3' }] }), options);
  await collectOrg(database, org);
}

const marked = (rows: Rows): Rows =>
  Object.fromEntries(
    Object.entries(rows).map(([object, list]) => [
      object,
      list.map((row) => ({
        ...row,
        ...(row['Name'] == null || object === 'Subscription' ? {} : { Name: `${row['Name']} ${MARK}` }),
      })),
    ]),
  );
