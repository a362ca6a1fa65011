import { sql } from 'kysely';

import type { Db } from './database.ts';
import { instantText } from './instant-text.ts';

/** A run of the Revenue Sync, as the list shows it. */
export interface ListedRun {
  readonly run: string;
  readonly entity: string;
  readonly org: string;
  readonly state: 'open' | 'completed' | 'aborted';
  readonly outcome: string | null;
  /** Without `from`, the run reads from the beginning. */
  readonly window: { readonly from: string | null; readonly to: string };
  readonly workflowId: string;
  readonly runId: string;
  readonly openedAt: string;
  readonly closedAt: string | null;
  /** Whether the classes of the balance add up; null as long as nobody can tell. */
  readonly balanced: boolean | null;
  /** Runs of a loop before this one that brought nothing, either, and are folded into it. */
  readonly idleRuns: number;
  /** When the first of them was opened; null where there are none. */
  readonly idleSince: string | null;
}

export interface RunFilter {
  readonly org?: string | undefined;
  readonly entity?: string | undefined;
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

/** The runs, newest last. */
export async function listRuns(db: Db, { org, entity, after, limit }: RunFilter): Promise<ListedRun[]> {
  const conditions = [
    sql`true`,
    ...(org === undefined ? [] : [sql`r.org = ${org}`]),
    ...(entity === undefined ? [] : [sql`r.entity = ${entity}`]),
    ...(after === undefined ? [] : [sql`r.run > ${after}::bigint`]),
  ];
  const { rows } = await sql<ListedRun>`
    select r.run, r.entity, r.org, r.state, r.outcome,
      jsonb_build_object('from', ${instantText(sql`r.window_from`)}, 'to', ${instantText(sql`r.window_to`)}) as "window",
      r.owner_workflow as "workflowId", r.owner_run as "runId",
      ${instantText(sql`r.opened_at`)} as "openedAt", ${instantText(sql`r.closed_at`)} as "closedAt",
      case r.state when 'completed' then coalesce(b.equal, true) when 'aborted' then b.equal end as balanced,
      r.idle_runs as "idleRuns", ${instantText(sql`r.idle_since`)} as "idleSince"
    from control.run as r
    left join lateral (
      select bool_and(extracted = staged + held + rejected + excluded + unchanged + reference) as equal
      from control.balance where run = r.run
    ) as b on true
    where ${sql.join(conditions, sql` and `)}
    order by r.run limit ${limit ?? null}::bigint`.execute(db);
  return rows;
}
