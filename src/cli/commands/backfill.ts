import type { Command } from 'commander';

import type { BackfillOutcome } from '../../../workflows/invoice-settlement-backfill.ts';
import { RevsyncError } from '../../domain/errors.ts';
import { BackfillInput } from '../../domain/settlement/backfill-input.ts';
import { CHUNK_SIZES } from '../../domain/settlement/chunks.ts';
import { listChunks } from '../../store/settlement/list-chunks.ts';
import { type EntityReport, listReports } from '../../store/settlement/report.ts';
import { choice, entityKey, knownOrg } from '../list-options.ts';
import { openOutput } from '../output.ts';
import { startWorkflow } from '../run-workflow.ts';
import { withDatabase, type WorkflowSession, withWorkflows } from '../session.ts';
import { backfillText, switchesText } from '../settlement-text.ts';

interface RunFlags {
  readonly entity?: string;
  readonly switchDate?: string;
  readonly chunk?: string;
  readonly wait: boolean;
  readonly queue: boolean;
}

/** `backfill run --json`. */
export interface BackfillReport {
  readonly workflowId: string;
  readonly runId: string | null;
  readonly outcome: BackfillOutcome['outcome'] | 'waiting' | 'failed' | 'refused' | 'started';
  readonly entities: readonly EntityReport[];
  /** What a person has to do, or why it failed; null otherwise. */
  readonly message: string | null;
}

/** `revsync backfill`: the switch-over to Invoice Settlement. */
export function registerBackfill(program: Command): void {
  const backfill = program
    .command('backfill')
    .description('Invoice Settlement: memos take over from adjustments, and their history is brought.');
  backfill
    .command('run')
    .description('Switch over, for one entity or for all in key order; started again, it goes on.')
    .option('--entity <name>', 'key, Billing id or display name')
    .option('--switch-date <day>', 'corrections count as memos from this day on, instead of from today')
    .addOption(choice('--chunk <size>', 'how much history a run brings (month)', CHUNK_SIZES))
    .option('--no-wait', 'start it and come back at once')
    .option('--no-queue', 'refuse instead of waiting for a backfill that is open')
    .option('--json', 'print one JSON document')
    .action(runAction);
  backfill
    .command('list')
    .description('Where each entity stands: switch date, chunks, proof.')
    .option('--entity <name>', 'key, Billing id or display name')
    .option('--org <org>', 'only this organisation')
    .option('--json', 'print one JSON document')
    .action(listAction);
}

async function runAction({ json = false, ...flags }: RunFlags & { json?: boolean }): Promise<void> {
  const output = openOutput(json);
  const input = inputOf(flags);
  const report = await withWorkflows(output, (session) => run(session, input, flags));
  output.result(report, backfillText(report));
  process.exitCode = ['completed', 'nothing-to-do', 'started'].includes(report.outcome) ? 0 : 1;
}

/** Looks at the flags before anything is started. */
function inputOf({ entity, switchDate, chunk }: RunFlags): BackfillInput {
  const parsed = BackfillInput.safeParse({ entity, switchDate, chunk });
  if (parsed.success) return parsed.data;
  throw new RevsyncError(`--switch-date takes a day, not "${switchDate}".`, {
    code: 'USAGE',
    fate: 'fix-input',
    remedy: 'Give for example --switch-date 2025-01-01.',
  });
}

async function run(session: WorkflowSession, input: BackfillInput, flags: RunFlags): Promise<BackfillReport> {
  const { configuration, temporal, output, billing } = session;
  if (!flags.wait && session.own) throw nobodyWouldRunIt();
  await billing.billing.signIn();
  const tenant = configuration.REVSYNC_TENANT;
  const workflowId = `invoice-settlement-backfill/${tenant}`;
  const { runId, end } = await startWorkflow<BackfillOutcome>(
    temporal,
    {
      type: 'invoiceSettlementBackfill',
      workflowId,
      taskQueue: configuration.REVSYNC_TASK_QUEUE,
      input,
      summary: `Invoice Settlement backfill of ${input.entity ?? tenant}`,
      searchAttributes: { RevsyncTenant: tenant },
      // Its runs over chunks come one after the other under this id.
      children: [`${workflowId}/run`],
      queue: flags.queue,
    },
    output.report,
  );
  const started = { workflowId, runId, entities: [], message: null };
  if (!flags.wait) return { ...started, outcome: 'started' };
  const ended = await end();
  if (ended.ended === 'result') {
    const { db } = session.database;
    // The workflow tells counts only; the proof is in the database.
    const entities = await listReports(db, { entity: await entityKey(db, input.entity) });
    return { ...started, outcome: ended.result.outcome, entities, message: null };
  }
  if (ended.ended === 'failed') return { ...started, outcome: 'failed', message: ended.message };
  if (ended.ended === 'refused') {
    return { ...started, outcome: 'refused', message: `${ended.by} is running already.` };
  }
  const { awaiting } = ended.state;
  return { ...started, outcome: 'waiting', message: awaiting && `${awaiting.message} ${awaiting.remedy}` };
}

const nobodyWouldRunIt = (): RevsyncError =>
  new RevsyncError('Nothing is running here that would go on with the backfill after this command.', {
    code: 'USAGE',
    fate: 'fix-input',
    remedy: 'Start `revsync up` first, or leave --no-wait out.',
  });

async function listAction({
  json = false,
  ...asked
}: {
  json?: boolean;
  entity?: string;
  org?: string;
}): Promise<void> {
  const output = openOutput(json);
  await withDatabase(output, async ({ database: { db } }) => {
    const filter = { entity: await entityKey(db, asked.entity), org: await knownOrg(db, asked.org) };
    const reports = await listReports(db, filter);
    const chunks = await listChunks(db, filter);
    const switches = reports.map((report) => ({
      ...report,
      chunks: chunks.filter(({ entity }) => entity === report.entity),
    }));
    output.result(switches, switchesText(reports));
  });
}
