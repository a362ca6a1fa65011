import type { Command } from 'commander';

import { SEARCH_ATTRIBUTES } from '../../domain/operator/search-attributes.ts';
import { startServers } from '../../servers/servers.ts';
import { migrate } from '../database.ts';
import { openOutput } from '../output.ts';
import { closeLater, openGround } from '../session.ts';

/** `revsync migrate`: brings the database to the newest schema. */
export function registerMigrate(program: Command): void {
  program
    .command('migrate')
    .description('Bring the database to the newest schema.')
    .option('--json', 'print one JSON document')
    .action(async ({ json = false }: { json?: boolean }) => {
      const output = openOutput(json);
      const { state } = await openGround(output);
      const closing = closeLater(output);
      try {
        const servers = await startServers({
          state,
          env: process.env,
          report: output.report,
          role: 'command',
          want: { database: true, temporal: false },
          searchAttributes: SEARCH_ATTRIBUTES,
        });
        closing.add(() => servers.stop());
        const applied = await migrate(servers.database);
        output.result(
          { applied },
          applied.length === 0 ? 'The schema is up to date.' : applied.map((name) => `applied ${name}`),
        );
      } finally {
        await closing.now();
      }
    });
}
