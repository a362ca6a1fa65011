import { randomUUID } from 'node:crypto';

import { RevsyncError } from '../../domain/errors.ts';
import { completeCollection, openCollection, openCollectionOf } from '../collections.ts';
import type { Db } from '../database.ts';

/**
 * Changes contracts of an organisation in one transaction, as the collection that nobody else can open meanwhile.
 * `what` names it in the record of collections: `contract close`.
 *
 * @throws RevsyncError `COLLECTION_IN_PROGRESS`
 */
export async function whileNobodyCollects<Result>(
  db: Db,
  { org, what }: { org: string; what: string },
  work: (trx: Db) => Promise<Result>,
): Promise<Result> {
  return db.transaction().execute(async (trx) => {
    const collection = await openCollection(trx, org, { workflowId: what, runId: randomUUID() });
    if (collection === undefined) throw await inProgress(trx, org);
    const result = await work(trx);
    await completeCollection(trx, collection, { did: what });
    return result;
  });
}

async function inProgress(trx: Db, org: string): Promise<RevsyncError> {
  const other = await openCollectionOf(trx, org);
  return new RevsyncError(
    `Contracts of ${org} are being collected by ${other?.owner.workflowId ?? 'another workflow'}.`,
    {
      code: 'COLLECTION_IN_PROGRESS',
      fate: 'retry',
      remedy: 'Do this again when the collection has ended.',
      context: { org },
    },
  );
}
