import { RevsyncError } from '../src/domain/errors.ts';
import { type CollectionResult, collect } from '../src/store/collect/collect.ts';
import { closeCollection, collectionOf, openCollection, openCollectionOf } from '../src/store/collections.ts';
import { ensureSeededSetups } from '../src/store/setups/seeded-setups.ts';
import { chooseOrganization } from './choose-organization.ts';
import type { Dependencies } from './dependencies.ts';
import { whileHeartbeating } from './heartbeating.ts';
import { currentOwner } from './current-owner.ts';

const LOOK_AGAIN = 5_000;

export interface OpenedCollection {
  readonly tenant: string;
  readonly collection: string;
  readonly org: string;
}

export interface CollectionRequest {
  readonly org?: string | undefined;
  readonly after?: string | undefined;
}

export function createCollectActivities({ db, isOver, tenant: { tenant } }: Dependencies) {
  return {
    /**
     * Opens the collection of an organisation; one that is open is waited for, one left behind is taken over. `after`
     * names one that the workflow has had before: a retry answers what was opened since.
     */
    async openDataCollection({ org, after }: CollectionRequest): Promise<OpenedCollection> {
      const owner = currentOwner();
      const chosen = await chooseOrganization(db, org);
      const mine = await collectionOf(db, chosen, owner, after);
      if (mine !== undefined) return { tenant, collection: mine, org: chosen };

      const collection = await openCollection(db, chosen, owner);
      if (collection !== undefined) return { tenant, collection, org: chosen };
      const other = await openCollectionOf(db, chosen);
      if (other !== undefined && (await isOver(other.owner))) {
        await closeCollection(db, other.collection, 'aborted', 'its workflow is over');
        const taken = await openCollection(db, chosen, owner);
        if (taken !== undefined) return { tenant, collection: taken, org: chosen };
      }
      throw new RevsyncError(
        `A collection of ${chosen} is open; waiting for ${other?.owner.workflowId ?? 'another workflow'}.`,
        {
          code: 'COLLECTION_IN_PROGRESS',
          fate: 'retry',
          retryAfter: LOOK_AGAIN,
          remedy: 'Nothing to do: this collection starts when the other one ends.',
        },
      );
    },

    /** Groups the staged lines of the organisation into revenue contracts (enablement step 11). Safe to repeat. */
    async collectLines({ collection, org }: OpenedCollection): Promise<CollectionResult> {
      return whileHeartbeating(async () => {
        await ensureSeededSetups(db);
        return collect(db, org, collection);
      });
    },

    /** Gives the collection up; its lines stay where they are. */
    async abandonCollection({ collection, reason }: { collection: string; reason: string }): Promise<void> {
      await closeCollection(db, collection, 'aborted', reason);
    },
  };
}
export type CollectActivities = ReturnType<typeof createCollectActivities>;
export type { CollectionResult };
