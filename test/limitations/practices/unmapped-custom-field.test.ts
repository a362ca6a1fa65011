import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { TransactionTemplate } from '../../../src/domain/mapping/transaction-template.ts';
import { unmappedCustomField } from '../../../src/limitations/practices/unmapped-custom-field.ts';
import { summarizeHits } from '../../../src/store/limitations/hits.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { changedTemplate, rowsWith } from '../../support/dry-runs.ts';
import { keptDefault } from '../../support/kept-templates.ts';
import { foundInBilling } from '../../support/limitation-tenant.ts';
import { changedRow, sampleTenant } from '../../support/sample-tenant.ts';
import { recordTenant, syncRows } from '../../support/sync-rows.ts';

describe('unmapped-custom-field', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await openTestDatabase();
    await recordTenant(database);
  });
  afterEach(() => database.close());

  const found = () => foundInBilling(database.db, unmappedCustomField);
  const mapping = async (
    type: TransactionTemplate['type'],
    from: string,
    change: Partial<TransactionTemplate> = {},
    entity = 'demo',
  ) => {
    const rows = rowsWith(type, { from, to: 'ATR1', type: 'Character' });
    await keptDefault(database.db, changedTemplate(type, entity, { rows, ...change }));
  };
  const sample = sampleTenant();
  const withFields = (change: Readonly<Record<string, string | null>>) => ({
    ...sample,
    Account: (sample['Account'] ?? []).map((row) => (row['Id'] === 'acc' ? { ...row, ...change } : row)),
  });

  test('finds a field that has values and that no template reads, with how many rows have it', async () => {
    await syncRows(database, withFields({ Region__c: 'north', Empty__c: '' }));
    expect(await found()).toEqual(['Account Account.Region__c']);
    const { samples } = await summarizeHits(database.db, unmappedCustomField.inBilling.hits('demo'));
    expect(samples).toMatchObject([
      { detail: 'filled in 1 of 2 rows (50.0 %)', amount: null, currency: null },
    ]);
  });

  test.each<[string, TransactionTemplate['type'], string]>([
    ['from the account of the line', 'SO', 'Account.Region__c'],
    ['by another way', 'INV', 'Subscription.InvoiceOwner.Region__c'],
    ['as the key of a custom object', 'SO', 'Account.Region__c.default__region__c.Name__c'],
  ])('passes over a field that is read %s', async (_way, type, from) => {
    await mapping(type, from);
    await syncRows(database, withFields({ Region__c: 'north' }));
    expect(await found()).toEqual([]);
  });

  test('passes over a field that only a filter reads', async () => {
    await mapping('SO', 'Account.Name', { filter: "Account.Region__c = 'north'" });
    await syncRows(database, withFields({ Region__c: 'north' }));
    expect(await found()).toEqual([]);
  });

  test.each([
    ['the field of that name of another object', 'Subscription.Region__c'],
    ['a field whose name goes on', 'Account.Region__c2__c'],
  ])('finds it where a template reads %s', async (_what, from) => {
    await mapping('SO', from);
    await syncRows(database, withFields({ Region__c: 'north' }));
    expect(await found()).toEqual(['Account Account.Region__c']);
  });

  test('finds it where only the template of another entity reads it', async () => {
    await recordTenant(database, 'other', 'other');
    await mapping('SO', 'Account.Region__c', {}, 'other');
    await syncRows(database, withFields({ Region__c: 'north' }));
    expect(await found()).toEqual(['Account Account.Region__c']);
  });

  test('passes over objects that no template can reach, and rows that Billing deleted', async () => {
    await syncRows(database, {
      ...sample,
      Order: [{ Id: 'order', Region__c: 'north', UpdatedDate: '2024-01-05T10:00:00Z' }],
      ...changedRow('Product', 'prod', { Region__c: 'north', Deleted: 'true' }),
    });
    expect(await found()).toEqual([]);
  });
});
