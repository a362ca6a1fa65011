import { type RawBuilder, sql } from 'kysely';
import type pg from 'pg';

import { RevsyncError } from '../../domain/errors.ts';
import { recordGone } from '../balance/extracted.ts';
import type { Db } from '../database.ts';
import { onClient } from '../on-client.ts';
import { requireOpenRun } from '../runs.ts';
import { type Burial, bury } from './bury.ts';
import { type Checkpoint, findExtract, recordExtract } from './extract-checkpoint.ts';
import { identityOf } from './identity.ts';
import { landFiles, type LandRequest } from './land-files.ts';
import { targetOf } from './target.ts';
import { unreadableFile } from './unreadable.ts';

export interface VanishedRequest extends Burial, LandRequest {}

/** Fewer rows than this may vanish whatever their share. */
const FEW = 100;

/**
 * Makes tombstones of the rows that Billing no longer has: living rows of the object whose key is not in
 * the files, which hold all keys as of now. Objects with a key of their own are compared by it, or by Id
 * where the files have only that; rows without an Id are then left out. One transaction; a second call for
 * the same run and object changes nothing.
 *
 * A row that this run brought is never taken for vanished: it was there when the export was taken, and the
 * keys may have been read before that. Every other row was seen before this run began, so its key is missing only
 * when the row is gone. What vanished between the export and the keys is found by the next comparison.
 *
 * @throws RevsyncError `KEYS_VANISHED` when so much would vanish that access is the likelier reason;
 *   `RECORD_COUNT_MISMATCH`, `BILLING_FILE_UNREADABLE`, `BILLING_UNREACHABLE`, `RUN_IS_OVER`
 */
export async function markVanished(pool: pg.Pool, request: VanishedRequest): Promise<{ changed: string }> {
  return onClient(pool, async (db, client) => {
    const done = await findExtract(db, { ...request, source: 'vanished' });
    if (done !== undefined) return { changed: done.changed };
    await requireOpenRun(db, request.run);

    const { column, value } = identityOf(await landFiles(db, client, request));
    const keyless = await sql`select from landing as l where ${value} is null limit 1`.execute(db);
    if (keyless.rows.length > 0) throw unreadableFile(request.object.name, 'has rows without a key');
    const gone = sql`${column} is not null
      and not exists (select from landing as l where ${value} = ${column})`;
    return { changed: await buryVanished(db, request, gone) };
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
  const changed = await bury(db, request, sql`p.changed_run <> ${request.run} and ${gone}`, async (count) => {
    await requireFew(db, request, count);
    await recordGone(db, request);
  });
  const counts = { extracted: changed, changed, unchanged: '0', replaced: '0', rejected: '0' };
  await recordExtract(db, { ...request, source: 'vanished' }, counts);
  return changed;
}

async function requireFew(db: Db, { entity, object }: Burial, count: string): Promise<void> {
  if (Number(count) < FEW) return;
  const { table, holds } = targetOf(object, entity);
  const { rows } = await sql<{ live: string }>`
    select count(*) as live from ${table} as p where ${holds('p')} and not p.deleted`.execute(db);
  const live = rows[0]?.live ?? '0';
  if (Number(count) * 2 <= Number(live)) return;
  throw new RevsyncError(`${count} of ${live} rows of ${object.name} are no longer in Billing.`, {
    code: 'KEYS_VANISHED',
    fate: 'fix-input',
    remedy:
      'Nothing was marked as deleted. Check the permissions and the entity access of the integration user, then `retry`; or `skip` the step to go on without the comparison.',
    context: { object: object.name },
  });
}
