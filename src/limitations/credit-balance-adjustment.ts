import { sql } from 'kysely';

import { defineLimitation, type Hit } from './limitation.ts';
import { joined, rowsOf } from './rows.ts';

const adjustment = sql.id('CreditBalanceAdjustment');

/** What was cancelled or failed moved no balance. */
const took = sql<boolean>`lower(coalesce(${adjustment}.status, 'processed')) in ('processed', 'processing')`;

/** What moves a customer's credit balance: read, counted, and never a line. */
export const creditBalanceAdjustment = defineLimitation({
  id: 'credit-balance-adjustment',
  heading: 'Credit Balance Adjustment object',
  scope: 'object',
  outcome: 'exclude',
  checkedAt: ['template check', 'staging'],
  does: 'Extracts the rows and counts them as excluded (unsupported-object); no line is formed of them, and no template may map their fields.',
  remedy:
    'Account for credit balances outside revenue contracts: they move what a customer owes, not what was sold. To lower revenue, credit the invoice item by a memo or an adjustment.',
  before:
    'Enable Invoice Settlement, which replaces credit balances by unapplied credit memos, or see that no revenue process rests on them.',
  inBilling: {
    objects: ['CreditBalanceAdjustment', 'Account'],
    hits: (entity) => sql<Hit>`
    select 'CreditBalanceAdjustment' as object, ${adjustment}.id,
      case when ${took} then case lower(${adjustment}.type) when 'decrease' then -1 else 1 end * ${adjustment}.amount end as amount,
      coalesce(${adjustment}.transaction_currency, "Account".currency) as currency,
      nullif(concat_ws(', ', ${adjustment}.number, ${adjustment}.type, ${adjustment}.status), '') as detail
    from ${rowsOf('CreditBalanceAdjustment')}
    cross join lateral (select ${entity}::text as entity) as own
    ${joined('Account', sql`${adjustment}.account_id`)}
    where ${adjustment}.entity = ${entity} and not ${adjustment}.deleted`,
  },
});
