import { sql } from 'kysely';

import { amountText } from '../../domain/money/amount-text.ts';
import type { Db } from '../database.ts';

/** What was promised, and how it is to be recognised. */
export interface ContractObligation {
  readonly id: string;
  readonly name: string;
  /** Original id of the charge; its segments and the percentage discounts on it share the obligation. */
  readonly charge: string;
  /** Of the set-up, as `<name>@<version>`, that gave the obligation its template when it was new. */
  readonly template: string;
  readonly assignedBy: 'rule' | 'attributes' | 'item' | 'automatic';
  readonly setup: string;
  readonly ratableMethod: string;
  readonly releaseEvent: string;
  /** What the event tells, where it is one of the tenant's own. */
  readonly processing: 'by-percent' | 'by-amount' | null;
  readonly accounting: 'daily' | 'partial-monthly';
  readonly retain: 'percent' | 'amount';
  readonly soLines: readonly ObligationLine[];
}

/** An SO line as it stands. */
export interface ObligationLine {
  readonly soLineId: string;
  /** The line it stands at, and that line's subscription version. */
  readonly line: string;
  readonly version: string;
  readonly amount: string;
  /** What invoices add to the amount, and what credits take off the price. */
  readonly lifted: string;
  readonly conceded: string;
  /** Invoiced less credited, without the integration's own credits. */
  readonly billed: string;
  readonly currency: string;
  readonly quantity: string | null;
  readonly start: string | null;
  /** As staged; where invoices tell the end of an evergreen line, the first day after. */
  readonly end: string | null;
  /** Booked at zero and lifted by invoices: usage, evergreen. */
  readonly invoiceDriven: boolean;
  readonly entity: string;
}

/** The obligations of a contract by name, each with its SO lines. */
export async function obligationItemsOf(
  db: Db,
  { org, id }: { readonly org: string; readonly id: string },
): Promise<ContractObligation[]> {
  const { rows } = await sql<ContractObligation>`
    with booked as (
      select b.obligation, jsonb_agg(jsonb_build_object('soLineId', b.so_line_id, 'line', b.line,
        'version', trim_scale(b.version)::text, 'amount', trim_scale(b.amount)::text,
        'lifted', trim_scale(b.lifted)::text, 'conceded', trim_scale(b.conceded)::text,
        'billed', coalesce(trim_scale(l.billed), 0)::text, 'currency', b.currency,
        'quantity', trim_scale(s.ordered_qty)::text, 'start', s.revenue_start_date,
        'end', coalesce(b.lasts_until, s.revenue_end_date), 'invoiceDriven', b.invoice_driven, 'entity', b.entity)
        order by b.so_line_id collate "C") as so_lines
      from revenue.booking as b
      left join staging.line as s on s.entity = b.entity and s.id = b.line
      left join lateral (
        select sum(amount) as billed from revenue.line
        where org = b.org and so_line_id = b.so_line_id and currency = b.currency and type <> 'SO'
      ) as l on true
      where b.org = ${org} and b.contract = ${id}
      group by b.obligation
    )
    select o.id, o.name, o.charge, o.template, o.assigned_by as "assignedBy", o.setup || '@' || o.setup_version as setup,
      o.ratable_method as "ratableMethod", o.release_event as "releaseEvent", o.processing, o.accounting, o.retain,
      coalesce(b.so_lines, '[]') as "soLines"
    from revenue.obligation as o left join booked as b on b.obligation = o.id
    where o.org = ${org} and o.contract = ${id}
    order by o.name collate "C", o.charge collate "C"`.execute(db);
  return rows.map((row) => ({ ...row, soLines: row.soLines.map(lineOf) }));
}

/** In the order of `ObligationLine`. */
function lineOf(stored: ObligationLine): ObligationLine {
  const { soLineId, line, version, currency, quantity, start, end, invoiceDriven, entity } = stored;
  const text = (exact: string): string => amountText(exact, currency);
  return {
    soLineId,
    line,
    version,
    amount: text(stored.amount),
    lifted: text(stored.lifted),
    conceded: text(stored.conceded),
    billed: text(stored.billed),
    currency,
    quantity,
    start,
    end,
    invoiceDriven,
    entity,
  };
}
