import { type Account } from './account.ts';
import { type Item } from './bill.ts';
import { type Day } from './days.ts';
import { type Dice } from './dice.ts';
import { type Invoice, type InvoicedItem } from './invoices.ts';
import { type Minor, divided } from './money.ts';
import { type ProductCharge, STANDARD, listPrice } from './product-catalogue.ts';
import { type Story } from './story.ts';

/**
 * What puts an invoice right afterwards. Amounts are positive; `type` says which way they go. Without
 * Invoice Settlement all of them are adjustments of an item; with it they are memos.
 */
export interface Correction {
  readonly number: number;
  readonly type: 'Credit' | 'Charge';
  readonly day: Day;
  readonly amount: Minor;
  readonly source: 'invoice' | 'bill-run' | 'charge';
  /** The invoice item that it corrects. */
  readonly invoice: Invoice | null;
  readonly item: InvoicedItem | null;
  /** The credit that a bill run found. */
  readonly credit: { readonly item: Item; readonly story: Story } | null;
  readonly product: ProductCharge;
}

type Draft = Omit<Correction, 'number'>;

export function correctionsOf(
  account: Pick<Account, 'stories' | 'settlement' | 'until' | 'currency' | 'plain' | 'shows'>,
  invoices: readonly Invoice[],
  dice: Dice,
): readonly Correction[] {
  const shown = account.shows.includes('standalone-billing-transactions');
  const drafts: Draft[] = [];
  for (const invoice of invoices) {
    // Where a discount hangs on an item, the adjustment would have to be shared with it.
    const discounted = new Set(invoice.items.map((item) => item.appliedToNumber));
    for (const item of invoice.items) {
      if (!invoice.posted || item.appliedTo !== null || item.credit || item.amount <= 0n) continue;
      if (discounted.has(item.number) || item.charge.product.prepaid === true) continue;
      const sure = shown && drafts.length < SURE.length;
      if (!sure && (account.plain || !dice.chance(3))) continue;
      const share = divided(item.amount * BigInt(5 + dice.below(16)), 100n);
      const day = invoice.day + 1 + dice.below(20);
      if (share > 0n && day < account.until) {
        const type = (sure ? SURE[drafts.length] : undefined) ?? (dice.chance(80) ? 'Credit' : 'Charge');
        const { product } = item.charge;
        drafts.push({ type, day, amount: share, source: 'invoice', invoice, item, credit: null, product });
      }
    }
  }
  if (account.settlement) drafts.push(...billRunCredits(account));
  if (account.settlement && (shown || !account.plain)) {
    drafts.push(...standaloneCredits(account, invoices, dice, shown));
  }
  return drafts.map((draft, index) => ({ ...draft, number: index + 1 }));
}

/** What an account that is to show such transactions has at least. */
const SURE = ['Credit', 'Charge'] as const;

function billRunCredits(account: Pick<Account, 'stories'>): Draft[] {
  return account.stories.flatMap(({ story, items }) =>
    items
      .filter((item) => item.credit)
      .map((item) => ({
        type: 'Credit',
        day: item.invoiceDay,
        amount: -item.amount,
        source: 'bill-run',
        invoice: null,
        item: null,
        credit: { item, story },
        product: item.charge.product,
      })),
  );
}

/** Now and then goodwill: a memo made from a product charge, without a subscription. */
function standaloneCredits(
  account: Pick<Account, 'currency' | 'until'>,
  invoices: readonly Invoice[],
  dice: Dice,
  sure: boolean,
): Draft[] {
  const day = (invoices[0]?.day ?? account.until) + 5;
  if (!(sure || dice.chance(5)) || day >= account.until) return [];
  const amount = divided(listPrice(STANDARD, account.currency), 4n);
  return [
    {
      type: 'Credit',
      day,
      amount,
      source: 'charge',
      invoice: null,
      item: null,
      credit: null,
      product: STANDARD,
    },
  ];
}
