import { sql } from 'kysely';

import type { LineType } from '../../../schema/database.ts';
import { amountText } from '../../domain/money/amount-text.ts';
import type { Db } from '../database.ts';

/** A collected line of a contract, or a credit that the integration made itself. */
export interface ContractLine {
  /** Id of the line; `<type>:REVSYNC-<SO line id>` for the integration's own. */
  readonly line: string;
  readonly type: LineType;
  readonly soLineId: string;
  readonly amount: string;
  readonly currency: string;
  readonly status: 'collected';
  /** Booking date, or invoice date. */
  readonly date: string | null;
  readonly entity: string;
  /** Made by the integration: without effect on receivables, and not among the contract's billings. */
  readonly system: boolean;
}

/** The lines of a contract in id order. */
export async function lineItemsOf(
  db: Db,
  { org, id }: { readonly org: string; readonly id: string },
): Promise<ContractLine[]> {
  const { rows } = await sql<ContractLine>`
    select line, type, so_line_id as "soLineId", trim_scale(amount)::text as amount, currency,
      'collected' as status, dated as date, entity, system
    from (
      select line, type, so_line_id, amount, currency, dated, entity, false as system
      from revenue.line where org = ${org} and contract = ${id}
      union all
      select s.type || ':REVSYNC-' || s.so_line_id, s.type, s.so_line_id, s.amount, s.currency, null, b.entity, true
      from revenue.system_credit as s
      join revenue.booking as b on b.org = s.org and b.so_line_id = s.so_line_id
      where s.org = ${org} and s.contract = ${id}
    ) as item
    order by line collate "C", entity collate "C"`.execute(db);
  return rows.map((row) => ({ ...row, amount: amountText(row.amount, row.currency) }));
}
