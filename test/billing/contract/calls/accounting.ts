import { z } from 'zod';

import { type CallContract, Day, Id, PlainTime } from '../call-contract.ts';
import { LIST_CALL, listOf, PAGING } from './lists.ts';

const STAMP = {
  createdOn: PlainTime.nullable(),
  createdBy: Id.nullable(),
  updatedOn: PlainTime.nullable(),
  updatedBy: Id.nullable(),
};

const TYPES = [
  'AccountsReceivable',
  'UnbilledReceivables',
  'ContractAssets',
  'Cash',
  'OtherAssets',
  'OnAccountReceivable',
  'DeferredRevenue',
  'ContractLiabilities',
  'AdjustmentLiabilities',
  'CustomerCashOnAccount',
  'SalesTaxPayable',
  'OtherLiabilities',
  'SalesRevenue',
  'SalesDiscounts',
  'AdjustmentRevenue',
  'OtherRevenue',
  'OtherEquity',
  'BadDebt',
  'OtherExpenses',
] as const;

const Code = z.strictObject({
  id: Id,
  name: z.string().min(1),
  type: z.enum([...TYPES, '']),
  glAccountName: z.string(),
  glAccountNumber: z.string(),
  notes: z.string(),
  category: z.enum(['Assets', 'Liabilities', 'Equity', 'Revenue', 'Expenses', '']),
  status: z.enum(['Active', 'Inactive', '']),
  ...STAMP,
});

/** The year is a number as recorded, whatever the SDK's model says. */
const Period = z.strictObject({
  id: Id,
  name: z.string().min(1),
  startDate: Day,
  endDate: Day.nullable(),
  status: z.enum(['Open', 'PendingClose', 'Closed', 'Reopened']),
  runTrialBalanceStatus: z.enum(['Pending', 'Processing', 'Completed', 'Error']),
  runTrialBalanceStart: PlainTime.nullable(),
  runTrialBalanceEnd: PlainTime.nullable(),
  runTrialBalanceErrorMessage: z.string().nullable(),
  fiscalYear: z.number().int(),
  fiscalQuarter: z.number().int().min(1).max(4).nullable(),
  notes: z.string().nullable(),
  fileIds: z.record(z.string().endsWith('FileId'), Id.nullable()),
  ...STAMP,
});

export const ACCOUNTING_CODES: CallContract = {
  ...LIST_CALL,
  name: 'GET /v1/accounting-codes',
  query: z.strictObject(PAGING),
  success: { kind: 'json', body: listOf('accountingCodes', Code) },
};

export const ACCOUNTING_PERIODS: CallContract = {
  ...LIST_CALL,
  name: 'GET /v1/accounting-periods',
  query: z.strictObject(PAGING),
  success: { kind: 'json', body: listOf('accountingPeriods', Period) },
};
