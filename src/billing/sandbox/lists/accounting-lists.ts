import { createHash } from 'node:crypto';

import { plainTimeText } from '../cell-json.ts';
import { type Reply, json } from '../replies.ts';
import { type Call, type Services } from '../routes.ts';
import { type Scope, type Tenant } from '../tenant.ts';
import { listReply } from './paging.ts';
import { rowReader } from './read-rows.ts';

/** `GET /v1/accounting-codes`: all of them, unless pages are asked for. */
export async function accountingCodeList(services: Services, call: Call): Promise<Reply> {
  const rows = await rowReader(services, call)('AccountingCode');
  const list = listReply(call, rows, null);
  if ('status' in list) return list;
  const accountingCodes = list.items.map((row) => ({
    id: row['Id'],
    name: row['Name'] ?? '',
    type: row['Type'] ?? '',
    glAccountName: row['GLAccountName'] ?? '',
    glAccountNumber: row['GLAccountNumber'] ?? '',
    notes: row['Notes'] ?? '',
    category: row['Category'] ?? '',
    status: row['Status'] ?? '',
    createdOn: plainTimeText(row['CreatedDate']),
    createdBy: row['CreatedById'] ?? null,
    updatedOn: plainTimeText(row['UpdatedDate']),
    updatedBy: row['UpdatedById'] ?? null,
  }));
  return json({ accountingCodes, nextPage: list.nextPage, success: true });
}

/** `GET /v1/accounting-periods`: the months of the tenant, and the one without an end that follows them. */
export function accountingPeriodList({ tenant }: Services, call: Call): Reply {
  const list = listReply(call, periodsOf(tenant, call.scope), null);
  if ('status' in list) return list;
  return json({ accountingPeriods: list.items, nextPage: list.nextPage, success: true });
}

const MONTH = new Intl.DateTimeFormat('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** All but the last month are closed. */
function periodsOf({ days }: Tenant, scope: Scope): unknown[] {
  if (days === null) return [];
  const periods: unknown[] = [];
  const [year = 0, month = 0] = days.from.split('-').map(Number);
  let start = firstOf(year, month - 1);
  for (let index = 1; dayOf(start) < days.until; index += 1) {
    const next = firstOf(year, month - 1 + index);
    const end = dayOf(new Date(next.getTime() - 86_400_000));
    const closed = dayOf(next) < days.until;
    const quarter = Math.floor(start.getUTCMonth() / 3) + 1;
    const fiscal = { fiscalYear: start.getUTCFullYear(), fiscalQuarter: quarter };
    periods.push(periodOf(scope, MONTH.format(start), { start: dayOf(start), end, closed, fiscal }));
    start = next;
  }
  const fiscal = { fiscalYear: 0, fiscalQuarter: null };
  const open = { start: dayOf(start), end: null, closed: false, fiscal };
  return [...periods, periodOf(scope, 'Open-Ended', open)];
}

interface Period {
  readonly start: string;
  readonly end: string | null;
  readonly closed: boolean;
  readonly fiscal: { readonly fiscalYear: number; readonly fiscalQuarter: number | null };
}

function periodOf({ entity = '' }: Scope, name: string, { start, end, closed, fiscal }: Period): unknown {
  const user = idOf('operator');
  const ranAt = closed ? `${end ?? start} 20:00:00` : null;
  return {
    id: idOf(`${entity}:period:${name}`),
    name,
    startDate: start,
    endDate: end,
    status: closed ? 'Closed' : 'Open',
    runTrialBalanceStatus: closed ? 'Completed' : 'Pending',
    runTrialBalanceStart: ranAt,
    runTrialBalanceEnd: ranAt,
    runTrialBalanceErrorMessage: null,
    ...fiscal,
    notes: closed ? '' : null,
    fileIds: Object.fromEntries(FILES.map((file) => [file, null])),
    createdOn: `${start} 00:30:00`,
    createdBy: user,
    updatedOn: ranAt ?? `${start} 00:30:00`,
    updatedBy: user,
  };
}

const FILES = [
  'unprocessedChargesFileId',
  'accountsReceivableInvoiceAgingDetailExportFileId',
  'accountsReceivableAccountAgingDetailExportFileId',
  'revenueDetailExcelFileId',
  'revenueDetailCsvFileId',
  'arRollForwardDetailExportFileId',
  'fxRealizedGainAndLossDetailExportFileId',
  'fxUnrealizedGainAndLossDetailExportFileId',
];

function firstOf(year: number, month: number): Date {
  return new Date(Date.UTC(year, month, 1));
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function idOf(what: string): string {
  return createHash('md5').update(what).digest('hex');
}
