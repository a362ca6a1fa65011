import { type RawBuilder, sql } from 'kysely';
import type pg from 'pg';

import { destinyOf } from '../balance/destiny.ts';
import { recordGone, recordReturned } from '../balance/extracted.ts';
import type { Db } from '../database.ts';
import { onClient } from '../on-client.ts';
import { requireOpenRun } from '../runs.ts';
import { type Burial, bury, revive } from './bury.ts';
import {
  allChanged,
  type Checkpoint,
  claimExtract,
  findExtract,
  recordExtract,
} from './extract-checkpoint.ts';
import { identityOf } from './identity.ts';
import { requirePlausibleKeys } from './implausible.ts';
import { landFiles, type LandRequest } from './land-files.ts';
import { unreadableFile } from './unreadable.ts';

export interface VanishedRequest extends Burial, LandRequest {}

export interface VanishedCounts {
  /** Rows that became tombstones, as exact text. */
  readonly changed: string;
  /** Tombstones that live again. */
  readonly returned: string;
}

/**
 * Makes tombstones of the rows that Billing no longer has: living rows of the object whose key is not in
 * the files, which hold all keys as of now. Tombstones whose key is in the files live again: credentials that
 * lost sight of rows for a while bury what no later export may bring back. Objects with a key of their own are
 * compared by it, or by Id where the files have only that; rows without an Id are then left out. One
 * transaction; a second call for the same run and object changes nothing.
 *
 * A row that this run brought is never taken for vanished: it was there when the export was taken, and the
 * keys may have been read before that. Every other row was seen before this run began, so its key is missing only
 * when the row is gone. What vanished between the export and the keys is found by the next comparison. In the
 * same way a row that this run was told is deleted stays so.
 *
 * @throws RevsyncError `KEYS_VANISHED` when so much would vanish that access is the likelier reason;
 *   `RECORD_COUNT_MISMATCH`, `BILLING_FILE_UNREADABLE`, `BILLING_UNREACHABLE`, `RUN_IS_OVER`
 */
export async function markVanished(pool: pg.Pool, request: VanishedRequest): Promise<VanishedCounts> {
  return onClient(pool, async (db, client) => {
    const done = await claimExtract(db, { ...request, source: 'vanished' });
    if (done !== undefined) {
      const back = await findExtract(db, { ...request, source: 'returned' });
      return { changed: done.changed, returned: back?.changed ?? '0' };
    }
    await requireOpenRun(db, request.run);

    const { column, value } = identityOf(await landFiles(db, client, request));
    const keyless = await sql`select from landing as l where ${value} is null limit 1`.execute(db);
    if (keyless.rows.length > 0) throw unreadableFile(request.object.name, 'has rows without a key');
    const gone = sql`${column} is not null
      and not exists (select from landing as l where ${value} = ${column})`;
    const changed = await buryVanished(db, request, gone);
    const shown = sql`exists (select from landing as l where ${value} = ${column})`;
    return { changed, returned: await reviveShown(db, request, shown) };
  });
}

/**
 * The same by the file of a load that held every row of the object, in the load's transaction: reads its table
 * `seen`. Rejected rows are in the file, too; where one lacks its key nobody can tell which row it is,
 * and nothing is compared.
 */
export async function buryUnseen(db: Db, request: Burial & Pick<Checkpoint, 'files'>): Promise<void> {
  const keyless = await sql`select from seen where id is null limit 1`.execute(db);
  if (keyless.rows.length > 0) return;
  await buryVanished(db, request, sql`not exists (select from seen as s where s.id = p.id)`);
}

async function buryVanished(
  db: Db,
  request: Burial & Pick<Checkpoint, 'files'>,
  gone: RawBuilder<unknown>,
): Promise<string> {
  const changed = await bury(db, request, sql`p.changed_run <> ${request.run} and ${gone}`, async () => {
    await requirePlausibleKeys(db, request, gone);
    await recordGone(db, request);
  });
  await recordExtract(db, { ...request, source: 'vanished' }, allChanged(changed));
  return changed;
}

async function reviveShown(
  db: Db,
  request: Burial & Pick<Checkpoint, 'files'>,
  shown: RawBuilder<unknown>,
): Promise<string> {
  const destiny = destinyOf(request.object);
  const returned = await revive(db, request, sql`p.changed_run <> ${request.run} and ${shown}`, () =>
    recordReturned(db, { ...request, destiny }),
  );
  if (returned !== '0') await recordExtract(db, { ...request, source: 'returned' }, allChanged(returned));
  return returned;
}
