import type { Db } from './database.ts';

/**
 * What the export of the entity's last completed run asked for (`RunExport.asked`), of the runs that move the mark; null
 * where there is none that knows.
 */
export async function askedByLastRun(db: Db, entity: string): Promise<ReadonlySet<string> | null> {
  const row = await db
    .selectFrom('control.run')
    .select('asked')
    .where('entity', '=', entity)
    .where('state', '=', 'completed')
    .where('moves_mark', '=', true)
    .orderBy('run', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined || row.asked.length === 0 ? null : new Set(row.asked);
}
