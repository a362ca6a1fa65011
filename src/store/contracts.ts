import { sql } from 'kysely';

import type { LineType } from '../../schema/database.ts';
import { RevsyncError } from '../domain/errors.ts';
import { amountText } from '../domain/money/amount-text.ts';
import type { Db } from './database.ts';
import { instantText } from './instant-text.ts';

/** What a contract comes to in one currency. */
export interface ContractAmounts {
  readonly currency: string;
  /** Each SO line at its newest collected version. */
  readonly bookings: string;
  /** Invoiced less credited. */
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
  /** Collected lines, all versions of the bookings among them. */
  readonly lines: number;
  readonly obligations: number;
  /** One for every currency, since amounts of different currencies have no sum. */
  readonly amounts: readonly ContractAmounts[];
}

export interface ContractFilter {
  readonly org?: string | undefined;
  readonly subscription?: string | undefined;
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

/** The contracts in id order. */
export async function listContracts(db: Db, filter: ContractFilter): Promise<Contract[]> {
  return readContracts(db, filter);
}

type ContractRow = Omit<Contract, 'currency' | 'mixed' | 'bookings' | 'billings'>;

async function readContracts(
  db: Db,
  { org, subscription, after, limit, id }: ContractFilter & { readonly id?: string },
): Promise<Contract[]> {
  const conditions = [
    sql`true`,
    ...(id === undefined ? [] : [sql`id = ${id}`]),
    ...(org === undefined ? [] : [sql`org = ${org}`]),
    ...(subscription === undefined ? [] : [sql`subscription = ${subscription}`]),
    ...(after === undefined ? [] : [sql`id collate "C" > ${after}`]),
  ];
  const { rows } = await sql<ContractRow>`
    with chosen as (
      select org, id, key, version from revenue.contract
      where ${sql.join(conditions, sql` and `)}
      order by id collate "C", org collate "C" limit ${limit ?? null}::bigint
    ), parts as (
      select o.org, o.contract, o.currency, sum(o.amount) as bookings, 0::numeric as billings,
        0::bigint as lines, count(*) as obligations
      from chosen as c join revenue.booking as o on o.org = c.org and o.contract = c.id
      group by o.org, o.contract, o.currency
      union all
      select l.org, l.contract, l.currency, 0, coalesce(sum(l.amount) filter (where l.type <> 'SO'), 0), count(*), 0
      from chosen as c join revenue.line as l on l.org = c.org and l.contract = c.id
      group by l.org, l.contract, l.currency
    ), by_currency as (
      select org, contract, currency, sum(bookings) as bookings, sum(billings) as billings, sum(lines) as lines,
        sum(obligations) as obligations
      from parts group by org, contract, currency
    )
    select c.id, c.org, c.key, c.version, coalesce(sum(b.lines), 0)::integer as lines,
      coalesce(sum(b.obligations), 0)::integer as obligations,
      coalesce(jsonb_agg(jsonb_build_object('currency', b.currency, 'bookings', trim_scale(b.bookings)::text,
        'billings', trim_scale(b.billings)::text) order by b.currency collate "C")
        filter (where b.contract is not null), '[]') as amounts
    from chosen as c left join by_currency as b on b.org = c.org and b.contract = c.id
    group by c.id, c.org, c.key, c.version
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

/** A collected line of a contract. */
export interface ContractLine {
  readonly line: string;
  readonly type: LineType;
  readonly soLineId: string;
  readonly amount: string;
  readonly currency: string;
  readonly status: 'collected';
  /** Booking date, or invoice date. */
  readonly date: string | null;
  readonly entity: string;
}

export interface ContractObligation {
  readonly soLineId: string;
  /** The line it stands at, and that line's subscription version. */
  readonly line: string;
  readonly version: string;
  readonly amount: string;
  readonly billed: string;
  readonly currency: string;
  readonly entity: string;
}

export interface ContractVersion {
  readonly version: number;
  readonly cause: string;
  readonly at: string;
  readonly by: string;
  /** Per booking: `{line, amount, was, wasAmount}`. */
  readonly changes: unknown;
}

export interface ShownContract extends Contract {
  readonly lineItems: readonly ContractLine[];
  readonly obligationItems: readonly ContractObligation[];
  readonly versions: readonly ContractVersion[];
}

/**
 * One contract with its lines, obligations and versions.
 *
 * @throws RevsyncError `CONTRACT_UNKNOWN`; `CONTRACT_AMBIGUOUS` when several organisations have that id
 */
export async function showContract(
  db: Db,
  { id, org }: { id: string; org?: string | undefined },
): Promise<ShownContract> {
  const [contract, ...others] = await readContracts(db, { id, org });
  if (contract === undefined) throw unknown(id, org);
  if (others.length > 0) throw ambiguous(id, [contract, ...others]);
  const key = { org: contract.org, id };
  return {
    ...contract,
    lineItems: await lineItems(db, key),
    obligationItems: await obligationItems(db, key),
    versions: await versions(db, key),
  };
}

interface ContractKey {
  readonly org: string;
  readonly id: string;
}

async function lineItems(db: Db, { org, id }: ContractKey): Promise<ContractLine[]> {
  const { rows } = await sql<ContractLine>`
    select r.line, r.type, r.so_line_id as "soLineId", trim_scale(r.amount)::text as amount, r.currency,
      'collected' as status, case when r.type = 'SO' then l.so_book_date else l.invoice_date end as date, r.entity
    from revenue.line as r left join staging.line as l on l.entity = r.entity and l.id = r.line
    where r.org = ${org} and r.contract = ${id}
    order by r.line collate "C", r.entity collate "C"`.execute(db);
  return rows.map((row) => ({ ...row, amount: amountText(row.amount, row.currency) }));
}

async function obligationItems(db: Db, { org, id }: ContractKey): Promise<ContractObligation[]> {
  const { rows } = await sql<ContractObligation>`
    select o.so_line_id as "soLineId", o.line, trim_scale(o.version)::text as version,
      trim_scale(o.amount)::text as amount, coalesce(trim_scale(b.billed), 0)::text as billed, o.currency, o.entity
    from revenue.booking as o
    left join lateral (
      select sum(l.amount) as billed from revenue.line as l
      where l.org = o.org and l.so_line_id = o.so_line_id and l.currency = o.currency and l.type <> 'SO'
    ) as b on true
    where o.org = ${org} and o.contract = ${id}
    order by o.so_line_id collate "C"`.execute(db);
  return rows.map((row) => ({
    ...row,
    amount: amountText(row.amount, row.currency),
    billed: amountText(row.billed, row.currency),
  }));
}

async function versions(db: Db, { org, id }: ContractKey): Promise<ContractVersion[]> {
  const { rows } = await sql<ContractVersion>`
    select v.version, v.cause, ${instantText(sql`v.made_at`)} as at, v.made_by as by, v.changes
    from revenue.contract_version as v where v.org = ${org} and v.contract = ${id}
    order by v.version`.execute(db);
  return rows;
}

function unknown(id: string, org: string | undefined): RevsyncError {
  const where = org === undefined ? '' : ` in organisation "${org}"`;
  return new RevsyncError(`There is no contract "${id}"${where}.`, {
    code: 'CONTRACT_UNKNOWN',
    fate: 'fix-input',
    remedy:
      'See `revsync contract list`; ids are spelled RC- and twelve hex digits. Contracts of other organisations than yours are not shown.',
  });
}

function ambiguous(id: string, contracts: readonly Contract[]): RevsyncError {
  const orgs = contracts.map(({ org }) => org).join(', ');
  return new RevsyncError(`Several organisations have a contract "${id}": ${orgs}.`, {
    code: 'CONTRACT_AMBIGUOUS',
    fate: 'fix-input',
    remedy: 'Say which one with --org.',
  });
}
