import { sql } from 'kysely';

import type { SettingChange } from '../../domain/settings/settings-result.ts';
import type { Db } from '../database.ts';
import { instantText } from '../instant-text.ts';

/** Who writes, and why; `workflowRun` null: a person. */
export interface Writer {
  readonly by: string;
  readonly workflowRun: string | null;
}

export interface NotedChange extends SettingChange {
  readonly org: string | null;
  readonly reason: string;
}

/** A change as the history lists it. */
export interface ListedChange extends NotedChange {
  /** ISO, UTC. */
  readonly changedAt: string;
  readonly changedBy: string;
}

/**
 * Lets nobody else write settings until the transaction ends: what was there before, and what is noted as before, are
 * the same then.
 */
export async function alone<Result>(db: Db, write: (trx: Db) => Promise<Result>): Promise<Result> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext('revsync settings'))`.execute(trx);
    return write(trx);
  });
}

/** When it is written: the transaction may have begun long before, and waited for others. */
export const WRITTEN = sql<string>`clock_timestamp()`;

/** Notes writes with before and after; nothing changes or deletes them. */
export async function noteChanges(
  trx: Db,
  changes: readonly NotedChange[],
  { by, workflowRun }: Writer,
): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map((change) => ({
    ...change,
    changed_at: WRITTEN,
    changed_by: by,
    workflow_run: workflowRun,
  }));
  await trx.insertInto('control.setting_change').values(rows).execute();
}

const COLUMNS = ['kind', 'name', 'code', 'entity', 'before', 'after'] as const;

/** What a workflow run changed, in order. */
export async function changesOf(db: Db, workflowRun: string): Promise<SettingChange[]> {
  return db
    .selectFrom('control.setting_change')
    .select(COLUMNS)
    .where('workflow_run', '=', workflowRun)
    .orderBy('change')
    .execute();
}

/** Every change of profiles and lookups, oldest first. */
export async function listSettingChanges(db: Db): Promise<ListedChange[]> {
  return db
    .selectFrom('control.setting_change')
    .select([
      ...COLUMNS,
      'org',
      'reason',
      instantText(sql`changed_at`).as('changedAt'),
      'changed_by as changedBy',
    ])
    .where('kind', 'in', ['profile', 'lookup', 'tenant-name'])
    .orderBy('change')
    .execute();
}
