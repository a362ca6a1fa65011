import { type Row } from '../../tenant.ts';
import { type Ground } from '../account.ts';
import { dayText } from '../days.ts';
import { rateOn, rateText } from '../exchange-rates.ts';
import { AT, stamp } from './stamp.ts';

/** Every other currency in the home currency, day by day. */
export function* exchangeRateRows(ground: Ground, currencies: readonly string[]): Generator<Row> {
  const { idOf, home, from, until } = ground;
  for (const currency of currencies.filter((other) => other !== home)) {
    for (let day = from; day < until; day += 1) {
      yield {
        Id: idOf('ExchangeRate', currency, home, day),
        FromCurrency: currency,
        ToCurrency: home,
        Rate: rateText(rateOn(currency, home, day)),
        RateDate: dayText(day),
        ...stamp(ground, { day, minute: AT.opened }),
      };
    }
  }
}
