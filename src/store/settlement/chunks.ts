import { sql } from 'kysely';

import type { ChunkWindow } from '../../domain/settlement/chunks.ts';
import type { Db } from '../database.ts';
import { instantText } from '../instant-text.ts';

/** A part of history, brought by one run. */
export interface Chunk extends ChunkWindow {
  readonly chunk: number;
  readonly kind: 'parents' | 'history' | 'catch-up';
}

/** How far the history of an entity is brought. */
export interface ChunkProgress {
  readonly done: number;
  readonly total: number;
  /** Memos read so far, as exact text. */
  readonly memos: string;
  /** The next chunk to bring; null: that was all. */
  readonly next: Chunk | null;
}

/** Plans the history of an entity up to `frozenTo`, once: what is planned already stays. */
export async function planChunks(
  db: Db,
  entity: string,
  frozenTo: string,
  chunks: readonly Omit<Chunk, 'chunk'>[],
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ org: string }>`
      update control.settlement_switch set frozen_to = ${frozenTo}
      where entity = ${entity} and frozen_to is null returning org`.execute(trx);
    const [planned] = rows;
    if (planned === undefined) return;
    await addChunks(trx, { entity, org: planned.org }, chunks);
  });
}

/** Where the entity's history ends; null until it is planned. */
export async function frozenEnd(db: Db, entity: string): Promise<string | null> {
  const { rows } = await sql<{ end: string | null }>`
    select ${instantText(sql`frozen_to`)} as "end" from control.settlement_switch where entity = ${entity}`.execute(
    db,
  );
  return rows[0]?.end ?? null;
}

/** Adds a chunk that reads again what changed since the history's end, unless one is waiting already. */
export async function addCatchUp(
  db: Db,
  entity: string,
  { hours, to }: { hours: number; to: string },
): Promise<void> {
  const { rows } = await sql<{ org: string; from: string }>`
    select org, ${instantText(sql`(frozen_to - make_interval(hours => ${hours}))`)} as "from"
    from control.settlement_switch as s
    where entity = ${entity} and not exists (
      select from control.settlement_chunk as c where c.entity = s.entity and c.run is null
    )`.execute(db);
  const [found] = rows;
  if (found === undefined) return;
  await addChunks(db, { entity, org: found.org }, [{ kind: 'catch-up', from: found.from, to }]);
}

async function addChunks(
  db: Db,
  { entity, org }: { entity: string; org: string },
  chunks: readonly Omit<Chunk, 'chunk'>[],
): Promise<void> {
  if (chunks.length === 0) return;
  await sql`
    insert into control.settlement_chunk (entity, org, chunk, kind, window_from, window_to)
    select ${entity}, ${org}, place + (select coalesce(max(chunk), 0) from control.settlement_chunk where entity = ${entity}),
      kind, window_from, window_to
    from unnest(${chunks.map(({ kind }) => kind)}::text[], ${chunks.map(({ from }) => from)}::timestamptz[],
      ${chunks.map(({ to }) => to)}::timestamptz[]) with ordinality as c (kind, window_from, window_to, place)`.execute(
    db,
  );
}

export async function chunkProgress(db: Db, entity: string): Promise<ChunkProgress> {
  const { rows } = await sql<Omit<ChunkProgress, 'next'>>`
    select count(run)::integer as done, count(*)::integer as total, coalesce(sum(memos), 0)::text as memos
    from control.settlement_chunk where entity = ${entity}`.execute(db);
  const next = await sql<Chunk>`
    select chunk, kind, ${instantText(sql`window_from`)} as "from", ${instantText(sql`window_to`)} as "to"
    from control.settlement_chunk where entity = ${entity} and run is null
    order by chunk limit 1`.execute(db);
  const { done = 0, total = 0, memos = '0' } = rows[0] ?? {};
  return { done, total, memos, next: next.rows[0] ?? null };
}

/** Notes the completed run that brought a chunk, and what it read. */
export async function chunkBrought(db: Db, entity: string, chunk: number, run: string): Promise<void> {
  await sql`
    update control.settlement_chunk as c set run = ${run}, memos = x.memos, items = x.items
    from (
      select coalesce(sum(extracted) filter (where object in ('CreditMemo', 'DebitMemo')), 0) as memos,
        coalesce(sum(extracted) filter (where object in ('CreditMemoItem', 'DebitMemoItem')), 0) as items
      from control.extract where run = ${run} and source = 'export'
    ) as x
    where c.entity = ${entity} and c.chunk = ${chunk} and c.run is null
      and exists (select from control.run as r where r.run = ${run} and r.entity = ${entity} and r.state = 'completed')`.execute(
    db,
  );
}
