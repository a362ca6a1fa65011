import { type RawBuilder, sql } from 'kysely';

import { DELETED_IN_BILLING } from '../../domain/findings.ts';
import type { Hit } from '../limitation.ts';
import type { Practice } from '../practice.ts';
import { rowsOf } from '../rows.ts';

interface Source {
  readonly object: string;
  readonly amount: RawBuilder<unknown>;
  /** The document it belongs to, by this key, which forms lines in this status alone; null: of charges, a subscription. */
  readonly document: { readonly object: string; readonly key: string; readonly status: string };
}

/** Whatever lines are formed from, signed as they are. What was drafted and thrown away is no matter of revenue. */
const SOURCES: readonly Source[] = [
  {
    object: 'InvoiceItem',
    amount: sql`r.charge_amount`,
    document: { object: 'Invoice', key: 'invoice_id', status: 'Posted' },
  },
  {
    object: 'CreditMemoItem',
    amount: sql`-r.amount_without_tax`,
    document: { object: 'CreditMemo', key: 'credit_memo_id', status: 'Posted' },
  },
  {
    object: 'DebitMemoItem',
    amount: sql`r.amount_without_tax`,
    document: { object: 'DebitMemo', key: 'debit_memo_id', status: 'Posted' },
  },
  {
    object: 'InvoiceItemAdjustment',
    amount: sql`case lower(r.type) when 'credit' then -r.amount else r.amount end`,
    document: { object: 'InvoiceItemAdjustment', key: 'id', status: 'Processed' },
  },
];

/** A document that is not there, or deleted itself, is taken for what it was. */
const deletedOf = (entity: string, { object, amount, document }: Source): RawBuilder<Hit> => sql<Hit>`
    select ${object}::text as object, r.id, ${amount} as amount, a.currency, null::text as detail
    from ${rowsOf(object, 'r')}
    left join ${rowsOf(document.object, 'd')} on d.entity = r.entity and d.id = ${sql.id('r', document.key)}
    left join ${rowsOf('Account', 'a')} on a.entity = r.entity and a.id = coalesce(r.account_id, d.account_id)
    where r.entity = ${entity} and r.deleted and (d.id is null or d.status = ${document.status})`;

const deletedCharges = (entity: string): RawBuilder<Hit> => sql<Hit>`
    select 'RatePlanCharge'::text as object, r.id, v.amount, a.currency, r.name as detail
    from ${rowsOf('RatePlanCharge', 'r')}
    left join ${rowsOf('Subscription', 's')} on s.entity = r.entity and s.id = r.subscription_id
    left join ${rowsOf('ChargeContractualValueAllCharges', 'v')} on v.entity = r.entity and v.id = r.id
    left join ${rowsOf('Account', 'a')} on a.entity = r.entity and a.id = r.account_id
    where r.entity = ${entity} and r.deleted and lower(coalesce(s.status, '')) <> 'draft'`;

/** What revenue may rest on, and Billing has no more (design 9 (26)). */
export const deletedInBilling: Practice = {
  id: DELETED_IN_BILLING,
  title: 'Never delete amendments, invoice items, memos and adjustments',
  does: 'Keeps collected lines of deleted rows, supersedes others, and opens a finding for each with its amount.',
  remedy:
    'Correct the contract by a credit or a new subscription version in Billing where the deletion is right; else restore the row there.',
  before:
    'Nothing, for what was deleted before the first sync is not booked. From then on, cancel and credit instead of deleting.',
  inBilling: {
    objects: [
      'RatePlanCharge',
      'Subscription',
      'Account',
      ...new Set(SOURCES.flatMap(({ object, document }) => [object, document.object])),
    ],
    hits: (entity) =>
      sql<Hit>`${sql.join(
        [deletedCharges(entity), ...SOURCES.map((source) => deletedOf(entity, source))],
        sql` union all `,
      )}`,
  },
  // src/store/findings makes it: with the line, which tells what became of it.
  finding: null,
};
