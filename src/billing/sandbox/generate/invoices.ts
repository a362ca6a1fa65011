import { type Account } from './account.ts';
import { type Item } from './bill.ts';
import { type Day } from './days.ts';
import { type Dice } from './dice.ts';
import { type Minor } from './money.ts';
import { type Story } from './story.ts';

export interface InvoicedItem extends Item {
  readonly number: number;
  readonly story: Story;
  readonly appliedToNumber: number | null;
}

export interface Invoice {
  readonly number: number;
  readonly day: Day;
  readonly posted: boolean;
  readonly amount: Minor;
  /** When it was paid, in full. */
  readonly paidOn: Day | null;
  readonly items: readonly InvoicedItem[];
}

/** Items that the last weeks left unposted. */
const DRAFT_DAYS = 31;

/** Everything of a customer that is billed on one day goes on one invoice; the newest may be a draft unless all is plain. */
export function invoicesOf(
  account: Pick<Account, 'stories' | 'settlement' | 'until' | 'plain'>,
  dice: Dice,
): readonly Invoice[] {
  const days = new Map<Day, { item: Item; story: Story }[]>();
  for (const { story, items } of account.stories) {
    for (const item of items) {
      if (toMemo(account, item)) continue;
      const same = days.get(item.invoiceDay);
      if (same === undefined) days.set(item.invoiceDay, [{ item, story }]);
      else same.push({ item, story });
    }
  }
  const numbers = new Map<Item, number>();
  const sorted = [...days].toSorted(([a], [b]) => a - b);
  return sorted.map(([day, entries], index) => {
    const items = entries.map(({ item, story }): InvoicedItem => {
      numbers.set(item, numbers.size + 1);
      const appliedToNumber = item.appliedTo === null ? null : (numbers.get(item.appliedTo) ?? null);
      return { ...item, story, number: numbers.size, appliedToNumber };
    });
    const amount = items.reduce((total, item) => total + item.amount, 0n);
    const newest = index === sorted.length - 1;
    const posted = !(newest && !account.plain && day >= account.until - DRAFT_DAYS && dice.chance(25));
    const paid = day + 1 + dice.below(30);
    const paidOn = posted && amount > 0n && dice.chance(70) && paid < account.until ? paid : null;
    return { number: index + 1, day, posted, amount, paidOn, items };
  });
}

/** With Invoice Settlement, credits of a bill run become memos and not invoice items. */
export function toMemo(ground: Pick<Account, 'settlement'>, item: Item): boolean {
  return ground.settlement && item.credit;
}
