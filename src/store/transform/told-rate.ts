import { type RawBuilder, sql } from 'kysely';

import type { RateSource } from './conversion.ts';
import { decimalsOf } from './minor-units.ts';

/**
 * The rate that Billing used for a billed item and tells with it (domain.md 7.3: the one of the earlier of posting and
 * document date). Billing multiplies by it, or divides, as its Finance Settings say; amounts in the home currency that
 * come with invoice items show which. `item` is the path of the invoice item that is billed or corrected; where it
 * shows nothing, its entity's other items tell (`rate_setting`, which `takeRates` leaves).
 */
export function toldByBilling(driver: string, item: string): RateSource['told'] {
  return {
    name: `${driver}.ExchangeRate`,
    rate: sql.id(driver, 'exchange_rate'),
    day: sql.id(driver, 'exchange_rate_date'),
    home: sql.id(driver, 'home_currency'),
    divides: sql`coalesce(${divided(item)}, (select divides from rate_setting))`,
  };
}

/** Whether Billing divided the amount of an invoice item, by its alias; null where it comes to the same, or to neither. */
export function divided(item: string): RawBuilder<boolean | null> {
  const amount = sql.id(item, 'charge_amount');
  const home = sql.id(item, 'charge_amount_home_currency');
  const rate = sql.id(item, 'exchange_rate');
  // Billing rounds half up or down, as its settings say.
  const unit = sql`10::numeric ^ -(${decimalsOf(sql.id(item, 'home_currency'))})`;
  const by = (worth: RawBuilder<unknown>): RawBuilder<boolean> =>
    sql<boolean>`abs(${worth} - ${home}) < ${unit}`;
  const times = by(sql`${amount} * ${rate}`);
  const over = by(sql`${amount} / nullif(${rate}, 0)`);
  return sql<
    boolean | null
  >`case when ${times} and not ${over} then false when ${over} and not ${times} then true end`;
}
