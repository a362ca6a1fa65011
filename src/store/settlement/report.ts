import { sql } from 'kysely';

import type { SettlementProof } from '../../../schema/database.ts';
import type { ProofSummary } from '../../domain/settlement/without-proof.ts';
import type { Db } from '../database.ts';

/** Where the switch-over of an entity stands, as commands print it; counts are exact text. */
export interface EntityReport {
  readonly entity: string;
  readonly org: string;
  /** Of its backfill. `switched`: memos took over without one; `before`: nothing took over yet. */
  readonly state: 'before' | 'switched' | 'open' | 'done';
  readonly switchDate: string | null;
  readonly chunks: { readonly done: number; readonly total: number };
  readonly memos: {
    readonly memos: string;
    readonly items: string;
    /** Memo items that do not count because the adjustment does, and those that a person has to decide on. */
    readonly replacing: string;
    readonly undecided: string;
  };
  readonly proof: readonly SettlementProof[];
  readonly schedules: { readonly paused: readonly string[]; readonly resumed: readonly string[] };
}

/** The same with counts in place of the proof. */
export type SettlementSummary = Omit<EntityReport, 'proof'> & { readonly proof: ProofSummary };

/** Of every entity, in key order. */
export async function listReports(
  db: Db,
  { entity, org }: { entity?: string | undefined; org?: string | undefined } = {},
): Promise<EntityReport[]> {
  const conditions = [
    sql`true`,
    ...(entity === undefined ? [] : [sql`e.entity = ${entity}`]),
    ...(org === undefined ? [] : [sql`e.org = ${org}`]),
  ];
  const { rows } = await sql<EntityReport>`
    select e.entity, e.org, coalesce(s.state, case when e.invoice_settlement then 'switched' else 'before' end) as state, e.settled_on as "switchDate",
      jsonb_build_object('done', c.done, 'total', c.total) as chunks,
      jsonb_build_object('memos', c.memos, 'items', c.items, 'replacing', r.replacing, 'undecided', r.undecided) as memos,
      coalesce(s.proof, '[]') as proof,
      jsonb_build_object('paused', coalesce(s.paused, '{}'), 'resumed', coalesce(s.resumed, '{}')) as schedules
    from control.entity as e
    left join control.settlement_switch as s on s.entity = e.entity
    left join lateral (
      select count(run)::integer as done, count(*)::integer as total, coalesce(sum(memos), 0)::text as memos,
        coalesce(sum(items), 0)::text as items
      from control.settlement_chunk where entity = e.entity
    ) as c on true
    left join lateral (
      select (count(*) filter (where counts = 'adjustment'))::text as replacing,
        (count(*) filter (where counts = 'undecided'))::text as undecided
      from staging.replacement where entity = e.entity
    ) as r on true
    where ${sql.join(conditions, sql` and `)}
    order by e.entity`.execute(db);
  return rows;
}
