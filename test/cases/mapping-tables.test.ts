import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { findStagingField } from '../../src/domain/mapping/staging-fields.ts';
import type { TemplateType } from '../../src/domain/mapping/transaction-template.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { MAPPING_TABLES } from '../support/mapping-tables.ts';
import { adjustment, memo, richTenant } from '../support/rich-tenant.ts';
import { CODES } from '../support/sample-tenant.ts';
import { syncRows } from '../support/sync-rows.ts';

/** What the rich tenant has under the fields that all five documents name. */
const SHARED: Readonly<Record<string, string>> = {
  'Business Unit': 'Acme',
  'Company Code': 'Acme Inc.',
  'Customer Number': 'A-1',
  'Customer Name': 'Meyer, "Söhne"',
  'Account Id': 'acc',
  'Functional Currency': 'USD',
  'Transaction Currency': 'USD',
  'Rate Plan Id': 'rp1',
  'Rate Plan Name': 'Gold plan',
  'Rate Plan Charge Num': 'C-1',
  'Rate Plan Charge Name': 'Monthly fee',
  'Rate Plan Charge Version': '3',
  'Rate Plan Charge Model': 'Per Unit Pricing',
  'Rate Plan Charge Type': 'Recurring',
  'Rate Plan Charge Trigger Event': 'ContractEffective',
  'Rate Plan Charge Segment': '2',
  'Rate Plan Charge Id': 'rpc1',
  'Original Rate Plan Charge Id': 'orig',
  'Product Id': 'prod',
  'Subscription ID': 'sub1',
  'Subscription Name': 'S-1',
  'Subscription Version': '4',
  'Subscription Start Date': '2023-11-01',
  'Subscription End Date': '2025-03-01',
  'Subscription Owner': 'Meyer, "Söhne"',
  'Invoice Owner': 'Payer',
  'Subscription Type': 'TERMED',
  'Ordered Qty': '2',
  ...Object.fromEntries(Object.entries(CODES).map(([label, code]) => [label, `Account ${code}`])),
  'Product Rate Plan Charge Id': 'prpc',
  'Product Rate Plan Id': 'prp',
  'Charge Created Date': '2024-01-03',
  'Charge Last Update Date': '2024-01-05',
};

const BILLED = { ...SHARED, 'Sales Order Date': '2023-12-01', 'Billing Id': 'inv1' };

/** The line of each type, and what its labels hold; amounts of credits are negative when staged. */
const LINES: Readonly<Record<TemplateType, readonly [id: string, values: Readonly<Record<string, string>>]>> =
  {
    SO: [
      'SO:orig.2@4',
      {
        ...SHARED,
        'Sales Order Date': '2024-01-02',
        'Revenue Start Date': '2024-01-01',
        'Revenue End Date': '2025-01-01',
        'Ext Sell Price': '1200',
        'Ext List Price': '1500',
        'Amendment Id': 'amend',
        'Amendment Type': 'NewProduct',
        'Ramp Id': 'ramp',
      },
    ],
    INV: [
      'INV:item1',
      {
        ...BILLED,
        'Revenue Start Date': '2024-01-03',
        'Revenue End Date': '2024-02-03',
        'Ext Sell Price': '100',
        'Billing Item Id': 'item1',
        'Invoice Num': 'INV-1',
        'Invoice Date': '2024-01-10',
        'Invoice Qty': '5',
      },
    ],
    IIA: [
      'CM-C:adj1',
      {
        ...BILLED,
        'Revenue Start Date': '2024-01-11',
        'Revenue End Date': '2024-01-26',
        'Ext Sell Price': '-30',
        'Billing Item Id': 'item1',
        'Invoice Num': 'IIA-1',
        'Invoice Date': '2024-01-20',
        'Invoice Qty': '5',
      },
    ],
    CM: [
      'CM:cmi1',
      {
        ...BILLED,
        'Revenue Start Date': '2024-01-12',
        'Revenue End Date': '2024-01-27',
        'Ext Sell Price': '-40',
        'Billing Item Id': 'cmi1',
        'Invoice Num': 'CM-1',
        'Invoice Date': '2024-01-22',
        'Invoice Qty': '3',
      },
    ],
    DM: [
      'INV:dmi1',
      {
        ...BILLED,
        'Revenue Start Date': '2024-01-12',
        'Revenue End Date': '2024-01-27',
        'Ext Sell Price': '40',
        'Billing Item Id': 'dmi1',
        'Invoice Num': 'DM-1',
        'Invoice Date': '2024-01-22',
        'Invoice Qty': '3',
      },
    ],
  };

const EVERY_ROW = Object.entries(MAPPING_TABLES).flatMap(([type, rows]) =>
  rows.map(([from, to]) => [type as TemplateType, to, from] as const),
);

describe('every row of the mapping documents', () => {
  let database: TestDatabase;
  const lines = new Map<string, Record<string, string | null>>();
  beforeAll(async () => {
    database = await openTestDatabase();
    // Adjustments and memos exclude each other, so there are two tenants.
    const adjusted = { ...richTenant(), InvoiceItemAdjustment: [adjustment()] };
    const settled = { ...richTenant(), ...memo('CreditMemo'), ...memo('DebitMemo') };
    await syncRows(database, adjusted, { entity: 'adjusted', org: 'adjusted' });
    await syncRows(database, settled, { entity: 'settled', org: 'settled' });
    const { rows } = await sql<Record<string, string | null>>`
      select l.*, s.status from staging.line as l
      join staging.line_state as s on s.entity = l.entity and s.id = l.id`.execute(database.db);
    for (const row of rows) lines.set(row['id'] ?? '', row);
  });
  afterAll(() => database.close());

  test.each(EVERY_ROW)('%s: %s holds %s', (type, label) => {
    const [id, values] = LINES[type];
    expect(values).toHaveProperty([label]);
    expect(lines.get(id)?.[findStagingField(label)?.column ?? '']).toBe(values[label]);
  });

  test.each(Object.entries(LINES))('%s: nothing holds the line', (_type, [id]) => {
    expect(lines.get(id)?.['status']).toBe('ready');
  });
});
