import { sql } from 'kysely';

import type { Db } from '../database.ts';
import { instantText } from '../instant-text.ts';

/** A part of history and the run that brought it; counts are exact text. */
export interface ListedChunk {
  readonly entity: string;
  readonly chunk: number;
  readonly kind: 'parents' | 'history' | 'catch-up';
  /** Of UpdatedDate; without `from`, from the beginning. */
  readonly window: { readonly from: string | null; readonly to: string };
  readonly state: 'planned' | 'done';
  readonly run: string | null;
  readonly memos: string | null;
  readonly items: string | null;
}

/** Every chunk of the entities, in the order in which they are brought. */
export async function listChunks(
  db: Db,
  { entity, org }: { entity?: string | undefined; org?: string | undefined },
): Promise<ListedChunk[]> {
  const conditions = [
    sql`true`,
    ...(entity === undefined ? [] : [sql`entity = ${entity}`]),
    ...(org === undefined ? [] : [sql`org = ${org}`]),
  ];
  const { rows } = await sql<ListedChunk>`
    select entity, chunk, kind,
      jsonb_build_object('from', ${instantText(sql`window_from`)}, 'to', ${instantText(sql`window_to`)}) as "window",
      case when run is null then 'planned' else 'done' end as state, run, memos, items
    from control.settlement_chunk where ${sql.join(conditions, sql` and `)}
    order by entity, chunk`.execute(db);
  return rows;
}
