import { z } from 'zod';

import type { BillingRate } from '../port.ts';
import type { DaySpan } from './day-spans.ts';
import { fit, unexpected, type Reply } from './reply.ts';

/** `{JPY: 0.0084, EUR: 1.0815, providerExchangeRateDate: "2016-01-14"}`. */
const Entry = z.looseObject({ providerExchangeRateDate: z.string().nullish() });
const ByDay = z.record(z.string(), z.union([Entry, z.array(Entry)]).nullable());
/** The specification types `rates` as an array of what every example has as one object. */
const Table = z.object({
  inverse: z.boolean().nullish(),
  rateSetName: z.string().nullish(),
  rates: z.union([ByDay, z.array(ByDay)]).nullish(),
});

/** The specification's word where a day stands. */
const PLACEHOLDER = 'DATE';

/**
 * What a reply of `GET /v1/custom-exchange-rates/{currency}` tells about the days of the span. With `inverse`, a unit
 * of `to` is `rate` units of `from`: Zuora's own example has EUR 1.0815 and JPY 0.0084 in January 2016, so for USD.
 */
export function ratesOf(currency: string, span: DaySpan, body: unknown, reply: Reply): BillingRate[] {
  const { inverse, rateSetName, rates } = fit(Table, body, reply);
  const common = { from: currency, inverse: inverse ?? false, rateSet: rateSetName || null };

  return [rates ?? []].flat().flatMap((byDay) =>
    Object.entries(byDay)
      .filter(([day]) => isAskedFor(day, span, reply))
      .flatMap(([day, entries]) =>
        [entries ?? []].flat().flatMap((entry) =>
          ratesOfEntry(entry, reply).map(({ to, rate, provider }) => ({
            ...common,
            to,
            day,
            rate,
            providerDay: provider === day ? null : provider,
          })),
        ),
      ),
  );
}

/** Whatever is no currency, a field that came later for instance, tells no rate. */
function ratesOfEntry({ providerExchangeRateDate, ...rest }: z.infer<typeof Entry>, reply: Reply) {
  return Object.entries(rest)
    .filter(([name, rate]) => /^[A-Z]{3}$/.test(name) && rate != null)
    .map(([to, rate]) => ({ to, rate: exactText(rate, reply), provider: providerExchangeRateDate || null }));
}

/** Signed, too: whoever keeps rates refuses one that is not positive, and keeps the others. */
function exactText(rate: unknown, reply: Reply): string {
  const text = String(rate);
  const isNumber = typeof rate === 'number' || typeof rate === 'string';
  if (isNumber && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return text;
  throw unexpected(reply, 'has a rate that is no number', 'bug');
}

/** A day outside of the span comes with the piece that asks for it. */
function isAskedFor(day: string, { from, to }: DaySpan, reply: Reply): boolean {
  if (/^\d{4}-\d\d-\d\d$/.test(day)) return day >= from && day <= to;
  if (day === PLACEHOLDER) return false;
  throw unexpected(reply, 'has rates of a day that is no date', 'bug');
}
