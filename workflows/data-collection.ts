import { CancellationScope, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';

import type { CollectionResult, OpenedCollection } from '../activities/collect.ts';
import { COLLECT_EXAMPLE, CollectInput } from '../src/domain/sync/sync-input.ts';
import { type Desk, openDesk, RunAborted } from './desk.ts';
import { DECIDE, DECISION_ASKED, takeHoldDecisions } from './hold-decisions.ts';
import { parseInput } from './parse-input.ts';
import { activities, LONG, QUEUE, QUICK } from './proxies.ts';
import { REVSYNC_TENANT } from './search-attributes.ts';

const quick = activities(QUICK);
const long = activities(LONG);
const queue = activities(QUEUE);

const STEPS = [
  { step: 'open', title: 'Open the collection' },
  DECIDE,
  { step: 'collect', title: 'Group lines into revenue contracts' },
] as const;

type Counts = Pick<CollectionResult, 'contracts' | 'lines' | 'collected' | 'waiting' | 'stopped'>;

const NOTHING: Counts = { contracts: '0', lines: '0', collected: '0', waiting: '0', stopped: '0' };

/** Counts as exact text. */
export interface CollectionOutcome extends Counts {
  readonly workflowId: string;
  readonly runId: string;
  readonly outcome: 'completed' | 'aborted';
  readonly org: string;
}

/**
 * Data Collection of one organisation: staged lines become revenue contracts (enablement step 11). Takes decisions on
 * held lines meanwhile, and collects again what was decided after it began. Started to decide on held lines, it waits
 * for the first decision; no collection is open until then.
 */
export async function dataCollection(raw?: unknown): Promise<CollectionOutcome> {
  const input = parseInput(CollectInput, COLLECT_EXAMPLE, raw);
  const desk = openDesk('dataCollection', `Data Collection ${input.org ?? ''}`.trim(), STEPS);
  const decisions = takeHoldDecisions(desk, input.org);
  const { workflowId, runId } = workflowInfo();

  let opened: OpenedCollection | null = null;
  let counts = NOTHING;
  try {
    if (input.decide) await desk.until(DECIDE.step, DECISION_ASKED, () => decisions.taken() > 0);
    for (;;) {
      const collection = await open(desk, input, opened);
      opened = collection;
      await decisions.settled();
      const seen = decisions.taken();
      counts = added(counts, await collect(desk, collection));
      await decisions.settled();
      if (decisions.taken() === seen) break;
    }
    if (decisions.taken() === 0) desk.note(DECIDE.step, 'skipped', 'nothing was decided');
    desk.finish('completed');
    return { workflowId, runId, outcome: 'completed', org: opened.org, ...counts };
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
    await decisions.settled();
    desk.finish('aborted');
    return { workflowId, runId, outcome: 'aborted', org: left?.org ?? input.org ?? '', ...counts };
  }
}

async function open(
  desk: Desk,
  input: CollectInput,
  before: OpenedCollection | null,
): Promise<OpenedCollection> {
  const collection = await desk.step(
    'open',
    () =>
      queue.openDataCollection.executeWithOptions(
        { summary: `open a collection of ${input.org ?? 'the tenant'}` },
        [before === null ? { org: input.org } : { org: before.org, after: before.collection }],
      ),
    ({ org }) => org,
  );
  if (before === null) upsertSearchAttributes([{ key: REVSYNC_TENANT, value: collection.tenant }]);
  return collection;
}

const collect = (desk: Desk, collection: OpenedCollection): Promise<CollectionResult> =>
  desk.step(
    'collect',
    () => long.collectLines.executeWithOptions({ summary: 'bookings, then billings' }, [collection]),
    ({ collected, waiting, stopped }) => `${collected} collected, ${waiting} wait, ${stopped} stopped`,
  );

/** What was done adds up; what waits or is stopped is as the last collection left it. */
function added(before: Counts, { contracts, lines, collected, waiting, stopped }: CollectionResult): Counts {
  const sum = (one: string, other: string): string => String(BigInt(one) + BigInt(other));
  return {
    contracts: sum(before.contracts, contracts),
    lines: sum(before.lines, lines),
    collected: sum(before.collected, collected),
    waiting,
    stopped,
  };
}
