import type { CallContract } from './call-contract.ts';
import { ACCOUNTING_CODES, ACCOUNTING_PERIODS } from './calls/accounting.ts';
import { CANCEL_JOB, LAST_JOB, READ_JOB, SUBMIT_JOB } from './calls/batch-query.ts';
import { CANCEL_QUERY, LIST_QUERIES, READ_QUERY, SUBMIT_QUERY } from './calls/data-query.ts';
import { DESCRIBE_LIST, DESCRIBE_OBJECT } from './calls/describe.ts';
import { ENTITIES } from './calls/entities.ts';
import { EXCHANGE_RATES } from './calls/exchange-rates.ts';
import { ANY_FILE, AQUA_FILE, RESULT_FILE } from './calls/files.ts';
import { MEMO_CALLS } from './calls/memos.ts';
import { CREATE_EXPORT, READ_EXPORT } from './calls/object-export.ts';
import { OBJECT, OBJECTS } from './calls/object-query.ts';
import { PRODUCTS } from './calls/products.ts';
import { SETTING, SETTINGS_BATCH, SETTINGS_LIST } from './calls/settings.ts';
import { TOKEN } from './calls/token.ts';
import { QUERY, QUERY_MORE } from './calls/zoql.ts';

/** What the adapter calls: the first table of docs/zuora-api.md. */
export const ADAPTER_CALLS: readonly CallContract[] = [
  TOKEN,
  DESCRIBE_LIST,
  DESCRIBE_OBJECT,
  SUBMIT_JOB,
  READ_JOB,
  CANCEL_JOB,
  AQUA_FILE,
  SUBMIT_QUERY,
  READ_QUERY,
  CANCEL_QUERY,
  RESULT_FILE,
  QUERY,
  QUERY_MORE,
  OBJECTS,
  SETTINGS_LIST,
  SETTING,
  ENTITIES,
  ACCOUNTING_CODES,
  ACCOUNTING_PERIODS,
  PRODUCTS,
  EXCHANGE_RATES,
];

/** What the sandbox answers besides, for clients that are not ours: the second table. */
export const OTHER_CALLS: readonly CallContract[] = [
  LAST_JOB,
  ANY_FILE,
  LIST_QUERIES,
  OBJECT,
  SETTINGS_BATCH,
  ...MEMO_CALLS,
  CREATE_EXPORT,
  READ_EXPORT,
];
