import { CancellationScope, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';

import type { OpenedCollection } from '../activities/collect.ts';
import { COLLECT_EXAMPLE, CollectInput } from '../src/domain/sync/sync-input.ts';
import { openDesk, RunAborted } from './desk.ts';
import { parseInput } from './parse-input.ts';
import { activities, LONG, QUEUE, QUICK } from './proxies.ts';
import { REVSYNC_TENANT } from './search-attributes.ts';

const quick = activities(QUICK);
const long = activities(LONG);
const queue = activities(QUEUE);

const STEPS = [
  { step: 'open', title: 'Open the collection' },
  { step: 'collect', title: 'Group lines into revenue contracts' },
] as const;

/** Counts as exact text. */
export interface CollectionOutcome {
  readonly workflowId: string;
  readonly runId: string;
  readonly outcome: 'completed' | 'aborted';
  readonly org: string;
  readonly contracts: string;
  readonly lines: string;
  readonly collected: string;
  readonly waiting: string;
  readonly stopped: string;
}

/** One Data Collection of one organisation: staged lines become revenue contracts (enablement step 11). */
export async function dataCollection(raw?: unknown): Promise<CollectionOutcome> {
  const input = parseInput(CollectInput, COLLECT_EXAMPLE, raw);
  const desk = openDesk('dataCollection', `Data Collection ${input.org ?? ''}`.trim(), STEPS);
  const { workflowId, runId } = workflowInfo();

  let opened: OpenedCollection | null = null;
  try {
    const collection = await desk.step(
      'open',
      () =>
        queue.openDataCollection.executeWithOptions(
          { summary: `open a collection of ${input.org ?? 'the tenant'}` },
          [input],
        ),
      ({ org }) => org,
    );
    opened = collection;
    upsertSearchAttributes([{ key: REVSYNC_TENANT, value: collection.tenant }]);
    const result = await desk.step(
      'collect',
      () => long.collectLines.executeWithOptions({ summary: 'bookings, then billings' }, [collection]),
      ({ collected, waiting, stopped }) => `${collected} collected, ${waiting} wait, ${stopped} stopped`,
    );
    desk.finish('completed');
    return { workflowId, runId, outcome: 'completed', ...result };
  } catch (error) {
    const left = opened;
    const reason = error instanceof RunAborted ? `aborted: ${error.message}` : 'not completed';
    if (left !== null) {
      await CancellationScope.nonCancellable(() =>
        quick.abandonCollection.executeWithOptions({ summary: 'give the collection up' }, [
          { ...left, reason },
        ]),
      );
    }
    if (!(error instanceof RunAborted)) throw error;
    desk.finish('aborted');
    const none = { contracts: '0', lines: '0', collected: '0', waiting: '0', stopped: '0' };
    return { workflowId, runId, outcome: 'aborted', org: left?.org ?? input.org ?? '', ...none };
  }
}
