import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { kebabCase } from '../../src/domain/catalogue/define-object.ts';
import { ROUTES } from '../../src/domain/mapping/routes.ts';
import type { TemplateType } from '../../src/domain/mapping/transaction-template.ts';
import { type Hold, listHolds } from '../../src/store/list-holds.ts';
import { apart, together } from '../support/apart.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { lineReader, type ReadLine } from '../support/line-reader.ts';
import { adjustment, memo } from '../support/rich-tenant.ts';
import { CODES, sampleTenant } from '../support/sample-tenant.ts';
import { type Rows, syncRows } from '../support/sync-rows.ts';

type Found = readonly [object: string, id: string];

const CODE_OF_PRODUCT = Object.fromEntries(
  Object.values(CODES).map((code): [string, Found] => [
    `ProductRatePlanCharge.${code}AccountingCode`,
    ['AccountingCode', `code-${code}`],
  ]),
);

/** What a line needs whatever it is; the charge is a percentage discount, applied to another. */
const SHARED: Readonly<Record<string, Found>> = {
  RatePlan: ['RatePlan', 'rp1'],
  Subscription: ['Subscription', 'sub1'],
  Account: ['Account', 'acc'],
  ProductRatePlanCharge: ['ProductRatePlanCharge', 'prpc'],
  ProductRatePlan: ['ProductRatePlan', 'prp'],
  Product: ['Product', 'prod'],
  ...CODE_OF_PRODUCT,
};

const BILLED: Readonly<Record<string, Found>> = {
  ...SHARED,
  Invoice: ['Invoice', 'inv1'],
  RatePlanCharge: ['RatePlanCharge', 'disc'],
  AppliedToItem: ['InvoiceItem', 'item1'],
  AppliedToCharge: ['RatePlanCharge', 'rpc1'],
};

const CORRECTED: Readonly<Record<string, Found>> = { ...BILLED, InvoiceItem: ['InvoiceItem', 'itemd'] };

/** The row behind each path, by type. */
const NEEDED: Readonly<Record<TemplateType, Readonly<Record<string, Found>>>> = {
  SO: { ...SHARED, DiscountedCharge: ['RatePlanCharge', 'rpc1'] },
  INV: BILLED,
  IIA: CORRECTED,
  CM: { ...CORRECTED, CreditMemo: ['CreditMemo', 'cm1'] },
  DM: { ...CORRECTED, DebitMemo: ['DebitMemo', 'dm1'] },
};

const DRIVERS: Readonly<Record<TemplateType, Found>> = {
  SO: ['RatePlanCharge', 'disc'],
  INV: ['InvoiceItem', 'itemd'],
  IIA: ['InvoiceItemAdjustment', 'adj1'],
  CM: ['CreditMemoItem', 'cmi1'],
  DM: ['DebitMemoItem', 'dmi1'],
};

/** The sample with a percentage discount of its charge, billed with its first item. */
function discounted(): Rows {
  const tenant = sampleTenant();
  const { RatePlanCharge: charges = [], InvoiceItem: items = [] } = tenant;
  return {
    ...tenant,
    RatePlanCharge: [
      ...charges,
      { ...charges[0], Id: 'disc', OriginalId: 'disc', ChargeModel: 'Discount-Percentage' },
    ],
    DiscountContractualValues: [
      { DiscountRatePlanChargeId: 'disc', RatePlanChargeId: 'rpc1', Amount: '120.00' },
    ],
    InvoiceItem: [
      ...items,
      {
        ...items[0],
        Id: 'itemd',
        RatePlanChargeId: 'disc',
        AppliedToInvoiceItemId: 'item1',
        ChargeAmount: '-10.00',
      },
    ],
  };
}

/** A tenant in which the line of the type leads to everything that one can. */
function whole(type: TemplateType): Rows {
  const correction = { InvoiceItemId: 'itemd', RatePlanChargeId: 'disc' };
  if (type === 'IIA') {
    return {
      ...discounted(),
      InvoiceItemAdjustment: [adjustment({ ...correction, SourceId: 'itemd', Amount: '3.00' })],
    };
  }
  if (type === 'CM') return { ...discounted(), ...memo('CreditMemo', {}, correction) };
  return type === 'DM' ? { ...discounted(), ...memo('DebitMemo', {}, correction) } : discounted();
}

describe('a line whose way leads to a row that has not come', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  describe.each([
    ['without Invoice Settlement', ['SO', 'INV', 'IIA'], false],
    ['with Invoice Settlement', ['CM', 'DM'], true],
  ] as const)('%s', (name, types, settlement) => {
    const entity = name.replaceAll(' ', '-');
    const cases = types.flatMap((type) =>
      Object.entries(NEEDED[type]).map(([path, [object, id]]) => ({ type, path, object, id })),
    );
    const suffixOf = ({ type, path }: { type: string; path: string }): string => `-${type}-${path}`;
    const states: { lines: ReadLine[]; holds: readonly Hold[] }[] = [];
    beforeAll(async () => {
      const without = cases.map((each) => {
        const { type, object, id } = each;
        const rows = whole(type);
        const others = (rows[object] ?? []).filter((row) => row['Id'] !== id);
        return apart({ ...rows, [object]: others }, suffixOf(each));
      });
      const came = cases.map((each) => {
        const { type, object, id } = each;
        const row = (whole(type)[object] ?? []).filter((one) => one['Id'] === id);
        return apart({ [object]: row }, suffixOf(each));
      });
      for (const rows of [without, came]) {
        await syncRows(database, together(rows), { entity, org: entity, settlement });
        const lines = await lineReader(database).lines(entity);
        states.push({ lines, holds: await listHolds(database.db, { org: entity, kind: 'orphan' }) });
      }
    });

    test.each(types)('of %s has a case for every row that it needs', (type) => {
      const needed = ROUTES[type].routes.filter(({ presence }) => presence !== 'optional');
      expect(needed.map(({ path }) => path).filter((path) => !(path in NEEDED[type]))).toEqual([]);
    });

    test.each(cases)('of $type is held without its $path, and goes on when that comes', (each) => {
      const { type, object, id } = each;
      const suffix = suffixOf(each);
      const [driver, driverId] = DRIVERS[type];
      const [first, second] = states.map(({ lines, holds }) => {
        const ids = lines
          .filter(({ source_id: source }) => source === `${driverId}${suffix}`)
          .map((line) => [line['id'], line['status']]);
        return { ids, holds: holds.filter(({ line }) => ids.some(([held]) => held === line)) };
      });
      expect(first?.holds.map(({ limitation, message }) => ({ limitation, message }))).toEqual([
        {
          limitation: `orphan-${kebabCase(object)}`,
          message: `${driver} ${driverId}${suffix} needs ${object} ${id}${suffix}, which has not come from Billing.`,
        },
      ]);
      expect(first?.ids.map(([, status]) => status)).toEqual(['held']);
      expect(second?.ids.map(([, status]) => status)).toEqual(['ready']);
      expect(second?.holds).toEqual([]);
    });
  });
});
