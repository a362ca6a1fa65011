import type { Command } from 'commander';

import { openOutput } from '../output.ts';
import { withWorkflows } from '../session.ts';
import { reached, requireWindow, type SyncFlags, syncEntities, syncText } from '../sync-run.ts';

/** `revsync sync run`: one Revenue Sync per entity, and the Data Collection that follows. */
export function registerSync(program: Command): void {
  program
    .command('sync')
    .description('Revenue Sync: what Billing changed becomes transaction lines.')
    .command('run')
    .description('Run it now, for one entity or for all in key order.')
    .option('--entity <name>', 'key, Billing id or display name')
    .option('--from <instant>', 'read from this UpdatedDate on, instead of from the mark')
    .option('--to <instant>', 'read up to this UpdatedDate')
    .option('--subscription <name>', 'only what belongs to this subscription')
    .option('--account <number>', 'only what belongs to this account')
    .option('--no-wait', 'start it and come back at once')
    .option('--no-queue', 'refuse instead of waiting for a run that is open')
    .option('--json', 'print one JSON document')
    .action(async ({ json = false, ...flags }: SyncFlags & { json?: boolean }) => {
      const output = openOutput(json);
      requireWindow(flags);
      const reports = await withWorkflows(output, (session) => syncEntities(session, flags));
      const [only] = reports;
      output.result(reports.length === 1 ? only : { runs: reports }, reports.flatMap(syncText));
      process.exitCode = reports.every(reached) ? 0 : 1;
    });
}
