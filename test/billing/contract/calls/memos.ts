import { z } from 'zod';

import { Amount, type CallContract, Day, Id, PlainTime } from '../call-contract.ts';
import { LIST_CALL, listOf, PAGING } from './lists.ts';

const Text = z.string().nullable();
const STAMP = {
  createdById: Text,
  createdDate: PlainTime.nullable(),
  updatedById: Text,
  updatedDate: PlainTime.nullable(),
};

/** What both kinds have; the rest of their members as it comes. */
const Memo = z.looseObject({
  id: Id,
  number: z.string().min(1),
  accountId: Id,
  accountNumber: Text,
  amount: Amount,
  currency: Text,
  status: z.enum(['Draft', 'Posted', 'Canceled', 'Error', 'PendingForTax', 'Generating', 'CancelInProgress']),
  targetDate: Day.nullable(),
  postedOn: PlainTime.nullable(),
  ...STAMP,
});
const CreditMemo = Memo.extend({ creditMemoDate: Day.nullable(), unappliedAmount: Amount.nullable() });
const DebitMemo = Memo.extend({ debitMemoDate: Day.nullable(), balance: Amount.nullable() });

const Item = z.looseObject({
  id: Id,
  amount: Amount,
  serviceStartDate: Day.nullable(),
  serviceEndDate: Day.nullable(),
  quantity: Amount.nullable(),
  financeInformation: z.looseObject({}),
  taxationItems: z.strictObject({ data: z.array(z.unknown()) }),
  ...STAMP,
});

/** Filters are named like members. */
const Filters = z.strictObject({
  ...PAGING,
  ...Object.fromEntries(
    ['accountId', 'accountNumber', 'amount', 'currency', 'number', 'referredInvoiceId', 'sort', 'status'].map(
      (name) => [name, z.array(z.string()).length(1).optional()],
    ),
  ),
});

const list = (name: string, body: z.ZodType): CallContract => ({
  ...LIST_CALL,
  name,
  query: Filters,
  success: { kind: 'json', body },
});

export const MEMO_CALLS: readonly CallContract[] = [
  list('GET /v1/credit-memos', listOf('creditmemos', CreditMemo)),
  list('GET /v1/credit-memos/{key}/items', listOf('items', Item)),
  list('GET /v1/debit-memos', listOf('debitmemos', DebitMemo)),
  list('GET /v1/debit-memos/{key}/items', listOf('items', Item)),
];
