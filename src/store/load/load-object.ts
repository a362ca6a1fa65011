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
import { cellColumn, type LandedColumn, Landing } from './landing.ts';
import { copyRows, takeHeader } from './copy-file.ts';
import { mergeTyped } from './merge.ts';

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
export interface LoadCounts {
  readonly extracted: string;
  readonly changed: string;
  readonly unchanged: string;
  readonly replaced: string;
  readonly rejected: string;
}

/**
 * Brings one extracted file into its pre-staging table: COPY into a text landing table, a set-based typed
 * step that rejects what does not fit, and a merge that writes only what changed. All of it, the
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

    const file = await request.open();
    let landing: Landing;
    try {
      const { cells, rest } = await takeHeader(file);
      landing = new Landing(request.object, request.readHeader(cells));
      await landing.create().execute(db);
      const columns = landing.columns.map((_, index) => cellColumn(index));
      await copyRows(client, { table: 'landing', columns }, rest, request.onBytes);
    } finally {
      file.destroy();
    }
    const extracted = await countLanded(db, request);

    await sql`create temporary table rejected on commit drop as
      select file_row, ${landing.rejection()} as reason, ${landing.raw()} as raw from landing
      where ${landing.rejection()} is not null`.execute(db);
    await sql`insert into prestaging.reject (run, entity, org, object, file_row, id, reason, raw)
      select ${request.run}, ${request.entity}, ${request.org}, ${request.object.name}, file_row,
        raw->>${request.object.key[0]}, reason, raw from rejected`.execute(db);
    await landing.createTyped().execute(db);
    await sql`analyze typed`.execute(db);

    const merged = await mergeTyped(db, request, landing.filledColumns());
    const counts = { extracted, ...merged };
    await recordExtracted(db, request, landing.filledColumns());
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
