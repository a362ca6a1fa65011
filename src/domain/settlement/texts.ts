/** Count and amount, as exact text. */
interface Total {
  readonly count: string;
  readonly amount: string;
}

/** What Billing and pre-staging have of one object, currency and status. */
export interface Difference {
  readonly object: string;
  readonly currency: string | null;
  readonly status: string | null;
  readonly billing: Total;
  readonly prestaging: Total;
}

const NAMED = 5;

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',');

/** `7 of 24 chunks, 1,234 memos`. */
export function progressText({
  done,
  total,
  memos,
}: {
  readonly done: number;
  readonly total: number;
  readonly memos: string;
}): string {
  return total === 0 ? 'nothing to bring' : `${done} of ${total} chunks, ${grouped(memos)} memos`;
}

/** `CreditMemo USD Posted: 12 over 340.50 in Billing, 11 over 300 here; ...`. */
export function differencesText(differences: readonly Difference[]): string {
  const shown = differences.slice(0, NAMED).map(({ object, currency, status, billing, prestaging }) => {
    const what = [object, currency, status].filter((part) => part !== null).join(' ');
    return `${what}: ${billing.count} over ${billing.amount} in Billing, ${prestaging.count} over ${prestaging.amount} here`;
  });
  const more = differences.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}
