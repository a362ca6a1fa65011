import type { Command } from 'commander';

import type { SettingsOutcome } from '../../../workflows/settings-sync.ts';
import { listBillingSettings } from '../../store/settings/billing-settings.ts';
import { entityKey } from '../list-options.ts';
import { openOutput } from '../output.ts';
import { startWorkflow } from '../run-workflow.ts';
import { type WorkflowSession, withDatabase, withWorkflows } from '../session.ts';
import { changesText, settingsText } from '../settings-text.ts';
import { nobodyWouldRunIt } from '../sync-run.ts';

interface RunFlags {
  readonly json?: boolean;
  readonly wait: boolean;
  readonly queue: boolean;
}

/** `settings run --json`; without a result, only what became of the workflow. */
interface SettingsRunReport extends Partial<Omit<SettingsOutcome, 'outcome' | 'runId'>> {
  readonly workflowId: string;
  readonly runId: string | null;
  readonly outcome: SettingsOutcome['outcome'] | 'waiting' | 'failed' | 'refused' | 'started';
  /** What a person has to do, or why it failed; null otherwise. */
  readonly message: string | null;
}

const REACHED = new Set<SettingsRunReport['outcome']>(['completed', 'nothing-to-do', 'started']);

/** `revsync settings`: what Billing's settings say, and the profiles and lookups that follow. */
export function registerSettings(program: Command): void {
  const settings = program
    .command('settings')
    .description('Settings of Billing that revenue depends on; profiles and lookups follow them.');
  settings
    .command('run')
    .description('Read them from Billing now, and configure what follows.')
    .option('--no-wait', 'start it and come back at once')
    .option('--no-queue', 'refuse instead of waiting for a settings sync that is running')
    .option('--json', 'print one JSON document')
    .action(runAction);
  settings
    .command('list')
    .description('What Billing said when they were last read, and whether it fits.')
    .option('--entity <name>', 'key, Billing id or display name')
    .option('--json', 'print one JSON document')
    .action(listAction);
}

async function runAction({ json = false, wait, queue }: RunFlags): Promise<void> {
  const output = openOutput(json);
  const report = await withWorkflows(output, async (session) => {
    if (!wait && session.own) throw nobodyWouldRunIt();
    await session.billing.billing.signIn();
    return runSettings(session, { wait, queue });
  });
  output.result(report, runText(report));
  process.exitCode = REACHED.has(report.outcome) ? 0 : 1;
}

async function runSettings(
  { configuration, temporal, output }: WorkflowSession,
  { wait, queue }: RunFlags,
): Promise<SettingsRunReport> {
  const tenant = configuration.REVSYNC_TENANT;
  const { workflowId, runId, end } = await startWorkflow<SettingsOutcome>(
    temporal,
    {
      type: 'settingsSync',
      workflowId: `settings-sync/${tenant}`,
      taskQueue: configuration.REVSYNC_TASK_QUEUE,
      input: {},
      summary: `Settings sync of ${tenant}`,
      searchAttributes: { RevsyncTenant: tenant },
      children: [],
      queue,
    },
    output.report,
  );
  const started = { workflowId, runId, message: null };
  if (!wait) return { ...started, outcome: 'started' };
  const ended = await end();
  if (ended.ended === 'result') return { ...started, ...ended.result };
  if (ended.ended === 'failed') return { ...started, outcome: 'failed', message: ended.message };
  if (ended.ended === 'refused') {
    return { ...started, outcome: 'refused', message: `${ended.by} is running already.` };
  }
  const { awaiting } = ended.state;
  return { ...started, outcome: 'waiting', message: awaiting && `${awaiting.message} ${awaiting.remedy}` };
}

function runText({ outcome, message, rules, features, changes, kept }: SettingsRunReport): string[] {
  return [
    `Settings sync: ${outcome}${message === null ? '' : `. ${message}`}`,
    ...(rules === undefined || features === undefined || rules.length === 0
      ? []
      : ['', ...settingsText(rules, features), '', ...changesText(changes ?? [], kept ?? [])]),
  ];
}

async function listAction({ json = false, entity }: { json?: boolean; entity?: string }): Promise<void> {
  const output = openOutput(json);
  await withDatabase(output, async ({ database: { db } }) => {
    const said = await listBillingSettings(db, await entityKey(db, entity));
    const none = said.rules.length === 0;
    output.result(
      said,
      none
        ? 'The settings of Billing have not been read yet: `revsync settings run` does.'
        : settingsText(said.rules, said.features),
    );
  });
}
