import { sql } from 'kysely';

import type { Db } from './database.ts';

/**
 * Whether Billing left something out of an export of the entity since its last completed run that moved the mark: that
 * run, which may still be open, asked for an export and forgot it (`forgetExport`). So every worker can tell.
 */
export async function leftOutSinceLastRun(db: Db, entity: string): Promise<boolean> {
  const { rows } = await sql<{ leftOut: boolean }>`
    select exists (
      select from control.run
      where entity = ${entity} and state <> 'completed' and export_job is null and asked <> '{}'
        and run > coalesce((
          select max(run) from control.run where entity = ${entity} and state = 'completed' and moves_mark
        ), 0)
    ) as "leftOut"`.execute(db);
  return rows[0]?.leftOut === true;
}
