import { z } from 'zod';

import { type CallContract, Day, once } from '../call-contract.ts';
import { LIST_CALL } from './lists.ts';

const DAYS_90 = 90 * 86_400_000;

/** A rate for each currency, and the day that the provider gave them for. */
const OfDay = z
  .record(z.string(), z.union([z.number().positive(), Day]))
  .refine(
    (rates) =>
      Object.entries(rates).every(([name, value]) =>
        name === 'providerExchangeRateDate' ? typeof value === 'string' : /^[A-Z]{3}$/.test(name),
      ),
    'has currencies and the day of the provider',
  );

/** `rates` is an object by day, as in every example; the specification calls it a list. */
export const EXCHANGE_RATES: CallContract = {
  ...LIST_CALL,
  name: 'GET /v1/custom-exchange-rates/{currency}',
  query: z
    .strictObject({ startDate: once(Day), endDate: once(Day) })
    .refine(({ startDate: [from], endDate: [to] }) => {
      const span = Date.parse(String(to)) - Date.parse(String(from));
      return span >= 0 && span <= DAYS_90;
    }, 'spans more than 90 days'),
  success: {
    kind: 'json',
    body: z.strictObject({
      success: z.literal(true),
      inverse: z.boolean(),
      rateSetName: z.string(),
      rates: z.record(Day, OfDay),
    }),
  },
};
