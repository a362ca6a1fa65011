import { type RawBuilder, sql } from 'kysely';

/** The entity's last completed run, 0 before the first: rows of later runs are not transformed yet. */
export const lastRun = (entity: string): RawBuilder<string> =>
  sql<string>`coalesce((select last_run from control.mark where entity = ${entity}), 0)`;
