import { sql } from 'kysely';

import type { Db } from '../../store/database.ts';
import { ensureSeededTemplates } from '../../store/templates.ts';
import type { Output } from '../output.ts';
import { withDatabase } from '../session.ts';

/** Runs `work` with a database that has the pre-configured templates, as far as the user may put them there. */
export async function withTemplates(output: Output, work: (db: Db) => Promise<void>): Promise<void> {
  await withDatabase(output, async ({ database: { db } }) => {
    const { rows } = await sql<{ may: boolean }>`
      select has_table_privilege('staging.transaction_template', 'insert')
        and has_table_privilege('staging.transaction_template', 'update') as may`.execute(db);
    if (rows[0]?.may === true) await ensureSeededTemplates(db);
    await work(db);
  });
}
