import { type RawBuilder, sql } from 'kysely';

import type { Hit } from '../limitation.ts';
import type { Practice } from '../practice.ts';
import { rowsOf } from '../rows.ts';

interface Document {
  readonly object: string;
  /** The object that holds its amounts, and the column that names the document there. */
  readonly items: string;
  readonly key: string;
  /** Signed as lines are. */
  readonly amount: RawBuilder<unknown>;
}

/** What is posted, and what its items are worth; an adjustment is its own item, and `Processed` when it counts. */
const DOCUMENTS: readonly Document[] = [
  { object: 'Invoice', items: 'InvoiceItem', key: 'invoice_id', amount: sql`i.charge_amount` },
  {
    object: 'CreditMemo',
    items: 'CreditMemoItem',
    key: 'credit_memo_id',
    amount: sql`-i.amount_without_tax`,
  },
  { object: 'DebitMemo', items: 'DebitMemoItem', key: 'debit_memo_id', amount: sql`i.amount_without_tax` },
  {
    object: 'InvoiceItemAdjustment',
    items: 'InvoiceItemAdjustment',
    key: 'id',
    amount: sql`case lower(i.type) when 'credit' then -i.amount else i.amount end`,
  },
];

const isPosted = (status: RawBuilder<unknown>): RawBuilder<boolean> =>
  sql<boolean>`${status} in ('Posted', 'Processed')`;

/**
 * Documents that stood as posted once and do not now. What was collected of them was posted when it was. Items are not
 * joined but read once, if at all: how few documents there are is not known beforehand.
 */
const unposted = (entity: string, { object, items, key, amount }: Document): RawBuilder<Hit> => sql<Hit>`
    (with gone as materialized (
      select d.id, d.status, d.account_id
      from (
        select distinct h.id from prestaging.history as h
        where h.entity = ${entity} and h.object = ${object} and ${isPosted(sql`h.content ->> 'status'`)}
      ) as once
      join ${rowsOf(object, 'd')} on d.entity = ${entity} and d.id = once.id
      where not d.deleted and ${isPosted(sql`d.status`)} is not true
    ),
    worth as materialized (
      select ${sql.id('i', key)} as id, sum(${amount}) as amount from ${rowsOf(items, 'i')}
      where exists (select from gone) and i.entity = ${entity} and not i.deleted
        and (${sql.id('i', key)} in (select id from gone)) is true
      group by ${sql.id('i', key)}
    )
    select ${object}::text as object, d.id, w.amount, a.currency,
      concat('its status is ', coalesce(d.status, 'empty'), ' now') as detail
    from gone as d
    left join worth as w on w.id = d.id
    left join ${rowsOf('Account', 'a')} on a.entity = ${entity} and a.id = d.account_id and not a.deleted)`;

const remedy =
  'Post the document again as it was, or credit what is wrong by a memo instead. Lines of it that were collected stay; those that were not count as drafts until it is posted.';

/** An invoice, a memo or an adjustment that was posted, and is not any more. */
export const unpostedDocument: Practice = {
  id: 'unposted-document',
  title: 'Never unpost or cancel invoices, memos and adjustments',
  does: 'Compares documents with earlier extracts, and reports each that was posted and is not now, with the amount of its items. What was collected of it stays; what was not is excluded as not posted.',
  remedy,
  before: 'Agree that what is posted is corrected by credits, never by unposting, from the first sync on.',
  inBilling: {
    objects: [...new Set([...DOCUMENTS.flatMap(({ object, items }) => [object, items]), 'Account'])],
    hits: (entity) =>
      sql<Hit>`${sql.join(
        DOCUMENTS.map((document) => unposted(entity, document)),
        sql` union all `,
      )}`,
  },
  finding: { message: '{source} was posted, and is not any more: {detail}.', remedy },
};
