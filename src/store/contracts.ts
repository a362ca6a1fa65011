import { sql } from 'kysely';

import { amountText } from '../domain/money/amount-text.ts';
import { hasLinesOf } from './contracts/of-subscription.ts';
import type { Db } from './database.ts';

/** What a contract comes to in one currency. */
export interface ContractAmounts {
  readonly currency: string;
  /** Each SO line at its newest collected version, with what its invoices add to it. */
  readonly bookings: string;
  /** Invoiced less credited, without the credits that the integration makes itself. */
  readonly billings: string;
}

/** A revenue contract as the list shows it. */
export interface Contract {
  readonly id: string;
  readonly org: string;
  readonly key: string;
  readonly version: number;
  /** Of several, the first by code; bookings and billings are those in this currency alone. */
  readonly currency: string | null;
  readonly mixed: boolean;
  readonly bookings: string;
  readonly billings: string;
  readonly status: 'open' | 'closed';
  /** Collected lines, all versions of the bookings among them. */
  readonly lines: number;
  /** A charge and all its segments are one. */
  readonly obligations: number;
  /** One for every currency, since amounts of different currencies have no sum. */
  readonly amounts: readonly ContractAmounts[];
}

export interface ContractFilter {
  readonly org?: string | undefined;
  /** With lines of this subscription, whatever the contract's key is. */
  readonly subscription?: string | undefined;
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

/** The contracts in id order. */
export async function listContracts(db: Db, filter: ContractFilter): Promise<Contract[]> {
  return readContracts(db, filter);
}

type ContractRow = Omit<Contract, 'currency' | 'mixed' | 'bookings' | 'billings'>;

/** As the list has them; of one id, those of every organisation that has it. */
export async function readContracts(
  db: Db,
  { org, subscription, after, limit, id }: ContractFilter & { readonly id?: string },
): Promise<Contract[]> {
  const conditions = [
    sql`true`,
    ...(id === undefined ? [] : [sql`r.id = ${id}`]),
    ...(org === undefined ? [] : [sql`r.org = ${org}`]),
    ...(subscription === undefined ? [] : [hasLinesOf('r', subscription)]),
    ...(after === undefined ? [] : [sql`r.id collate "C" > ${after}`]),
  ];
  const { rows } = await sql<ContractRow>`
    with chosen as (
      select r.org, r.id, r.key, r.version, r.status from revenue.contract as r
      where ${sql.join(conditions, sql` and `)}
      order by r.id collate "C", r.org collate "C" limit ${limit ?? null}::bigint
    ), parts as (
      select b.org, b.contract, b.currency, sum(b.amount + b.lifted) as bookings, 0::numeric as billings,
        0::bigint as lines
      from chosen as c join revenue.booking as b on b.org = c.org and b.contract = c.id
      group by b.org, b.contract, b.currency
      union all
      select l.org, l.contract, l.currency, 0, coalesce(sum(l.amount) filter (where l.type <> 'SO'), 0), count(*)
      from chosen as c join revenue.line as l on l.org = c.org and l.contract = c.id
      group by l.org, l.contract, l.currency
    ), by_currency as (
      select org, contract, currency, sum(bookings) as bookings, sum(billings) as billings, sum(lines) as lines
      from parts group by org, contract, currency
    ), promises as (
      select o.org, o.contract, count(*)::integer as obligations
      from chosen as c join revenue.obligation as o on o.org = c.org and o.contract = c.id
      group by o.org, o.contract
    )
    select c.id, c.org, c.key, c.version, c.status, coalesce(sum(b.lines), 0)::integer as lines,
      coalesce(max(p.obligations), 0) as obligations,
      coalesce(jsonb_agg(jsonb_build_object('currency', b.currency, 'bookings', trim_scale(b.bookings)::text,
        'billings', trim_scale(b.billings)::text) order by b.currency collate "C")
        filter (where b.contract is not null), '[]') as amounts
    from chosen as c
    left join by_currency as b on b.org = c.org and b.contract = c.id
    left join promises as p on p.org = c.org and p.contract = c.id
    group by c.id, c.org, c.key, c.version, c.status
    order by c.id collate "C", c.org collate "C"`.execute(db);
  return rows.map(toContract);
}

function toContract({ amounts: exact, lines, obligations, ...contract }: ContractRow): Contract {
  const amounts = exact.map(({ currency, bookings, billings }) => ({
    currency,
    bookings: amountText(bookings, currency),
    billings: amountText(billings, currency),
  }));
  const [first = { currency: null, bookings: '0', billings: '0' }] = amounts;
  return { ...contract, ...first, mixed: amounts.length > 1, lines, obligations, amounts };
}
