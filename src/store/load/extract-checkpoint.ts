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

/** The counts of a load that is done, or undefined while it is not. */
export async function findExtract(
  db: Db,
  { run, object, source }: Pick<Checkpoint, 'run' | 'object' | 'source'>,
): Promise<LoadCounts | undefined> {
  return db
    .selectFrom('control.extract')
    .select(['extracted', 'changed', 'unchanged', 'replaced', 'rejected'])
    .where('run', '=', run)
    .where('object', '=', object.name)
    .where('source', '=', source)
    .executeTakeFirst();
}

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
