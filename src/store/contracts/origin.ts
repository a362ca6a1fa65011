import { sql } from 'kysely';

import { invariant } from '../../domain/errors.ts';
import type { Db } from '../database.ts';
import { instantText } from '../instant-text.ts';

/** How a contract came about, and what a person keeps it from. */
export interface ContractOrigin {
  readonly origin: 'collection' | 'by-hand';
  readonly customer: string | null;
  /** The grouping template as `<name>@<version>`, and the rule of it; null for one made by hand. */
  readonly grouping: string | null;
  readonly rule: number | null;
  readonly holds: readonly {
    readonly hold: 'revenue' | 'transfer';
    readonly reason: string;
    readonly by: string;
    readonly since: string;
  }[];
}

export async function originOf(
  db: Db,
  { org, id }: { readonly org: string; readonly id: string },
): Promise<ContractOrigin> {
  const { rows } = await sql<ContractOrigin>`
    select r.origin, r.customer, r.template || '@' || r.template_version as grouping, r.rule, coalesce((
      select jsonb_agg(jsonb_build_object('hold', h.hold, 'reason', h.reason, 'by', h.applied_by,
        'since', ${instantText(sql`h.applied_at`)}) order by h.hold)
      from revenue.contract_hold as h where h.org = r.org and h.contract = r.id
    ), '[]') as holds
    from revenue.contract as r where r.org = ${org} and r.id = ${id}`.execute(db);
  const [origin] = rows;
  invariant(origin !== undefined, `contract ${id} of ${org} is gone`);
  return origin;
}
