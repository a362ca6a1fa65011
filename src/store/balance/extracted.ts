import { type RawBuilder, sql } from 'kysely';

import { driverAmount } from '../../domain/catalogue/driver-amount.ts';
import { type BillingObject, columnOf } from '../../domain/catalogue/define-object.ts';
import type { Db } from '../database.ts';

/** Which class a changed row of an object ends in, as far as its object alone decides. */
export type Destiny =
  | { readonly kind: 'lines' } // the transform decides row by row
  | { readonly kind: 'reference' }
  | { readonly kind: 'excluded'; readonly reason: 'unsupported-object' | 'type-off' };

interface Extracted {
  readonly run: string;
  readonly org: string;
  readonly entity: string;
  readonly object: BillingObject;
  readonly destiny: Destiny;
}

/**
 * A row's currency in the balance: its own, else its account's, else none. `row` is an alias of the
 * object's columns; needs `join account as a`.
 */
export function balanceCurrency(object: BillingObject, row: string): RawBuilder<string> {
  const own =
    'TransactionCurrency' in object.fields ? sql`${sql.ref(`${row}.transaction_currency`)}, ` : sql``;
  return sql<string>`coalesce(${own}a.currency, '')`;
}

/**
 * Opens the balance of one object with what the load in this transaction saw: every row of the file, in
 * the classes that do not wait for the transform. Reads the load's temporary tables.
 */
export async function recordExtracted(db: Db, request: Extracted, filled: readonly string[]): Promise<void> {
  const { object, destiny } = request;
  const amountField = driverAmount(object.name);
  const has = (field: string) => filled.includes(columnOf(object, field));
  const column = (field: string) => (has(field) ? sql.ref(`t.${columnOf(object, field)}`) : sql`null`);

  const drives = amountField !== undefined;
  const currency = drives ? sql`coalesce(${column('TransactionCurrency')}::text, a.currency, '')` : sql`''`;
  const amount = drives ? sql`coalesce(${column(amountField)}::numeric, 0)` : sql`0::numeric`;
  const rawAmount = drives
    ? sql`case when pg_input_is_valid(r.raw->>${amountField}, 'numeric') and translate(r.raw->>${amountField}, '0123456789.-', '') = '' then (r.raw->>${amountField})::numeric else 0 end`
    : sql`0::numeric`;
  const rawCurrency = drives ? sql`coalesce(r.raw->>'TransactionCurrency', a.currency, '')` : sql`''`;
  const changed =
    destiny.kind === 'excluded'
      ? sql`${sql.lit(destiny.reason)}`
      : destiny.kind === 'reference'
        ? sql`'reference'`
        : sql`null`;

  await sql`
    with seen as (
      select ${currency} as currency, ${amount} as amount,
        case when t.class = 'unchanged' then 'unchanged'
          when t.class = 'replaced' then 'superseded'
          when t.deleted then 'deleted'
          else ${changed} end as ending
      from typed as t
      left join prestaging.account as a on a.entity = ${request.entity} and a.id = ${column('AccountId')}
      union all
      select ${rawCurrency}, ${rawAmount}, 'rejected'
      from rejected as r
      left join prestaging.account as a on a.entity = ${request.entity} and a.id = r.raw->>'AccountId'
    ), measured as (
      select currency, ending, 'count' as measure, count(*)::numeric as value from seen group by 1, 2
      union all
      select currency, ending, 'amount', sum(amount) from seen where ${sql.lit(drives)} group by 1, 2
    )
    insert into control.balance (run, org, object, currency, measure, extracted, staged, held, rejected, excluded,
      unchanged, reference, exclusions)
    select ${request.run}, ${request.org}, ${object.name}, currency, measure, sum(value), 0, 0,
      coalesce(sum(value) filter (where ending = 'rejected'), 0),
      coalesce(sum(value) filter (where ending not in ('rejected', 'unchanged', 'reference')), 0),
      coalesce(sum(value) filter (where ending = 'unchanged'), 0),
      coalesce(sum(value) filter (where ending = 'reference'), 0),
      coalesce(jsonb_object_agg(ending, trim_scale(value)::text)
        filter (where ending not in ('rejected', 'unchanged', 'reference')), '{}')
    from measured group by currency, measure`.execute(db);
}
