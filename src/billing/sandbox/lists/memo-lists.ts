import { exactReply } from '../exact-json.ts';
import { passesOf } from '../export-pass.ts';
import { findRows } from '../find-rows.ts';
import { CATEGORY, type Reply } from '../replies.ts';
import { type Call, type Services } from '../routes.ts';
import { type Row } from '../tenant.ts';
import { type RowTest } from '../zoql-filter.ts';
import { type MemoField, type MemoKind } from './memo-fields.ts';
import { memoOrder, memoRecord, memoTest } from './memo-query.ts';
import { nextPage, pageOf, refusedList } from './paging.ts';
import { accountingCodes, rowReader } from './read-rows.ts';

const PAGE = 20;

/** `GET /v1/credit-memos` and `/v1/debit-memos` (wire.md 2.5). */
export async function memoList(kind: MemoKind, services: Services, call: Call): Promise<Reply> {
  const refused = refusal(kind, services);
  if (refused !== null) return refused;
  const read = rowReader(services, call);
  const number = call.query.get('accountNumber');
  const owners = await read('Account', (row) => number === null || row['AccountNumber'] === number);
  const numbers = new Map(owners.map((row) => [row['Id'] ?? '', row['AccountNumber'] ?? null]));
  const ofOwner: RowTest = (row) => number === null || numbers.has(row['AccountId'] ?? '');
  const found = await pageOfRows(services, call, kind.memo, kind.memoFields, ofOwner);
  if ('status' in found) return found;
  const memos = found.rows.map((row) => ({
    ...memoRecord(kind.memoFields, row),
    accountNumber: numbers.get(row['AccountId'] ?? '') ?? null,
  }));
  return exactReply({ [kind.list]: memos, nextPage: found.nextPage, success: true });
}

/** `…/{key}/items`, by the memo's id or number. */
export async function memoItemList(kind: MemoKind, services: Services, call: Call): Promise<Reply> {
  const refused = refusal(kind, services);
  if (refused !== null) return refused;
  const read = rowReader(services, call);
  const key = call.params['key'] ?? '';
  const [memo] = await read(kind.memo, (row) => row['Id'] === key || row['MemoNumber'] === key);
  if (memo === undefined) return refusedList(CATEGORY.notFound, `Cannot find entity by key: '${key}'.`);
  const ofMemo: RowTest = (row) => row[kind.memoId] === memo['Id'];
  const found = await pageOfRows(services, call, kind.item, kind.itemFields, ofMemo);
  if ('status' in found) return found;
  const codeOf = await accountingCodes(read);
  const items = found.rows.map((row) => {
    const deferred = codeOf(row['DeferredRevenueAccountingCodeId']);
    const recognized = codeOf(row['RecognizedRevenueAccountingCodeId']);
    return {
      ...memoRecord(kind.itemFields, row),
      financeInformation: {
        deferredRevenueAccountingCode: deferred.name,
        deferredRevenueAccountingCodeType: deferred.type,
        recognizedRevenueAccountingCode: recognized.name,
        recognizedRevenueAccountingCodeType: recognized.type,
      },
      taxationItems: { data: [] },
    };
  });
  return exactReply({ items, nextPage: found.nextPage, success: true });
}

async function pageOfRows(
  { tenant, changes, workshop }: Services,
  call: Call,
  object: string,
  fields: readonly MemoField[],
  also: RowTest,
): Promise<{ readonly rows: readonly Row[]; readonly nextPage: string | undefined } | Reply> {
  const page = pageOf(call, PAGE);
  if ('status' in page) return page;
  const pass = passesOf(tenant, call.scope, changes.freeze(), () => !workshop.stopping.aborted);
  const test = memoTest(fields, call.query);
  const { rows, isMore } = await findRows(pass, {
    object,
    test: (row) => also(row) && test(row),
    offset: (page.page - 1) * page.pageSize,
    count: page.pageSize,
    order: memoOrder(fields, call.query.get('sort')),
  });
  return { rows, nextPage: isMore ? nextPage(call, page) : undefined };
}

function refusal({ memo }: MemoKind, { tenant }: Services): Reply | null {
  if (tenant.objects.includes(memo)) return null;
  return refusedList(CATEGORY.permission, 'Invoice Settlement is not enabled for this tenant.');
}
