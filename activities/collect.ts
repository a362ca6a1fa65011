import { RevsyncError } from '../src/domain/errors.ts';
import { type CollectionResult, collect } from '../src/store/collect/collect.ts';
import { closeCollection, collectionOf, openCollection, openCollectionOf } from '../src/store/collections.ts';
import { listOrganizations } from '../src/store/tenancy.ts';
import type { Dependencies } from './dependencies.ts';
import { whileHeartbeating } from './heartbeating.ts';
import { currentOwner } from './open-run.ts';

const LOOK_AGAIN = 5_000;

export interface OpenedCollection {
  readonly tenant: string;
  readonly collection: string;
  readonly org: string;
}

export function createCollectActivities({ db, isOver, tenant: { tenant } }: Dependencies) {
  return {
    /** Opens the collection of an organisation; one that is open is waited for, one left behind is taken over. */
    async openDataCollection({ org }: { org?: string | undefined }): Promise<OpenedCollection> {
      const owner = currentOwner();
      const chosen = await chooseOrganization(org);
      const mine = await collectionOf(db, chosen, owner);
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
      return whileHeartbeating(() => collect(db, org, collection));
    },

    /** Gives the collection up; its lines stay where they are. */
    async abandonCollection({ collection, reason }: { collection: string; reason: string }): Promise<void> {
      await closeCollection(db, collection, 'aborted', reason);
    },
  };

  async function chooseOrganization(org: string | undefined): Promise<string> {
    const known = await listOrganizations(db);
    const [only] = known;
    if (org === undefined && only !== undefined && known.length === 1) return only;
    if (org !== undefined && known.includes(org)) return org;
    const example = JSON.stringify({ org: only ?? 'default' });
    throw new RevsyncError(
      org === undefined
        ? `There are ${known.length} organisations; a collection is of one of them.`
        : `There is no organisation "${org}" (known: ${known.join(', ') || 'none yet'}).`,
      {
        code: org === undefined ? 'ORGANIZATION_NEEDED' : 'ORGANIZATION_UNKNOWN',
        fate: 'fix-input',
        remedy: `Start again with one of them, for example ${example}; a first sync makes them.`,
      },
    );
  }
}
export type CollectActivities = ReturnType<typeof createCollectActivities>;
