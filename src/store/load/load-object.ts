import type { Readable } from 'node:stream';

import { sql } from 'kysely';
import type pg from 'pg';

import type { BillingObject } from '../../domain/catalogue/define-object.ts';
import { RevsyncError } from '../../domain/errors.ts';
import { type Destiny, recordExtracted } from '../balance/extracted.ts';
import type { Db } from '../database.ts';
import { onClient } from '../on-client.ts';
import { requireOpenRun } from '../runs.ts';
import { refreshStatistics } from '../statistics.ts';
import { copyRows, takeHeader } from './copy-file.ts';
import { createLanding, type LandedColumn, type Landing, landingOf, rawOf } from './landing.ts';
import { classify, type MergeCounts, mergeSeen } from './merge.ts';
import { takeSeen } from './seen.ts';

export interface LoadRequest {
  readonly run: string;
  readonly entity: string;
  readonly org: string;
  readonly object: BillingObject;
  readonly destiny: Destiny;
  /** Names the file in the checkpoint; a load of the same file is done once. */
  readonly fileId: string;
  /** Rows that Billing says the file holds. */
  readonly recordCount: string;
  readonly open: () => Promise<Readable>;
  /** What a header cell means; throws when the file lacks a column it was asked for. */
  readonly readHeader: (cells: readonly string[]) => readonly LandedColumn[];
  readonly onBytes: (bytes: number) => void;
}

/** Counts as exact text; `extracted = changed + unchanged + replaced + rejected`. */
export interface LoadCounts extends MergeCounts {
  readonly extracted: string;
}

/**
 * Brings one extracted file into its pre-staging table: COPY into a text landing table, a look at every row
 * that rejects what does not fit its type, and a merge that writes only what changed. All of it, the
 * object's part of the balance and the checkpoint are one transaction; a second call for the same run and
 * object answers the checkpoint.
 *
 * @throws RevsyncError `RECORD_COUNT_MISMATCH` when the rows differ from Billing's count (wire.md fact 13)
 */
export async function loadObject(pool: pg.Pool, request: LoadRequest): Promise<LoadCounts> {
  return onClient(pool, async (db, client) => {
    const done = await checkpoint(db, request);
    if (done !== undefined) return done;
    await requireOpenRun(db, request.run);

    const landing = await land(db, client, request);
    const extracted = await countLanded(db, request);
    const counts: LoadCounts = { extracted, ...(await sortAndMerge(db, request, landing)) };
    await keepRejected(db, request, landing);
    await recordExtracted(db, request);
    await db
      .insertInto('control.extract')
      .values({
        run: request.run,
        org: request.org,
        object: request.object.name,
        file_id: request.fileId,
        ...counts,
      })
      .execute();
    // Statistics decide the plans of the transform, and a small table costs nothing to look at.
    if (Number(counts.changed) > 0) await refreshStatistics(db, `prestaging.${request.object.table}`);
    return counts;
  });
}

async function checkpoint(db: Db, { run, object }: LoadRequest): Promise<LoadCounts | undefined> {
  return db
    .selectFrom('control.extract')
    .select(['extracted', 'changed', 'unchanged', 'replaced', 'rejected'])
    .where('run', '=', run)
    .where('object', '=', object.name)
    .executeTakeFirst();
}

async function land(db: Db, client: pg.ClientBase, request: LoadRequest): Promise<Landing> {
  const file = await request.open();
  try {
    const { cells, rest } = await takeHeader(file);
    const landing = landingOf(request.object, request.readHeader(cells));
    await createLanding(landing).execute(db);
    await copyRows(client, { table: 'landing', columns: landing.columns }, rest, request.onBytes);
    return landing;
  } finally {
    file.destroy();
  }
}

async function countLanded(db: Db, request: LoadRequest): Promise<string> {
  const { rows } = await sql<{ count: string }>`select count(*) as count from landing`.execute(db);
  const landed = rows[0]?.count ?? '0';
  if (landed === request.recordCount) return landed;
  throw new RevsyncError(
    `The file of ${request.object.name} holds ${landed} rows, but Billing counted ${request.recordCount}.`,
    {
      code: 'RECORD_COUNT_MISMATCH',
      fate: 'retry',
      remedy: 'Nothing of the file was kept; the export is asked for again.',
      context: { object: request.object.name, file: request.fileId },
    },
  );
}

/**
 * First as if every value that looks plain were right, which nearly every file deserves; where casting then
 * fails, once more with every value of every row looked at.
 */
async function sortAndMerge(db: Db, request: LoadRequest, landing: Landing): Promise<MergeCounts> {
  const attempt = async (every: boolean): Promise<MergeCounts> => {
    await takeSeen(db, landing, every);
    await classify(db, request);
    return mergeSeen(db, request, landing);
  };
  await sql`savepoint plain`.execute(db);
  try {
    return await attempt(false);
  } catch (error) {
    // Class 22: a value does not fit its type.
    if (!String((error as { code?: unknown }).code).startsWith('22')) throw error;
    await sql`rollback to savepoint plain`.execute(db);
    return attempt(true);
  }
}

async function keepRejected(db: Db, request: LoadRequest, landing: Landing): Promise<void> {
  await sql`
    insert into prestaging.reject (run, entity, org, object, file_row, id, reason, raw)
    select ${request.run}, ${request.entity}, ${request.org}, ${request.object.name}, s.file_row, s.id, s.reason,
      ${rawOf(landing)}
    from seen as s join landing as l on l.file_row = s.file_row where s.class = 'rejected'`.execute(db);
}
