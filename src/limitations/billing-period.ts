import { type RawBuilder, sql } from 'kysely';

import { spelled } from './charge.ts';

/** How tenants spell billing periods, without blanks, and what each lasts. */
const PERIODS: readonly (readonly [pattern: string, lasts: string])[] = [
  ['week%', '7 days'],
  ['month%', '1 month'],
  ['quarter%', '3 months'],
  ['semiannual%', '6 months'],
  ['annual%', '1 year'],
  ['eighteenmonths', '18 months'],
  ['twoyears', '2 years'],
  ['threeyears', '3 years'],
  ['fiveyears', '5 years'],
];

const period = (path: string, field: string): RawBuilder<unknown> => sql.id(path, field);

/**
 * How long a billing period of the charge lasts, of its product charge where it does not say; a subscription's term for
 * those billed by the term. Null where Billing does not tell, and for what is billed once.
 */
export const billingPeriod = (charge: string, product: string, subscription: string): RawBuilder<unknown> => {
  const name = spelled(
    sql`coalesce(${period(charge, 'billing_period')}, ${period(product, 'billing_period')})`,
  );
  const count = sql`coalesce(${period(charge, 'specific_billing_period')}, ${period(product, 'specific_billing_period')})`;
  return sql`case
      ${sql.join(
        PERIODS.map(
          ([pattern, lasts]) => sql`when ${name} like ${sql.lit(pattern)} then interval ${sql.lit(lasts)}`,
        ),
        sql` `,
      )}
      when ${name} = 'specificmonths' then make_interval(months => ${count})
      when ${name} = 'specificweeks' then make_interval(weeks => ${count})
      when ${name} = 'specificdays' then make_interval(days => ${count})
      when ${name} = 'subscriptionterm' then make_interval(
        days => ${period(subscription, 'term_end_date')} - ${period(subscription, 'term_start_date')})
    end`;
};
