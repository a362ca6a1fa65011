import type { Command } from 'commander';

import type { CollectionOutcome } from '../../../workflows/data-collection.ts';
import { listOrganizations } from '../../store/tenancy.ts';
import { knownOrg } from '../list-options.ts';
import { type CollectionCounts, collectionCounts } from '../collection-counts.ts';
import { openOutput } from '../output.ts';
import { startWorkflow } from '../run-workflow.ts';
import { type WorkflowSession, withWorkflows } from '../session.ts';

interface CollectFlags {
  readonly org?: string;
  readonly wait: boolean;
  readonly queue: boolean;
}

interface CollectReport extends Partial<CollectionCounts> {
  readonly workflowId: string;
  readonly runId: string | null;
  readonly org: string;
  readonly outcome: CollectionOutcome['outcome'] | 'waiting' | 'failed' | 'refused' | 'started';
  readonly message: string | null;
}

/** `revsync collect run`: one Data Collection per organisation. */
export function registerCollect(program: Command): void {
  program
    .command('collect')
    .description('Data Collection: staged lines become revenue contracts.')
    .command('run')
    .description('Run it now, for one organisation or for all in key order.')
    .option('--org <org>', 'only this organisation')
    .option('--no-wait', 'start it and come back at once')
    .option('--no-queue', 'refuse instead of waiting for a collection that is open')
    .option('--json', 'print one JSON document')
    .action(async ({ json = false, ...flags }: CollectFlags & { json?: boolean }) => {
      const output = openOutput(json);
      const reports = await withWorkflows(output, async (session) => {
        const { db } = session.database;
        const asked = await knownOrg(db, flags.org);
        const orgs = asked === undefined ? await listOrganizations(db) : [asked];
        const all: CollectReport[] = [];
        for (const org of orgs) all.push(await collectOrg(session, org, flags));
        return all;
      });
      const [only] = reports;
      output.result(
        reports.length === 1 ? only : { runs: reports },
        reports.length === 0
          ? 'There is no organisation yet; a first `sync run` makes them.'
          : reports.map(collectText),
      );
      process.exitCode = reports.every(({ outcome }) => outcome === 'completed' || outcome === 'started')
        ? 0
        : 1;
    });
}

async function collectOrg(
  session: WorkflowSession,
  org: string,
  flags: CollectFlags,
): Promise<CollectReport> {
  const { configuration, temporal, output } = session;
  const { workflowId, runId, end } = await startWorkflow<CollectionOutcome>(
    temporal,
    {
      type: 'dataCollection',
      workflowId: `data-collection/${org}`,
      taskQueue: configuration.REVSYNC_TASK_QUEUE,
      input: { org },
      summary: `Data Collection of ${org}`,
      searchAttributes: { RevsyncTenant: configuration.REVSYNC_TENANT },
      children: [],
      queue: flags.queue,
    },
    output.report,
  );
  const started = { workflowId, runId, org, message: null };
  if (!flags.wait) return { ...started, outcome: 'started' };
  const ended = await end();
  if (ended.ended === 'result') {
    return { ...started, outcome: ended.result.outcome, ...collectionCounts(ended.result) };
  }
  if (ended.ended === 'failed') return { ...started, outcome: 'failed', message: ended.message };
  if (ended.ended === 'refused')
    return { ...started, outcome: 'refused', message: `${ended.by} is running already.` };
  const { awaiting } = ended.state;
  return { ...started, outcome: 'waiting', message: awaiting && `${awaiting.message} ${awaiting.remedy}` };
}

const collectText = ({
  org,
  outcome,
  message,
  collected,
  contracts,
  waiting,
  stopped,
}: CollectReport): string =>
  outcome === 'completed'
    ? `Data Collection of ${org}: ${collected} lines collected into ${contracts} contracts; ${waiting} wait, ${stopped} are held or stopped.`
    : `Data Collection of ${org}: ${outcome}. ${message ?? ''}`.trim();
