import { sql } from 'kysely';

import type { LineType } from '../../../schema/database.ts';
import { amountText } from '../../domain/money/amount-text.ts';
import type { Db } from '../database.ts';
import { worthAtRatesOf } from '../transform/conversion.ts';

/** A collected line of a contract, or a credit that the integration made itself. */
export interface ContractLine {
  /** Id of the line; `<type>:REVSYNC-<SO line id>` for the integration's own. */
  readonly line: string;
  readonly type: LineType;
  readonly soLineId: string;
  readonly amount: string;
  readonly currency: string;
  /** What it is worth in the functional and in the reporting currency, at its own rates; null without a rate. */
  readonly functional: Worth | null;
  readonly reporting: Worth | null;
  readonly status: 'collected';
  /** Booking date, or invoice date. */
  readonly date: string | null;
  readonly entity: string;
  /** Made by the integration: without effect on receivables, and not among the contract's billings. */
  readonly system: boolean;
}

export interface Worth {
  readonly amount: string;
  readonly currency: string;
}

type Row = Omit<ContractLine, 'functional' | 'reporting'> &
  Readonly<Record<`${'functional' | 'reporting'}_${'amount' | 'currency'}`, string | null>>;

/** A credit of the integration's own is worth what its booking is. */
const OF_CREDIT = worthAtRatesOf('l', sql`s.amount`);

/** The lines of a contract in id order. */
export async function lineItemsOf(
  db: Db,
  { org, id }: { readonly org: string; readonly id: string },
): Promise<ContractLine[]> {
  const { rows } = await sql<Row>`
    select line, type, so_line_id as "soLineId", trim_scale(amount)::text as amount, currency,
      'collected' as status, dated as date, entity, system, functional_currency, reporting_currency,
      trim_scale(functional)::text as functional_amount, trim_scale(reporting)::text as reporting_amount
    from (
      select r.line, r.type, r.so_line_id, r.amount, r.currency, r.dated, r.entity, false as system,
        l.functional_currency, l.functional_ext_sell_price as functional, l.reporting_currency,
        l.reporting_ext_sell_price as reporting
      from revenue.line as r left join staging.line as l on l.entity = r.entity and l.id = r.line
      where r.org = ${org} and r.contract = ${id}
      union all
      select s.type || ':REVSYNC-' || s.so_line_id, s.type, s.so_line_id, s.amount, s.currency, null, b.entity, true,
        l.functional_currency, ${OF_CREDIT.functional}, l.reporting_currency, ${OF_CREDIT.reporting}
      from revenue.system_credit as s
      join revenue.booking as b on b.org = s.org and b.so_line_id = s.so_line_id
      left join staging.line as l on l.entity = b.entity and l.id = b.line
      where s.org = ${org} and s.contract = ${id}
    ) as item
    order by line collate "C", entity collate "C"`.execute(db);
  return rows.map(
    ({ functional_amount, functional_currency, reporting_amount, reporting_currency, ...row }) => ({
      ...row,
      amount: amountText(row.amount, row.currency),
      functional: worthOf(functional_amount, functional_currency),
      reporting: worthOf(reporting_amount, reporting_currency),
    }),
  );
}

const worthOf = (amount: string | null, currency: string | null): Worth | null =>
  amount === null || currency === null ? null : { amount: amountText(amount, currency), currency };
