import { RevsyncError } from '../../domain/errors.ts';
import type { BillingRate } from '../port.ts';
import { daySpans, isDay } from './day-spans.ts';
import { ratesOf } from './rate-table.ts';
import type { Reply } from './reply.ts';
import type { Session } from './session.ts';
import { isNotFoundCode } from './zuora-code.ts';

/** The server takes an end at most 90 days after the start; counting both keeps clear of that. */
const PIECE_DAYS = 90;

/**
 * `GET /v1/custom-exchange-rates/{currency}` (wire.md 2.4), days `YYYY-MM-DD`, both included, in pieces, the oldest
 * first. A day without rates is no error.
 *
 * Throws `BILLING_PERMISSION_MISSING` where the tenant has no such table: Zuora turns it on on request, for those who
 * load rates of their own. That is not the same as no rates, so it is no empty list. Throws
 * `BILLING_REQUEST_REFUSED` for a window that is none.
 */
export async function readExchangeRates(
  session: Session,
  { currency, from, to }: { currency: string; from: string; to: string },
): Promise<readonly BillingRate[]> {
  if (!/^[A-Z]{3}$/.test(currency) || !isDay(from) || !isDay(to) || from > to) {
    throw new RevsyncError('The exchange rates asked for are not those of a currency from a day to a day', {
      code: 'BILLING_REQUEST_REFUSED',
      fate: 'fix-input',
      remedy: 'Ask for a currency such as USD and for days such as 2024-01-31, the first one first.',
    });
  }
  const rates: BillingRate[] = [];
  for (const span of daySpans({ from, to }, PIECE_DAYS)) {
    const path = `/v1/custom-exchange-rates/${currency}?startDate=${span.from}&endDate=${span.to}`;
    const { reply, body } = await ask(session, path);
    rates.push(...ratesOf(currency, span, body, reply));
  }
  return rates;
}

async function ask(session: Session, path: string): Promise<{ reply: Reply; body: unknown }> {
  try {
    return await session.json({ method: 'GET', path });
  } catch (error) {
    if (!(error instanceof RevsyncError && saysNoTable(error))) throw error;
    throw new RevsyncError('Zuora Billing has no table of exchange rates for these credentials', {
      code: 'BILLING_PERMISSION_MISSING',
      fate: 'fix-input',
      remedy:
        'Ask Zuora Support for custom exchange rates and give the role access to them, or do without: the transactions carry their own rates.',
      context: error.context,
      cause: error,
    });
  }
}

/** How a tenant without it refuses is nowhere told: a missing right and a missing address are both read as that. */
function saysNoTable({ code, context }: RevsyncError): boolean {
  const missing = context['status'] === 404 || isNotFoundCode(String(context['zuoraCode'] ?? ''));
  return code === 'BILLING_PERMISSION_MISSING' || (code === 'BILLING_REQUEST_REFUSED' && missing);
}
