import type { Command } from 'commander';

import { digest } from '../../store/digest.ts';
import { knownOrg } from '../list-options.ts';
import { openOutput } from '../output.ts';
import { withDatabase } from '../session.ts';

/** `revsync digest`: equal state, equal digest. */
export function registerDigest(program: Command): void {
  program
    .command('digest')
    .description('Fingerprint of the whole state; surrogate ids, clock times and run ids left out.')
    .option('--org <org>', 'only what belongs to this organisation')
    .option('--json', 'print one JSON document')
    .action(async ({ json = false, org }: { json?: boolean; org?: string }) => {
      const output = openOutput(json);
      await withDatabase(output, async ({ database: { db } }) => {
        const found = await digest(db, await knownOrg(db, org));
        const tables = Object.entries(found.tables).map(([name, hash]) => `${hash.slice(0, 16)}  ${name}`);
        output.result(found, [...tables, '', `total ${found.total}`]);
      });
    });
}
