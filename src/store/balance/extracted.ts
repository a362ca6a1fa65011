import { type RawBuilder, sql } from 'kysely';

import { driverAmount } from '../../domain/catalogue/driver-amount.ts';
import type { BillingObject } from '../../domain/catalogue/define-object.ts';
import type { Db } from '../database.ts';
import { isDriven } from '../transform/derivations.ts';

/** Which class a changed row of an object ends in, as far as its object alone decides. */
export type Destiny =
  | { readonly kind: 'lines' } // the transform decides row by row
  | { readonly kind: 'reference' }
  | { readonly kind: 'excluded'; readonly reason: 'unsupported-object' };

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
 * Puts what the load in this transaction saw into the balance: every row of its files, in the classes that
 * do not wait for the transform. Reads the load's table `seen`.
 */
export async function recordExtracted(db: Db, request: Extracted): Promise<void> {
  const { entity, object, destiny } = request;
  await addToBalance(
    db,
    request,
    sql`
      select ${isDriver(object) ? sql`coalesce(s.currency, a.currency, '')` : sql`''`} as currency,
        coalesce(s.amount, 0) as amount, true as counted,
        case when s.class in ('rejected', 'unchanged') then s.class
          when s.class in ('replaced', 'buried') then 'superseded'
          when s.deleted then 'deleted'
          else ${endingOf(destiny)} end as ending
      from seen as s
      left join prestaging.account as a on a.entity = ${entity} and a.id = s.account_id`,
  );
}

/**
 * Adds rows about to become tombstones: each is one row extracted and `excluded: deleted`. Where this run's own
 * load brought the living version, no line will tell what became of that: it is `superseded`. Reads the table
 * `turned`.
 */
export async function recordGone(db: Db, request: Pick<Extracted, 'run' | 'org' | 'object'>): Promise<void> {
  const gone = sql`select currency, coalesce(amount, 0) as amount, true as counted, 'deleted' as ending from turned`;
  const own = sql`select currency, coalesce(amount, 0), false, 'superseded' from turned where own`;
  const rows = isDriven(request.object.name) ? sql`${gone} union all ${own}` : gone;
  await addToBalance(db, request, rows);
}

/** Adds tombstones about to live again: each is one row extracted, and changed. Reads the table `turned`. */
export async function recordReturned(db: Db, request: Omit<Extracted, 'entity'>): Promise<void> {
  const ending = endingOf(request.destiny);
  await addToBalance(
    db,
    request,
    sql`select currency, coalesce(amount, 0) as amount, true as counted, ${ending} as ending from turned`,
  );
}

/** The class of a changed row; null: the transform decides. */
function endingOf(destiny: Destiny): RawBuilder<string | null> {
  if (destiny.kind === 'lines') return sql<string | null>`null::text`;
  return sql<string>`${sql.lit(destiny.kind === 'reference' ? 'reference' : destiny.reason)}::text`;
}

const isDriver = ({ name }: BillingObject): boolean => driverAmount(name) !== undefined;

/** `rows`: currency, amount, `counted` (among what was extracted), ending (null: the transform decides). */
async function addToBalance(
  db: Db,
  { run, org, object }: Pick<Extracted, 'run' | 'org' | 'object'>,
  rows: RawBuilder<unknown>,
): Promise<void> {
  await sql`
    with row as (${rows}), measured as (
      select currency, ending, 'count' as measure, count(*)::numeric as value,
        count(*) filter (where counted)::numeric as extracted
      from row group by 1, 2
      union all
      select currency, ending, 'amount', sum(amount), coalesce(sum(amount) filter (where counted), 0)
      from row where ${sql.lit(isDriver(object))} group by 1, 2
    )
    insert into control.balance as b (run, org, object, currency, measure, extracted, staged, held, rejected, excluded,
      unchanged, reference, exclusions)
    select ${run}, ${org}, ${object.name}, currency, measure, sum(extracted), 0, 0,
      coalesce(sum(value) filter (where ending = 'rejected'), 0),
      coalesce(sum(value) filter (where ending not in ('rejected', 'unchanged', 'reference')), 0),
      coalesce(sum(value) filter (where ending = 'unchanged'), 0),
      coalesce(sum(value) filter (where ending = 'reference'), 0),
      coalesce(jsonb_object_agg(ending, trim_scale(value)::text)
        filter (where ending not in ('rejected', 'unchanged', 'reference')), '{}')
    from measured group by currency, measure
    on conflict (run, object, org, currency, measure) do update set
      extracted = b.extracted + excluded.extracted, rejected = b.rejected + excluded.rejected,
      excluded = b.excluded + excluded.excluded, unchanged = b.unchanged + excluded.unchanged,
      reference = b.reference + excluded.reference,
      exclusions = (
        select coalesce(jsonb_object_agg(reason, value), '{}') from (
          select e.key as reason, trim_scale(sum(e.value::numeric))::text as value
          from (select * from jsonb_each_text(b.exclusions) union all select * from jsonb_each_text(excluded.exclusions)) as e
          group by 1
        ) as added
      )`.execute(db);
}
