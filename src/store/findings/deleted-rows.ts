import { sql } from 'kysely';

import type { BillingObject } from '../../domain/catalogue/define-object.ts';
import type { Db } from '../database.ts';
import { prestagingTable } from '../prestaging-table.ts';
import { lastRun } from '../transform/last-run.ts';

/** Which objects have deleted rows: `recent` since the last completed run, `all` at any time. */
export interface DeletedRows {
  readonly all: ReadonlySet<string>;
  readonly recent: ReadonlySet<string>;
}

/** Looks, by an index, which of the objects have deleted rows at all: mostly none, and then there is no more to do. */
export async function deletedRows(
  db: Db,
  entity: string,
  objects: readonly BillingObject[],
): Promise<DeletedRows> {
  const looks = objects.map((object) => {
    const deleted = sql`select from ${prestagingTable(object)} where entity = ${entity} and deleted`;
    return sql`select ${object.name}::text as object, exists (${deleted}) as some,
      exists (${deleted} and changed_run > ${lastRun(entity)}) as recent`;
  });
  const { rows } = await sql<{ object: string; some: boolean; recent: boolean }>`
    ${sql.join(looks, sql` union all `)}`.execute(db);
  return {
    all: new Set(rows.filter(({ some }) => some).map(({ object }) => object)),
    recent: new Set(rows.filter(({ recent }) => recent).map(({ object }) => object)),
  };
}
