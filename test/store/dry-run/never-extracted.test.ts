import { Readable } from 'node:stream';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { TemplateRow } from '../../../src/domain/mapping/transaction-template.ts';
import { neverExtracted } from '../../../src/store/dry-run/never-extracted.ts';
import { loadCustomRecords } from '../../../src/store/load/custom-records.ts';
import { rememberExport } from '../../../src/store/runs.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { syncRows } from '../../support/sync-rows.ts';
import { invoiceRows, invoiceTemplate } from '../../support/templates.ts';

const row = (from: string): TemplateRow => ({ from, to: 'ATR1', type: 'Character' });

describe('what was never extracted', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    const records = Buffer.from('id,name__c,updateddate\np1,Big,2024-01-05T10:00:00Z\n');
    await syncRows(database, withChanged(sampleTenant(), 'Subscription', 'sub1', { Project__c: 'p1' }), {
      beside: async (opened) => {
        await rememberExport(database.db, opened.run, {
          job: 'job',
          asked: ['InvoiceItem 1', 'Contact 2'],
          stateful: false,
          sides: [],
        });
        await loadCustomRecords(database.pool, {
          ...opened,
          table: 'default__project__c',
          files: [{ id: 'project', open: async () => Readable.from([records]) }],
          recordCount: '1',
          onBytes: () => undefined,
        });
      },
    });
  });
  afterAll(() => database.close());

  const missing = (froms: readonly string[], { filter = null }: { filter?: string | null } = {}) =>
    neverExtracted(database.db, {
      entity: 'demo',
      before: invoiceTemplate({ rows: invoiceRows(row('Account.Known__c')) }),
      after: invoiceTemplate({ rows: invoiceRows(...froms.map(row)), filter }),
    });

  test.each([
    ['a custom field that no row has', 'Account.Region__c', [{ object: 'Account', field: 'Region__c' }]],
    ['one that a row has', 'Subscription.Project__c', []],
    ['one that the template before reads too', 'Account.Known__c', []],
    ['a field of the catalogue', 'Account.CrmId', []],
    ['an object that the last run asked for and that has no rows', 'InvoiceItem.BillToContact.FirstName', []],
    ['one that it did not ask for', 'Subscription.Ramp.Name', [{ object: 'Ramp', field: null }]],
    ['a record of a custom object', 'Subscription.Project__c.default__project__c.Name__c', []],
    [
      'a field that no record has',
      'Subscription.Project__c.default__project__c.Size__c',
      [{ object: 'default__project__c', field: 'Size__c' }],
    ],
    [
      'a custom object that was never read, and the field that leads to it',
      'Account.Team__c.default__team__c.Size__c',
      [
        { object: 'Account', field: 'Team__c' },
        { object: 'default__team__c', field: null },
      ],
    ],
  ])('of %s', async (_what, from, expected) => {
    expect(await missing([from])).toEqual(expected);
  });

  test('is told of filters too, each thing once', async () => {
    const filter = "Account.Region__c = 'EMEA' and Account.Region__c is not null";
    expect(await missing(['Account.Region__c'], { filter })).toEqual([
      { object: 'Account', field: 'Region__c' },
    ]);
    expect(await missing([], { filter })).toEqual([{ object: 'Account', field: 'Region__c' }]);
  });
});
