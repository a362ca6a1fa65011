import type { Command } from 'commander';

import { migrate } from '../database.ts';
import { openOutput } from '../output.ts';
import { closeLater, openGround, openServers } from '../session.ts';

/** `revsync migrate`: brings the database to the newest schema. */
export function registerMigrate(program: Command): void {
  program
    .command('migrate')
    .description('Bring the database to the newest schema.')
    .option('--json', 'print one JSON document')
    .action(async ({ json = false }: { json?: boolean }) => {
      const output = openOutput(json);
      const ground = await openGround(output);
      const closing = closeLater(output);
      try {
        const servers = await openServers(ground, closing, { database: true, temporal: false });
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
