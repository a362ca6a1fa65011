import { Readable } from 'node:stream';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { BriefTemplate, TemplateRow } from '../../../src/domain/mapping/transaction-template.ts';
import { loadCustomRecords } from '../../../src/store/load/custom-records.ts';
import { showLine, type ShownLine } from '../../../src/store/show-line.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { keptDefault } from '../../support/kept-templates.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { csvOf, recordTenant, type Rows, syncRows } from '../../support/sync-rows.ts';
import { invoiceRows, invoiceTemplate } from '../../support/templates.ts';

const at = '2024-01-05T10:00:00Z';
/** Two objects whose records have ids alike. */
const CUSTOM_OBJECTS = {
  default__other__c: [{ id: 'p1', updateddate: at, region__c: 'Wrong' }],
  default__project__c: [{ id: 'p1', updateddate: at, region__c: 'North', budget__c: '1e2' }],
};

describe('the fields of a template', () => {
  let database: TestDatabase;
  let tenants = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  /** The first invoice item’s line, formed by a template of its own. */
  const formed = async (change: Partial<BriefTemplate>, rows: Rows = sampleTenant()): Promise<ShownLine> => {
    const entity = `tenant-${(tenants += 1)}`;
    await recordTenant(database, entity, entity);
    await keptDefault(database.db, invoiceTemplate({ name: entity, entity, ...change }));
    await syncRows(database, rows, {
      entity,
      org: entity,
      beside: async ({ run, org }) => {
        for (const [table, records] of Object.entries(CUSTOM_OBJECTS)) {
          await loadCustomRecords(database.pool, {
            run,
            entity,
            org,
            table,
            files: [
              { id: `${table}-${run}`, open: async () => Readable.from([Buffer.from(csvOf(records))]) },
            ],
            recordCount: '1',
            onBytes: () => undefined,
          });
        }
      },
    });
    return showLine(database.db, { id: 'INV:item1', entity });
  };
  const row = (from: string, to: string, type: TemplateRow['type'] = 'Character'): TemplateRow => ({
    from,
    to,
    type,
  });

  test('hold constants of every type', async () => {
    const { fields, lineage } = await formed({
      constants: [
        { to: 'ATR1', type: 'Character', value: "O'Neill; --" },
        { to: 'ATR2', type: 'Number', value: '1.50' },
        { to: 'Amendment Type', type: 'Character', value: 'x' },
      ],
    });
    expect(fields).toMatchObject({ ATR1: "O'Neill; --", ATR2: '1.50', 'Amendment Type': 'x' });
    expect(lineage.fields['ATR1']).toMatchObject({
      row: null,
      derived: `The template's constant "O'Neill; --".`,
    });
  });

  test('take a default where what is mapped is empty, and only there', async () => {
    const rows = invoiceRows(row('Account.CrmId', 'ATR1'), row('Account.Name', 'ATR2'));
    const { fields, lineage } = await formed({
      rows: [
        ...rows.filter(({ to }) => to !== 'Invoice Qty'),
        row('InvoiceItem.UnitPrice', 'Invoice Qty', 'Number'),
      ],
      defaults: [
        { to: 'ATR1', type: 'Character', value: 'none' },
        { to: 'ATR2', type: 'Character', value: 'none' },
        { to: 'Invoice Qty', type: 'Number', value: '1' },
      ],
    });
    expect(fields).toMatchObject({ ATR1: 'none', ATR2: 'Meyer, "Söhne"', 'Invoice Qty': '1' });
    expect(lineage.fields['ATR1']).toMatchObject({
      from: 'Account.CrmId',
      derived: `The template's default "none", since what is mapped was empty.`,
    });
  });

  test('name the first owners where the policy says so', async () => {
    const first = {
      Id: 'first',
      AccountNumber: 'A-0',
      Name: 'First',
      Currency: 'USD',
      UpdatedDate: at,
    };
    const tenant = sampleTenant();
    const rows = withChanged(
      { ...tenant, Account: [...(tenant['Account'] ?? []), first] },
      'Subscription',
      'sub1',
      {
        CreatorAccountId: 'first',
      },
    );
    const { fields, lineage } = await formed({ policies: { subscriptionOwner: 'original' } }, rows);
    expect(fields).toMatchObject({ 'Subscription Owner': 'First', 'Invoice Owner': 'Payer' });
    expect(lineage.fields['Subscription Owner']).toMatchObject({
      from: 'Subscription.CreatorAccount.Name',
      id: 'first',
    });
  });

  test('hold the text of any type in attributes, an instant as a day where the row says so', async () => {
    const { fields } = await formed({
      rows: invoiceRows(
        row('InvoiceItem.ChargeAmount', 'ATR1', 'Number'),
        row('RatePlanCharge.CreatedDate', 'ATR2', 'Date'),
        row('RatePlanCharge.Segment', 'ATR3'),
        row('InvoiceItem.UnitPrice', 'ATR4', 'Number'),
      ),
      defaults: [{ to: 'ATR4', type: 'Number', value: '0' }],
    });
    expect(fields).toMatchObject({ ATR1: '100', ATR2: '2024-01-03', ATR3: '1', ATR4: '0' });
  });

  test('come from custom fields; what is no value of the type is empty and stops nothing', async () => {
    const rows = withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', {
      Region__c: 'EMEA',
      Rate__c: '0.250',
      Odd__c: 'soon',
      Until__c: '2024-06-30',
    });
    const { fields } = await formed(
      {
        rows: invoiceRows(
          row('RatePlanCharge.Region__c', 'ATR1'),
          row('RatePlanCharge.Rate__c', 'Ext List Price', 'Number'),
          row('RatePlanCharge.Rate__c', 'ATR2', 'Number'),
          row('RatePlanCharge.Odd__c', 'ATR3', 'Number'),
          row('RatePlanCharge.Until__c', 'ATR4', 'Date'),
          row('RatePlanCharge.Nowhere__c', 'ATR5'),
        ),
      },
      rows,
    );
    expect(fields).toMatchObject({ ATR1: 'EMEA', ATR2: '0.25', ATR3: null, ATR4: '2024-06-30', ATR5: null });
    expect(fields['Ext List Price']).toBe('0.25');
  });

  test('come from custom objects, by the custom field that holds the record’s id', async () => {
    const project = 'Account.Project__c.default__project__c';
    const { fields, lineage } = await formed(
      {
        rows: invoiceRows(row(`${project}.Region__c`, 'ATR1'), row(`${project}.Budget__c`, 'ATR2', 'Number')),
        filter: `${project}.Region__c = 'North'`,
      },
      withChanged(sampleTenant(), 'Account', 'acc', { Project__c: 'p1' }),
    );
    expect(fields).toMatchObject({ ATR1: 'North', ATR2: '100' });
    expect(lineage.fields['ATR1']).toMatchObject({ object: 'default__project__c', id: 'p1' });
  });
});
