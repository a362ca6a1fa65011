import { CATALOGUE } from '../catalogue/catalogue.ts';

/** The objects that a tenant has since Invoice Settlement was enabled, parents first. */
export const MEMO_OBJECTS = ['CreditMemo', 'DebitMemo', 'CreditMemoItem', 'DebitMemoItem'] as const;
export type MemoObject = (typeof MEMO_OBJECTS)[number];

export const isMemo = (object: string): object is MemoObject => MEMO_OBJECTS.some((memo) => memo === object);

/** Everything else: what memos hang on. */
export const BESIDE_MEMOS: readonly string[] = CATALOGUE.map(({ name }) => name).filter(
  (name) => !isMemo(name),
);

/** The field that totals of an object are made of. */
export const MEMO_AMOUNTS: Readonly<Record<MemoObject, string>> = {
  CreditMemo: 'TotalAmount',
  DebitMemo: 'TotalAmount',
  CreditMemoItem: 'AmountWithoutTax',
  DebitMemoItem: 'AmountWithoutTax',
};

/** Fields that totals are told apart by, as far as describe lists them. */
export const MEMO_GROUPS: Readonly<Record<MemoObject, readonly string[]>> = {
  CreditMemo: ['Currency', 'Status'],
  DebitMemo: ['Currency', 'Status'],
  CreditMemoItem: ['TransactionCurrency'],
  DebitMemoItem: ['TransactionCurrency'],
};
