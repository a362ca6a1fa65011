import { sql } from 'kysely';
import type pg from 'pg';

import type { BillingObject } from '../../domain/catalogue/define-object.ts';
import { recordGone } from '../balance/extracted.ts';
import type { Db } from '../database.ts';
import { onClient } from '../on-client.ts';
import { requireOpenRun } from '../runs.ts';
import { type Burial, bury } from './bury.ts';
import { allChanged, claimExtract, recordExtract } from './extract-checkpoint.ts';
import { type Identity, identityOf } from './identity.ts';
import { requirePlausibleDeletes } from './implausible.ts';
import { landFiles, type LandRequest } from './land-files.ts';
import type { LandedColumn } from './landing.ts';
import { targetOf } from './target.ts';

export interface DeletedRequest extends Burial, Pick<LandRequest, 'files' | 'recordCount' | 'onBytes'> {}

export interface DeletedCounts {
  /** Rows that became tombstones, as exact text. */
  readonly changed: string;
  /** Ids told of rows that were never here; null when an earlier attempt did the work. */
  readonly unknown: string | null;
}

/**
 * Makes tombstones of the rows that Billing says are deleted: CSV with a column `id` (or the object's key
 * fields), as Data Query's readDeleted has it. Told of rows that are here and living, each counts once as
 * extracted and `excluded: deleted`; ids of rows that were never here are ignored. One transaction; a second
 * call for the same run and object changes nothing.
 *
 * Within one run a deletion wins over a living row of the export, whichever is loaded first: it was read
 * later. A row that is living in the export of a later run lives again.
 *
 * @throws RevsyncError `DELETES_IMPLAUSIBLE` when so much is told, or so much that this run brought as living, that
 *   Billing has likelier listed living rows; `RECORD_COUNT_MISMATCH`, `BILLING_FILE_UNREADABLE`,
 *   `BILLING_UNREACHABLE`, `RUN_IS_OVER`
 */
export async function markDeleted(pool: pg.Pool, request: DeletedRequest): Promise<DeletedCounts> {
  const checkpoint = { ...request, source: 'deleted' } as const;
  return onClient(pool, async (db, client) => {
    const done = await claimExtract(db, checkpoint);
    if (done !== undefined) return { changed: done.changed, unknown: null };
    await requireOpenRun(db, request.run);

    const readHeader = (cells: readonly string[]) => idHeader(request.object, cells);
    const identity = identityOf(await landFiles(db, client, { ...request, readHeader }));
    const unknown = await countUnknown(db, request, identity);
    const told = sql`${identity.column} in (select ${identity.value} from landing as l)`;
    const changed = await bury(db, request, told, async () => {
      await requirePlausibleDeletes(db, request, identity);
      await recordGone(db, request);
    });
    await recordExtract(db, checkpoint, allChanged(changed));
    return { changed, unknown };
  });
}

/** Data Query heads its columns in lower case; what is not a field of the object is of no use here. */
function idHeader({ fields }: BillingObject, cells: readonly string[]): LandedColumn[] {
  return cells.map((cell) => {
    const field = Object.keys(fields).find((name) => name.toLowerCase() === cell.trim().toLowerCase());
    return field === undefined ? { kind: 'ignored' } : { kind: 'field', field };
  });
}

async function countUnknown(
  db: Db,
  { entity, object }: Burial,
  { column, value }: Identity,
): Promise<string> {
  const { table, holds } = targetOf(object, entity);
  const { rows } = await sql<{ count: string }>`
    select count(distinct ${value}) as count from landing as l
    where not exists (select from ${table} as p where ${holds('p')} and ${column} = ${value})`.execute(db);
  return rows[0]?.count ?? '0';
}
