import { type RawBuilder, sql } from 'kysely';

import { driverAmount } from '../../domain/catalogue/driver-amount.ts';
import type { BillingObject } from '../../domain/catalogue/define-object.ts';
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
 * the classes that do not wait for the transform. Reads the load's table `seen`.
 */
export async function recordExtracted(db: Db, request: Extracted): Promise<void> {
  const { run, entity, org, object, destiny } = request;
  const drives = driverAmount(object.name) !== undefined;
  const changed =
    destiny.kind === 'excluded'
      ? sql`${sql.lit(destiny.reason)}`
      : destiny.kind === 'reference'
        ? sql`'reference'`
        : sql`null`;
  await sql`
    with row as (
      select ${drives ? sql`coalesce(s.currency, a.currency, '')` : sql`''`} as currency, coalesce(s.amount, 0) as amount,
        case when s.class in ('rejected', 'unchanged') then s.class
          when s.class = 'replaced' then 'superseded'
          when s.deleted then 'deleted'
          else ${changed} end as ending
      from seen as s
      left join prestaging.account as a on a.entity = ${entity} and a.id = s.account_id
    ), measured as (
      select currency, ending, 'count' as measure, count(*)::numeric as value from row group by 1, 2
      union all
      select currency, ending, 'amount', sum(amount) from row where ${sql.lit(drives)} group by 1, 2
    )
    insert into control.balance (run, org, object, currency, measure, extracted, staged, held, rejected, excluded,
      unchanged, reference, exclusions)
    select ${run}, ${org}, ${object.name}, currency, measure, sum(value), 0, 0,
      coalesce(sum(value) filter (where ending = 'rejected'), 0),
      coalesce(sum(value) filter (where ending not in ('rejected', 'unchanged', 'reference')), 0),
      coalesce(sum(value) filter (where ending = 'unchanged'), 0),
      coalesce(sum(value) filter (where ending = 'reference'), 0),
      coalesce(jsonb_object_agg(ending, trim_scale(value)::text)
        filter (where ending not in ('rejected', 'unchanged', 'reference')), '{}')
    from measured group by currency, measure`.execute(db);
}
