import { RevsyncError } from '../src/domain/errors.ts';
import { openCollectionOf } from '../src/store/collections.ts';
import { openRunOf } from '../src/store/runs.ts';
import type { Dependencies } from './dependencies.ts';

const LOOK_AGAIN = 5_000;

/**
 * Throws while a run of the entity or a collection of its organisation is open: it has read some lines by the old rules
 * and would read others by the new ones. What a workflow that is over left open does nothing any more.
 *
 * @throws RevsyncError `RUN_IN_PROGRESS`, `COLLECTION_IN_PROGRESS`, both to be tried again
 */
export async function requireQuiet(
  { db, isOver }: Dependencies,
  { entity, org }: { readonly entity: string; readonly org: string },
): Promise<void> {
  const run = await openRunOf(db, entity);
  if (run !== undefined && !(await isOver(run.owner))) {
    throw inTheWay('RUN_IN_PROGRESS', `A run of ${entity}`, run.owner.workflowId);
  }
  const collection = await openCollectionOf(db, org);
  if (collection !== undefined && !(await isOver(collection.owner))) {
    throw inTheWay('COLLECTION_IN_PROGRESS', `A collection of ${org}`, collection.owner.workflowId);
  }
}

/** What is in the way of a switch-over until it ends by itself. */
export const inTheWay = (code: string, what: string, workflowId: string): RevsyncError =>
  new RevsyncError(`${what} is open; waiting for ${workflowId}.`, {
    code,
    fate: 'retry',
    retryAfter: LOOK_AGAIN,
    remedy: 'Nothing to do: the switch-over goes on when it ends.',
  });
