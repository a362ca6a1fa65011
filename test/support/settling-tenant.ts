import type { Row, Tenant } from '../../src/billing/sandbox/tenant.ts';
import { isMemo, MEMO_OBJECTS } from '../../src/domain/settlement/memos.ts';
import { adjustment, memo } from './rich-tenant.ts';
import { sampleTenant } from './sample-tenant.ts';
import type { Rows } from './sync-rows.ts';

/** A tenant in which Invoice Settlement can be enabled. */
export interface SettlingTenant extends Tenant {
  settle(on?: boolean): void;
}

/** The tenant of these rows: its memos show once Invoice Settlement is enabled. */
export function settlingTenant(rows: Rows): SettlingTenant {
  const before = Object.keys(rows).filter((object) => !isMemo(object));
  let settled = false;
  const shown = (object: string): readonly Row[] => (isMemo(object) && !settled ? [] : (rows[object] ?? []));
  return {
    label: 'sample',
    entities: [],
    get objects() {
      return settled ? [...before, ...MEMO_OBJECTS] : before;
    },
    settingKeys: [],
    small: true,
    setting: () => undefined,
    dataQueryOnly: [],
    customObjects: [],
    days: null,
    customFields: () => [],
    rows: (object) => shown(object),
    scan: (objects) => objects.flatMap((object) => shown(object).map((row) => [object, row] as const)),
    settle: (on = true) => void (settled = on),
  };
}

const stamped = (at: string) => ({ CreatedDate: at, UpdatedDate: at, Currency: 'USD' });
const item = (at: string, amount: string, change: Row): Row => ({
  CreatedDate: at,
  UpdatedDate: at,
  Amount: amount,
  AmountWithoutTax: amount,
  ...change,
});

/** A memo over an amount, with its item, as it was made at an instant. */
export function memoOf(
  kind: 'CreditMemo' | 'DebitMemo',
  id: string,
  { at, amount, change = {} }: { at: string; amount: string; change?: Row },
): Rows {
  return memo(
    kind,
    { Id: id, MemoNumber: id, MemoDate: at.slice(0, 10), TotalAmount: amount, ...stamped(at) },
    item(at, amount, { Id: `${id}-item`, [`${kind}Id`]: id, ...change }),
  );
}

function together(...parts: readonly Rows[]): Rows {
  const all: Record<string, Row[]> = {};
  for (const part of parts) {
    for (const [object, rows] of Object.entries(part)) (all[object] ??= []).push(...rows);
  }
  return all;
}

/**
 * The sample, billed 200 and corrected by adjustments of 30 and 10. Billing made a memo in place of the first, and one
 * that looks like the second; two more, of 5 less and 7 more, were made by hand. They come from three months.
 */
export const SETTLING: Rows = together(
  sampleTenant(),
  {
    InvoiceItemAdjustment: [
      adjustment(),
      adjustment({ Id: 'adj2', AdjustmentNumber: 'IIA-2', Amount: '10.00', ServiceEndDate: '2024-01-20' }),
    ],
  },
  memoOf('CreditMemo', 'named', {
    at: '2025-05-10T09:00:00Z',
    amount: '30.00',
    change: { SourceItemId: 'adj1' },
  }),
  memoOf('CreditMemo', 'fresh', { at: '2025-06-15T09:00:00Z', amount: '5.00' }),
  memoOf('DebitMemo', 'more', { at: '2025-07-05T09:00:00Z', amount: '7.00' }),
  memoOf('CreditMemo', 'alike', {
    at: '2025-07-20T09:00:00Z',
    amount: '10.00',
    change: { ServiceStartDate: '2024-01-11', ServiceEndDate: '2024-01-20' },
  }),
);
