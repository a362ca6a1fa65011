import { type RawBuilder, sql } from 'kysely';

import type { SettlementProof } from '../../../schema/database.ts';
import { objectOf } from '../../domain/catalogue/catalogue.ts';
import { columnOf } from '../../domain/catalogue/define-object.ts';
import { MEMO_AMOUNTS, type MemoObject } from '../../domain/settlement/memos.ts';
import type { Db } from '../database.ts';
import { prestagingTable } from '../prestaging-table.ts';

/** What Billing counts of an object, as exact text; `groups` are the fields it is told apart by. */
export interface BillingTotals {
  readonly object: MemoObject;
  readonly groups: readonly string[];
  readonly rows: readonly {
    readonly currency: string | null;
    readonly status: string | null;
    readonly count: string;
    readonly amount: string;
  }[];
}

/**
 * Compares what Billing has with what is in pre-staging, of rows created before the end of the history, and keeps it
 * as evidence.
 */
export async function keepProof(
  db: Db,
  entity: string,
  totals: readonly BillingTotals[],
): Promise<SettlementProof[]> {
  const proof: SettlementProof[] = [];
  for (const each of totals) proof.push(...(await compared(db, entity, each)));
  await sql`
    update control.settlement_switch set proof = ${JSON.stringify(proof)}::jsonb
    where entity = ${entity} and state = 'open'`.execute(db);
  return proof;
}

async function compared(
  db: Db,
  entity: string,
  { object, groups, rows }: BillingTotals,
): Promise<SettlementProof[]> {
  const definition = objectOf(object);
  const columnFor = (...fields: readonly string[]): RawBuilder<string | null> => {
    const field = fields.find((name) => groups.includes(name));
    return field === undefined ? sql<string | null>`null::text` : sql.ref(columnOf(definition, field));
  };
  const amount = sql.ref(columnOf(definition, MEMO_AMOUNTS[object]));
  const { rows: proven } = await sql<SettlementProof>`
    with here as (
      select ${columnFor('Currency', 'TransactionCurrency')} as currency, ${columnFor('Status')} as status,
        count(*)::numeric as n, coalesce(sum(${amount}), 0) as amount
      from ${prestagingTable(definition)} as p join control.settlement_switch as s on s.entity = p.entity
      where p.entity = ${entity} and not p.deleted and (p.created_date < s.frozen_to or p.created_date is null)
      group by 1, 2
    ), there as (
      select currency, status, sum(n) as n, sum(amount) as amount
      from jsonb_to_recordset(${JSON.stringify(
        rows.map(({ count: n, ...row }) => ({ ...row, n })),
      )}::jsonb) as b (currency text, status text, n numeric, amount numeric)
      group by 1, 2
    )
    select ${object}::text as object, kind.currency, kind.status,
      jsonb_build_object('count', coalesce(there.n, 0)::text, 'amount', trim_scale(coalesce(there.amount, 0))::text) as billing,
      jsonb_build_object('count', coalesce(here.n, 0)::text, 'amount', trim_scale(coalesce(here.amount, 0))::text) as prestaging,
      (coalesce(here.n, 0), coalesce(here.amount, 0)) = (coalesce(there.n, 0), coalesce(there.amount, 0)) as equal
    from (
      select currency, status from here union select currency, status from there
    ) as kind
    left join here on (here.currency, here.status) is not distinct from (kind.currency, kind.status)
    left join there on (there.currency, there.status) is not distinct from (kind.currency, kind.status)
    order by 1, 2, 3`.execute(db);
  return proven;
}
