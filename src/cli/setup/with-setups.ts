import { sql } from 'kysely';

import type { Db } from '../../store/database.ts';
import { ensureSeededSetups } from '../../store/setups/seeded-setups.ts';
import type { Output } from '../output.ts';
import { withDatabase } from '../session.ts';

/** Runs `work` with a database that has the pre-configured set-ups, as far as the user may put them there. */
export async function withSetups(output: Output, work: (db: Db) => Promise<void>): Promise<void> {
  await withDatabase(output, async ({ database: { db } }) => {
    const { rows } = await sql<{ may: boolean }>`
      select has_table_privilege('revenue.setup', 'insert')
        and has_table_privilege('revenue.setup', 'update') as may`.execute(db);
    if (rows[0]?.may === true) await ensureSeededSetups(db);
    await work(db);
  });
}
