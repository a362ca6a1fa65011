import { sql } from 'kysely';

import type { Db } from '../database.ts';
import { contentOf } from '../lines/content.ts';
import type { LineTables } from '../transform/line-tables.ts';

/** Rejects again the lines of touched drivers that say what a person rejected; with other content they are held anew. */
export async function keepRejections(
  trx: Db,
  { entity, tables }: { readonly entity: string; readonly tables: LineTables },
): Promise<void> {
  await sql`
    with rejected as (
      update ${tables.state} as s set status = 'rejected'
      from staging.release as r join ${tables.line} as l on l.entity = r.entity and l.id = r.line
      where r.entity = ${entity} and r.released_as = 'rejected' and r.content = ${contentOf('l')}
        and s.entity = r.entity and s.id = r.line and s.status <> 'superseded'
        and l.source_id in (select id from touched)
      returning s.id
    )
    delete from ${tables.hold} as h where h.entity = ${entity} and h.line in (select id from rejected)`.execute(
    trx,
  );
}
