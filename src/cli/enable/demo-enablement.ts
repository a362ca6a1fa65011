import { z } from 'zod';

import { RevsyncError } from '../../domain/errors.ts';
import { SYNC_LOOKUP } from '../../domain/settings/lookups.ts';
import { readBalance } from '../../store/balance/read-balance.ts';
import { readEnablement } from '../../store/enablement/read-enablement.ts';
import { setByHand } from '../../store/profiles.ts';
import { lastCollection } from '../../store/last-collection.ts';
import { listRuns } from '../../store/list-runs.ts';
import { isSandbox } from '../billing-access.ts';
import type { CollectionCounts } from '../collection-counts.ts';
import type { WorkflowSession } from '../session.ts';
import type { SyncReport } from '../sync-run.ts';
import { beginEnablement, enablementId } from './begin.ts';
import {
  correspondentOf,
  type EnablementDocument,
  enablementDocument,
  runningEnablement,
} from './correspond.ts';
import { demoAnswers, proposedAnswer } from './demo-answers.ts';
import { sendAnswers } from './send-answers.ts';

/** The enablement that the demo went through, and the first runs that it had done; none where they were done before. */
export interface DemoEnablement {
  readonly document: EnablementDocument;
  readonly runs: readonly SyncReport[];
}

/**
 * Takes a sandbox tenant through the enablement with the demo's own answers. Null where the tenant is live already, or is
 * a real one: nobody else decides for that.
 *
 * @throws RevsyncError `ENABLEMENT_STUCK`
 */
export async function enableDemo(session: WorkflowSession): Promise<DemoEnablement | null> {
  const { configuration, temporal, database, billing, output } = session;
  const { REVSYNC_TENANT: tenant, REVSYNC_TASK_QUEUE: taskQueue } = configuration;
  if (!(await isSandbox(billing.url))) return null;
  const before = await readEnablement(database.db, tenant);
  if (before?.status === 'completed') return null;
  const answers = demoAnswers();
  let workflowId = await runningEnablement(session);
  if (workflowId === undefined) {
    workflowId = enablementId(tenant);
    const by = answers.by ?? 'demo';
    await beginEnablement(temporal, { tenant, taskQueue, name: undefined, force: false, by });
  }
  output.report('The enablement: eleven steps, answered by the demo.');
  const lastRun = (await listRuns(database.db, {})).at(-1)?.run ?? '0';
  // Where the demo is stuck, the rest is for whoever goes on to answer.
  const correspondent = {
    ...correspondentOf(session, workflowId),
    otherwise: proposedAnswer,
    keeps: false,
  };
  const { standing, refusal } = await sendAnswers(answers, correspondent);
  const document = await enablementDocument(session, workflowId, standing);
  if (document.status !== 'completed') throw stuck(document, refusal?.message);
  await collectAfterSyncs(session);
  return { document, runs: await firstRuns(session, lastRun) };
}

/** Nothing starts by itself after a demo; what is synced by hand then should show as contracts all the same. */
async function collectAfterSyncs({ database: { db } }: WorkflowSession): Promise<void> {
  const reason = 'the demo collects after every sync';
  await setByHand(db, { name: SYNC_LOOKUP, code: 'Auto_Collect', value: 'Y', by: 'demo', reason });
}

/** The runs that it had done, as `sync run` would tell of them. */
async function firstRuns({ database: { db } }: WorkflowSession, lastRun: string): Promise<SyncReport[]> {
  const runs = (await listRuns(db, { after: lastRun })).filter(({ state }) => state === 'completed');
  return Promise.all(
    runs.map(async ({ run, entity, org, window: { from, to }, workflowId, runId, outcome }) => ({
      workflowId,
      runId,
      entity,
      outcome: outcome === 'nothing-to-do' ? outcome : ('completed' as const),
      window: { from: from && seconds(from), to: seconds(to) },
      balance: (await readBalance(db, run)) ?? null,
      collection: collectionOf(org, await lastCollection(db, org)),
      message: null,
    })),
  );
}

/** Windows have whole seconds. */
const seconds = (instant: string): string => instant.replace(/\.0+Z$/, 'Z');

const Count = z.coerce.number().default(0);
const Counts = z.object({ contracts: Count, lines: Count, collected: Count, waiting: Count, stopped: Count });

const collectionOf = (org: string, result: object | undefined): CollectionCounts | null =>
  result === undefined ? null : { org, ...Counts.parse(result) };

function stuck(
  { awaiting, below, workflowId }: EnablementDocument,
  refusal: string | undefined,
): RevsyncError {
  const waits = awaiting ?? below?.awaiting;
  const why = refusal ?? (waits === undefined ? 'it was given up' : `${waits.message} ${waits.remedy}`);
  return new RevsyncError(`${workflowId} goes no further by the answers of the demo: ${why}`, {
    code: 'ENABLEMENT_STUCK',
    fate: 'retry',
    remedy: 'Answer it yourself: `revsync enable status` shows what it waits for and the JSON to send.',
  });
}
