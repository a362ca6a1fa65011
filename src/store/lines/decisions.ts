import { sql } from 'kysely';

import type { Db } from '../database.ts';
import { instantText } from '../instant-text.ts';
import type { LineKey } from './line-key.ts';

/** What a person decided on a line. */
export interface LineDecision {
  /** `rejected`, or what it was released as. */
  readonly as: string;
  readonly by: string;
  /** ISO, UTC. */
  readonly at: string;
  readonly reason: string;
}

/** The decisions on a line, oldest first. */
export async function decisionsOn(db: Db, { entity, id }: LineKey): Promise<LineDecision[]> {
  const { rows } = await sql<LineDecision>`
    select after ->> 'as' as "as", decided_by as by, ${instantText(sql`decided_at`)} as at, reason
    from control.decision
    where kind in ('release-line', 'reject-line') and subject = ${id} and after ->> 'entity' = ${entity}
    order by decision`.execute(db);
  return rows;
}
