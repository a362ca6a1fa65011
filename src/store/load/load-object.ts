import { sql } from 'kysely';
import type pg from 'pg';

import { type Destiny, recordExtracted } from '../balance/extracted.ts';
import type { Db } from '../database.ts';
import { onClient } from '../on-client.ts';
import { requireOpenRun } from '../runs.ts';
import { refreshStatistics } from '../statistics.ts';
import type { Burial } from './bury.ts';
import { claimExtract, type LoadCounts, recordExtract } from './extract-checkpoint.ts';
import { landFiles, type LandRequest } from './land-files.ts';
import { type Landing, rawOf } from './landing.ts';
import { classify, type MergeCounts, mergeSeen } from './merge.ts';
import { takeSeen } from './seen.ts';
import { buryUnseen } from './vanished.ts';

export type { LoadCounts } from './extract-checkpoint.ts';

export interface LoadRequest extends Burial, LandRequest {
  readonly destiny: Destiny;
  /** The way the rows come; a run loads an object once by each. Default `export`. */
  readonly source?: 'export' | 'data-query';
  /**
   * The files hold every row of the object that Billing has: what is here and not in them vanished, and becomes
   * a tombstone as `markVanished` has it. Default false.
   */
  readonly vanish?: boolean;
}

/**
 * Brings extracted files into their pre-staging table: COPY into a text landing table, a look at every row
 * that rejects what does not fit its type, and a merge that writes only what changed. All of it, the
 * object's part of the balance and the checkpoint are one transaction; a second call for the same run,
 * object and source answers the checkpoint.
 *
 * @throws RevsyncError as `landFiles`, and `KEYS_VANISHED` with `vanish`
 */
export async function loadObject(pool: pg.Pool, request: LoadRequest): Promise<LoadCounts> {
  const load = { source: 'export', ...request } as const;
  return onClient(pool, async (db, client) => {
    const done = await claimExtract(db, load);
    if (done !== undefined) return done;
    await requireOpenRun(db, load.run);

    const landing = await landFiles(db, client, load);
    const counts = { extracted: load.recordCount, ...(await sortAndMerge(db, load, landing)) };
    await keepRejected(db, load, landing);
    await recordExtracted(db, load);
    await recordExtract(db, load, counts);
    if (load.vanish === true) await buryUnseen(db, load);
    // Statistics decide the plans of the transform, and a small table costs nothing to look at.
    if (Number(counts.changed) > 0) await refreshStatistics(db, `prestaging.${load.object.table}`);
    return counts;
  });
}

type Load = LoadRequest & Required<Pick<LoadRequest, 'source'>>;

/**
 * First as if every value that looks plain were right, which nearly every file deserves; where casting then
 * fails, once more with every value of every row looked at.
 */
async function sortAndMerge(db: Db, load: Load, landing: Landing): Promise<MergeCounts> {
  const attempt = async (every: boolean): Promise<MergeCounts> => {
    await takeSeen(db, landing, every);
    await classify(db, load);
    return mergeSeen(db, load, landing);
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

async function keepRejected(db: Db, load: Load, landing: Landing): Promise<void> {
  await sql`
    insert into prestaging.reject (run, entity, org, object, file_row, id, reason, raw)
    select ${load.run}, ${load.entity}, ${load.org}, ${load.object.name}, s.file_row, s.id, s.reason,
      ${rawOf(landing)}
    from seen as s join landing as l on l.file_row = s.file_row where s.class = 'rejected'`.execute(db);
}
