import { sql } from 'kysely';

import { RevsyncError } from '../domain/errors.ts';
import type { Db } from './database.ts';
import { foldIdleCollection } from './fold-idle-collection.ts';
import type { Owner } from './runs.ts';

export interface OpenCollection {
  readonly collection: string;
  readonly owner: Owner;
}

/** The collection that an owner opened for an organisation, since `after` where it has had one before. */
export async function collectionOf(
  db: Db,
  org: string,
  owner: Owner,
  after = '0',
): Promise<string | undefined> {
  const row = await db
    .selectFrom('control.collection')
    .select('collection')
    .where('org', '=', org)
    .where('owner_workflow', '=', owner.workflowId)
    .where('owner_run', '=', owner.runId)
    .where('collection', '>', after)
    .orderBy('collection')
    .executeTakeFirst();
  return row?.collection;
}

/** The organisation's open collection, whoever owns it. */
export async function openCollectionOf(db: Db, org: string): Promise<OpenCollection | undefined> {
  const row = await db
    .selectFrom('control.collection')
    .select(['collection', 'owner_workflow', 'owner_run'])
    .where('org', '=', org)
    .where('state', '=', 'open')
    .executeTakeFirst();
  return (
    row && { collection: row.collection, owner: { workflowId: row.owner_workflow, runId: row.owner_run } }
  );
}

/** Opens a collection, or answers undefined when another one of the organisation is open. */
export async function openCollection(db: Db, org: string, owner: Owner): Promise<string | undefined> {
  const row = await db
    .insertInto('control.collection')
    .values({
      org,
      owner_workflow: owner.workflowId,
      owner_run: owner.runId,
      outcome: null,
      result: null,
      closed_at: null,
    })
    .onConflict((conflict) => conflict.column('org').where('state', '=', 'open').doNothing())
    .returning('collection')
    .executeTakeFirst();
  return row?.collection;
}

/** Ends an open collection; ending it again changes nothing. */
export async function closeCollection(
  db: Db,
  collection: string,
  state: 'completed' | 'aborted',
  outcome: string,
): Promise<void> {
  await db
    .updateTable('control.collection')
    .set({ state, outcome, closed_at: sql`now()` })
    .where('collection', '=', collection)
    .where('state', '=', 'open')
    .execute();
}

/**
 * Completes an open collection with what a later attempt is to be answered. Belongs into the transaction of its work,
 * and folds the collection before into it where neither collected anything (`foldIdleCollection`).
 */
export async function completeCollection(
  trx: Db,
  collection: string,
  result: Readonly<Record<string, string>>,
): Promise<void> {
  await trx
    .updateTable('control.collection')
    .set({ state: 'completed', outcome: 'completed', result: JSON.stringify(result), closed_at: sql`now()` })
    .where('collection', '=', collection)
    .execute();
  await foldIdleCollection(trx, collection);
}

/**
 * Keeps the collection from being ended by anybody else for the rest of the transaction. Answers what it
 * came to when a former attempt completed it, else undefined. One that is folded into a later one came to the same.
 *
 * @throws RevsyncError `COLLECTION_IS_OVER` for a late attempt at a collection that was given up
 */
export async function takeCollection(
  db: Db,
  { org, collection }: { org: string; collection: string },
): Promise<Readonly<Record<string, string>> | undefined> {
  const found =
    (await db
      .selectFrom('control.collection')
      .select(['state', 'result'])
      .where('collection', '=', collection)
      .forUpdate()
      .executeTakeFirst()) ?? (await foldedInto(db, org, collection));
  if (found?.state === 'open') return undefined;
  if (found?.state === 'completed' && found.result !== null) return found.result;
  throw new RevsyncError(`Collection ${collection} is over.`, {
    code: 'COLLECTION_IS_OVER',
    fate: 'fix-input',
    remedy: 'Start a new Data Collection.',
    context: { collection },
  });
}

/** The completed collection that one which is not there any more is folded into. */
function foldedInto(db: Db, org: string, collection: string) {
  return db
    .selectFrom('control.collection')
    .select(['state', 'result'])
    .where('org', '=', org)
    .where('collection', '>', collection)
    .where('state', '=', 'completed')
    .where('idle_collections', '>', 0)
    .orderBy('collection')
    .limit(1)
    .executeTakeFirst();
}
