import { z } from 'zod';

import type { Billing } from '../../billing/port.ts';
import type { Api, ApiAccess } from '../../domain/features/access.ts';
import { asked } from './asking.ts';
import type { Patience } from './patience.ts';

const DAY = 86_400_000;
const Currencies = z.object({ homeCurrencyCode: z.string().nullish() });

type Probed = Extract<
  Api,
  | 'zoql'
  | 'object-query'
  | 'settings'
  | 'currency-conversion'
  | 'exchange-rates'
  | 'accounting-codes'
  | 'accounting-periods'
>;

export interface ProbedApis {
  readonly apis: Readonly<Record<Probed, ApiAccess>>;
  /** Null while Currency Conversion is off, or not told. */
  readonly homeCurrency: string | null;
}

/** Which of the interfaces beside the export answer the credentials: one small question each. */
export async function probeApis(billing: Billing, patience: Patience): Promise<ProbedApis> {
  const ask = <Found>(work: () => Promise<Found>, tell: (found: Found) => ApiAccess | string) =>
    asked(patience, work, tell);
  let homeCurrency: string | null = null;
  const currency = await ask(
    () => billing.setting('fx-currencies'),
    (setting) => {
      homeCurrency = homeCurrencyOf(setting);
      if (homeCurrency !== null) return `home currency ${homeCurrency}`;
      return { state: 'absent', detail: 'no home currency: Currency Conversion is off' };
    },
  );
  const [zoql, objectQuery, settings, rates, codes, periods] = await Promise.all([
    // A number that no account has: ZOQL knows no limit.
    ask(
      () => firstOf(billing.zoql("select Id from Account where AccountNumber = 'revsync-doctor'")),
      answers,
    ),
    ask(() => firstOf(billing.objectQuery({ object: 'accounts', fields: ['id'], pageSize: 1 })), answers),
    ask(
      () => billing.settings(),
      (found) =>
        found.length === 0
          ? { state: 'absent', detail: 'Billing lists no settings' }
          : `${found.length} settings`,
    ),
    ask(
      () => billing.exchangeRates({ currency: homeCurrency ?? 'USD', ...yesterday() }),
      (found) => (found.length === 0 ? 'answers; no rates yesterday' : `${found.length} rates yesterday`),
    ),
    ask(
      () => billing.accountingCodes(),
      (found) => `${found.length} codes`,
    ),
    ask(
      () => billing.accountingPeriods(),
      (found) => `${found.length} periods`,
    ),
  ]);
  return {
    apis: {
      zoql,
      'object-query': objectQuery,
      settings,
      'currency-conversion': currency,
      'exchange-rates': rates,
      'accounting-codes': codes,
      'accounting-periods': periods,
    },
    homeCurrency,
  };
}

const answers = (): string => 'answers queries';

/** One page is enough to know. */
async function firstOf(pages: AsyncIterable<unknown>): Promise<void> {
  for await (const _page of pages) return;
}

function yesterday(): { from: string; to: string } {
  const day = new Date(Date.now() - DAY).toISOString().slice(0, 10);
  return { from: day, to: day };
}

function homeCurrencyOf(setting: unknown): string | null {
  const parsed = Currencies.safeParse(setting);
  const code = parsed.success ? (parsed.data.homeCurrencyCode?.trim() ?? '') : '';
  return code === '' ? null : code;
}
