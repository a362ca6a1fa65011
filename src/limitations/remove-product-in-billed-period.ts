import { type RawBuilder, sql } from 'kysely';

import { chargeSegment, isDiscount } from './charge.ts';
import { chargeState, segmentsIn } from './charge-states.ts';
import { isNoTax } from './invoiced-items.ts';
import { defineLimitation, type StoppedState } from './limitation.ts';
import { heldBy } from './lines.ts';
import { rowsOf } from './rows.ts';
import { ACTION_OBJECTS, versionsMadeBy } from './subscription-actions.ts';

const id = 'remove-product-in-billed-period';

/** The discounts that a removal made end earlier than the subscription version before it did, whether or not as a new charge version. */
const removed = (entity: string): RawBuilder<unknown> => sql`
    with doing as materialized (
      select distinct name, version from (${versionsMadeBy(entity, 'removeproduct')}) as made
    )
    select told.*
    from (
      select ${chargeState('RatePlanCharge')} as state, ${chargeSegment('RatePlanCharge')} as segment,
        "Subscription".name, "Subscription".version as since, "RatePlanCharge".effective_end_date as until,
        "Account".currency, lag("Subscription".version) over versions as before,
        lag("RatePlanCharge".effective_end_date) over versions as ended
      from (select distinct name from doing) as concerned
      join ${rowsOf('Subscription')} on "Subscription".entity = ${entity} and "Subscription".name = concerned.name
        and not "Subscription".deleted
      join ${rowsOf('RatePlanCharge')} on "RatePlanCharge".entity = ${entity}
        and "RatePlanCharge".subscription_id = "Subscription".id and not "RatePlanCharge".deleted
        and ${isDiscount('RatePlanCharge')}
      left join ${rowsOf('Account')} on "Account".entity = ${entity} and "Account".id = "RatePlanCharge".account_id
      window versions as (
        partition by "Subscription".name, ${chargeSegment('RatePlanCharge')} order by "Subscription".version
      )
    ) as told
    join doing on doing.name = told.name and doing.version = told.since
    where told.before is not null and told.until is not null and (told.ended > told.until) is not false`;

/** Whose items bill, by which field, and whether what they bill is taken off. */
const DOCUMENTS = [
  { document: 'Invoice', key: 'invoice_id', amount: sql`item.charge_amount` },
  {
    document: 'CreditMemo',
    key: 'credit_memo_id',
    amount: sql`-coalesce(item.amount_without_tax, item.amount)`,
  },
  {
    document: 'DebitMemo',
    key: 'debit_memo_id',
    amount: sql`coalesce(item.amount_without_tax, item.amount)`,
  },
] as const;

/** What posted documents bill for the charges in `concerned`: `charge`, `ends`, the first day after the period, and the signed `amount`. */
const billed = (entity: string): RawBuilder<unknown> =>
  sql.join(
    DOCUMENTS.map(
      ({ document, key, amount }) => sql`
    select item.rate_plan_charge_id as charge, item.service_end_date as ends, ${amount} as amount
    from ${rowsOf(`${document}Item`, 'item')}
    join ${rowsOf(document, 'document')} on document.entity = ${entity} and document.id = ${sql.ref(`item.${key}`)}
      and document.status = 'Posted' and not document.deleted
    where item.entity = ${entity} and not item.deleted and ${isNoTax('item')}
      and item.rate_plan_charge_id in (select charge from concerned)`,
    ),
    sql` union all `,
  );

/** Those of which a period is billed, and not credited in full, that ends after them. Ends are the first days after. */
const states = (entity: string): RawBuilder<StoppedState> => sql<StoppedState>`
    with removed as materialized (${removed(entity)}), concerned as materialized (
      select removed.*, "Billed".id as charge from removed
      join ${rowsOf('RatePlanCharge', 'Billed')} on "Billed".entity = ${entity} and ${chargeSegment('Billed')} = removed.segment
    )
    select state, since, concat('the discount was removed as of ', until, ', but is billed until ',
      max(ends), ' (', trim_scale(sum(amount)), ' ', currency, ' for periods that end later)') as detail
    from (
      select c.state, c.since, c.until, c.currency, billed.ends, sum(billed.amount) as amount
      from concerned as c
      join (${billed(entity)}) as billed on billed.charge = c.charge and billed.ends > c.until
      group by 1, 2, 3, 4, 5
      having sum(billed.amount) <> 0
    ) as periods
    group by state, since, until, currency`;

const remedy =
  'In Billing, move the removal to the end of what is billed, or reverse the invoice of that period and bill it again after the removal. Else reject the line, and adjust revenue outside.';

/** Discounts that a removal of their product ended within a period that is billed already. */
export const removeProductInBilledPeriod = defineLimitation({
  id,
  heading: 'Handling amendments',
  point: 1,
  scope: 'contract action',
  outcome: 'stop',
  checkedAt: ['staging'],
  does: 'Stops the booking of a discount that was removed as of a day before the end of what is billed for it. Other charges of the product go on.',
  remedy,
  before: 'Let discounts be removed only as of the end of a billed period.',
  inBilling: segmentsIn(states, [...ACTION_OBJECTS, 'InvoiceItem', 'Invoice']),
  inStaging: heldBy(id),
  stop: {
    states,
    text: {
      message: '{source} cannot be booked: {detail}. Booking and billing would differ.',
      remedy: `${remedy} The line goes on by itself when nothing is billed beyond the removal any more.`,
    },
    instead: [],
  },
});
