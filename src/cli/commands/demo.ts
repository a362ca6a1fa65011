import type { Command } from 'commander';

import { holdCounts } from '../../store/hold-counts.ts';
import { listContracts } from '../../store/contracts.ts';
import { enableDemo } from '../enable/demo-enablement.ts';
import { statusText } from '../enable/status-text.ts';
import { openOutput, table } from '../output.ts';
import { withWorkflows } from '../session.ts';
import { reached, syncEntities, syncText } from '../sync-run.ts';

const SHOWN = 10;

/** `revsync demo`: the whole chain, from nothing to revenue contracts. */
export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('Servers, a sandbox tenant, its enablement with the first Revenue Sync and Data Collection.')
    .option('--json', 'print one JSON document')
    .action(async ({ json = false }: { json?: boolean }) => {
      const output = openOutput(json);
      await withWorkflows(output, async (session) => {
        const { db } = session.database;
        const enabled = await enableDemo(session);
        const first = enabled?.runs ?? [];
        const runs = first.length > 0 ? first : await syncEntities(session, { wait: true, queue: true });
        const contracts = await listContracts(db, {});
        const holds = await holdCounts(db);
        const shown = contracts.slice(0, SHOWN);
        const document = enabled === null ? {} : { enablement: enabled.document };
        output.result({ runs, contracts: contracts.length, holds, ui: session.ui, ...document }, [
          ...(enabled === null ? [] : [...statusText(enabled.document), '']),
          ...runs.flatMap(syncText),
          '',
          `Revenue contracts: ${contracts.length}${contracts.length > SHOWN ? `, the first ${SHOWN} of them` : ''}`,
          ...table(
            ['id', 'key', 'currency', 'bookings', 'billings', 'lines', 'obligations'],
            shown.map((each) => [
              each.id,
              each.key,
              each.currency ?? '',
              each.bookings,
              each.billings,
              String(each.lines),
              String(each.obligations),
            ]),
          ),
          '',
          Object.keys(holds).length === 0
            ? 'Nothing is held.'
            : `Held: ${Object.entries(holds)
                .map(([id, count]) => `${count} ${id}`)
                .join(', ')}.`,
          '',
          'Look on:',
          '  npm run -s revsync -- contract show <id>     a contract, its lines and versions',
          '  npm run -s revsync -- line list --limit 5    transaction lines with every field',
          '  npm run -s revsync -- up                     everything running, with the Temporal UI',
        ]);
        process.exitCode = contracts.length > 0 && runs.every(reached) ? 0 : 1;
      });
    });
}
