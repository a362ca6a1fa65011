import { type Reply } from '../replies.ts';
import { type Call, type Route, type Services } from '../routes.ts';
import { accountingCodeList, accountingPeriodList } from './accounting-lists.ts';
import { exchangeRateList } from './exchange-rate-list.ts';
import { CREDIT_MEMOS, DEBIT_MEMOS, type MemoKind } from './memo-fields.ts';
import { memoItemList, memoList } from './memo-lists.ts';
import { productList } from './product-list.ts';

/** The lists of /v1 that an integration reads (wire.md 2.4 and 2.5). */
export function listRoutes(services: Services): readonly Route[] {
  const at = (
    pattern: RegExp,
    answer: (services: Services, call: Call) => Reply | Promise<Reply>,
  ): Route => ({ method: 'GET', pattern, access: 'entity', answer: (call) => answer(services, call) });
  const memos = (path: string, kind: MemoKind): Route[] => [
    at(new RegExp(`^/v1/${path}/?$`), (all, call) => memoList(kind, all, call)),
    at(new RegExp(`^/v1/${path}/(?<key>[^/]+)/items/?$`), (all, call) => memoItemList(kind, all, call)),
  ];
  return [
    at(/^\/v1\/accounting-codes\/?$/, accountingCodeList),
    at(/^\/v1\/accounting-periods\/?$/, accountingPeriodList),
    at(/^\/v1\/custom-exchange-rates\/(?<currency>[^/]+)\/?$/, exchangeRateList),
    at(/^\/v1\/catalog\/products\/?$/, productList),
    ...memos('credit-memos', CREDIT_MEMOS),
    ...memos('debit-memos', DEBIT_MEMOS),
  ];
}
