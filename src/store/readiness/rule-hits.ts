import { type RawBuilder, sql } from 'kysely';

import type { EntityHits } from '../../domain/readiness/merge-hits.ts';
import type { Hit } from '../../limitations/limitation.ts';
import type { Db } from '../database.ts';
import { summarizeHits } from '../limitations/hits.ts';

/** What is looked for, under a name of its own. */
export interface Search {
  readonly id: string;
  readonly hits: (entity: string) => RawBuilder<Hit>;
}

/** A rule's join over a large tenant has to fit, or it is done on disk in pieces. */
const WORK_MEM = '128MB';

/**
 * What each rule finds in each entity, one statement each, all over one snapshot that nothing writes to.
 *
 * @param told called after each rule
 */
export async function readRuleHits(
  db: Db,
  searches: readonly Search[],
  entities: readonly string[],
  told: (id: string) => void = () => undefined,
): Promise<ReadonlyMap<string, readonly EntityHits[]>> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      await sql`set local work_mem = ${sql.lit(WORK_MEM)}`.execute(trx);
      const found = new Map<string, EntityHits[]>();
      for (const { id, hits } of searches) {
        const own: EntityHits[] = [];
        for (const entity of entities) own.push({ entity, ...(await summarizeHits(trx, hits(entity))) });
        found.set(id, own);
        told(id);
      }
      return found;
    });
}
