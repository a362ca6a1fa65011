import { sql } from 'kysely';

import type { ExtractSource } from '../../../schema/database.ts';
import type { BillingObject } from '../../domain/catalogue/define-object.ts';
import type { Db } from '../database.ts';
import { filesText, type SourceFile } from './land-files.ts';

/** What a load did, by run, object and the way the rows came. */
export interface Checkpoint {
  readonly run: string;
  readonly org: string;
  readonly object: BillingObject;
  readonly source: ExtractSource;
  readonly files: readonly SourceFile[];
}

/** Counts as exact text; `extracted = changed + unchanged + replaced + rejected`. */
export interface LoadCounts {
  readonly extracted: string;
  readonly changed: string;
  readonly unchanged: string;
  /** Rows that another row, newer or equal, stands for. */
  readonly replaced: string;
  readonly rejected: string;
}

type Key = Pick<Checkpoint, 'run' | 'object' | 'source'>;

/**
 * Keeps every other attempt at the same load waiting for the rest of the transaction: a worker thought dead may
 * still commit. Answers the counts of a load that is done by now, or undefined.
 */
export async function claimExtract(db: Db, key: Key): Promise<LoadCounts | undefined> {
  const name = `extract ${key.run} ${key.object.name} ${key.source}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(db);
  return findExtract(db, key);
}

/** The counts of a load that is done, or undefined while it is not. */
export async function findExtract(db: Db, { run, object, source }: Key): Promise<LoadCounts | undefined> {
  return db
    .selectFrom('control.extract')
    .select(['extracted', 'changed', 'unchanged', 'replaced', 'rejected'])
    .where('run', '=', run)
    .where('object', '=', object.name)
    .where('source', '=', source)
    .executeTakeFirst();
}

/** Of a load whose every row is a change. */
export const allChanged = (changed: string): LoadCounts => ({
  extracted: changed,
  changed,
  unchanged: '0',
  replaced: '0',
  rejected: '0',
});

/** Belongs into the transaction of the load. */
export async function recordExtract(
  db: Db,
  { run, org, object, source, files }: Checkpoint,
  { extracted, changed, unchanged, replaced, rejected }: LoadCounts,
): Promise<void> {
  await db
    .insertInto('control.extract')
    .values({
      run,
      org,
      object: object.name,
      source,
      file_id: filesText(files),
      extracted,
      changed,
      unchanged,
      replaced,
      rejected,
    })
    .execute();
}
