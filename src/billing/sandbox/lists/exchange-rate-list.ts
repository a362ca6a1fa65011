import { jsonNumber } from '../cell-json.ts';
import { exactReply } from '../exact-json.ts';
import { CATEGORY, type Reply } from '../replies.ts';
import { type Call, type Services } from '../routes.ts';
import { refusedList } from './paging.ts';
import { rowReader } from './read-rows.ts';

const DAY = 86_400_000;
const MOST_DAYS = 90;

/**
 * `GET /v1/custom-exchange-rates/{currency}` (wire.md 2.4): what a unit of each other currency is worth in that one, by
 * day. So the home amount is the amount times the rate, which Zuora's documents call inverse, as in their example for
 * USD with EUR 1.0815. Rows that lead out of the currency are left out: a reply has one direction.
 */
export async function exchangeRateList(services: Services, call: Call): Promise<Reply> {
  const currency = (call.params['currency'] ?? '').toUpperCase();
  const from = call.query.get('startDate') ?? '';
  const to = call.query.get('endDate') ?? '';
  const wrong = mistakeIn(currency, from, to);
  if (wrong !== null) return refusedList(CATEGORY.invalid, wrong);

  const rows = await rowReader(services, call)('ExchangeRate', (row) => {
    const day = row['RateDate'] ?? '';
    return row['ToCurrency'] === currency && day >= from && day <= to;
  });
  const rates: Record<string, Record<string, unknown>> = {};
  for (const row of rows) {
    const day = row['RateDate'] ?? '';
    const ofDay = (rates[day] ??= { providerExchangeRateDate: day });
    ofDay[row['FromCurrency'] ?? ''] = jsonNumber(row['Rate'] ?? '');
  }
  return exactReply({ success: true, inverse: true, rateSetName: 'Default', rates });
}

function mistakeIn(currency: string, from: string, to: string): string | null {
  if (!/^[A-Z]{3}$/.test(currency)) return `'${currency}' is not a currency code.`;
  for (const [name, day] of [
    ['startDate', from],
    ['endDate', to],
  ] as const) {
    if (day === '') return `'${name}' is required.`;
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day))) {
      return `'${name}' must be a day like 2016-01-15.`;
    }
  }
  const days = (Date.parse(to) - Date.parse(from)) / DAY;
  if (days < 0) return "'startDate' cannot be later than 'endDate'.";
  return days > MOST_DAYS ? `'endDate' can be at most ${MOST_DAYS} days after 'startDate'.` : null;
}
