import { Readable } from 'node:stream';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { loadCustomRecords } from '../../../src/store/load/custom-records.ts';
import { customFields, knownTenant } from '../../../src/store/templates/custom-fields.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { sampleTenant } from '../../support/sample-tenant.ts';
import { csvOf, syncRows } from '../../support/sync-rows.ts';

const PROJECTS = [
  { id: 'p1', updateddate: '2024-01-05T10:00:00Z', region__c: 'North' },
  { id: 'p2', updateddate: '2024-01-05T10:00:00Z', region__c: null },
];

describe('custom fields', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
    const [account, ...others] = sampleTenant()['Account'] ?? [];
    const gone = { ...account, Id: 'gone', Gone__c: 'x', Deleted: 'true' };
    const accounts = [{ ...account, Region__c: 'EMEA', Empty__c: null }, ...others, gone];
    await syncRows(
      database,
      { ...sampleTenant(), Account: accounts },
      {
        beside: ({ run, entity, org }) =>
          loadCustomRecords(database.pool, {
            run,
            entity,
            org,
            table: 'default__project__c',
            files: [{ id: 'projects', open: async () => Readable.from([Buffer.from(csvOf(PROJECTS))]) }],
            recordCount: '2',
            onBytes: () => undefined,
          }),
      },
    );
    await syncRows(
      database,
      { Account: [{ ...account, Id: 'other', Tier__c: 'gold' }] },
      {
        entity: 'north',
        org: 'north',
      },
    );
  });
  afterAll(() => database.close());

  test('are those that rows have, with how many do, of one entity or of all', async () => {
    const project = { object: 'default__project__c', field: 'region__c', filled: '1', rows: '2' };
    expect(await customFields(database.db, 'demo')).toEqual([
      { object: 'Account', field: 'Region__c', filled: '1', rows: '2' },
      project,
    ]);
    expect(await customFields(database.db)).toEqual([
      { object: 'Account', field: 'Region__c', filled: '1', rows: '3' },
      { object: 'Account', field: 'Tier__c', filled: '1', rows: '3' },
      project,
    ]);
  });

  test('are what templates are checked against, though not all that may exist', async () => {
    const { entities, customFields: known } = await knownTenant(database.db);
    expect(entities?.map(({ entity }) => entity)).toEqual(['demo', 'north']);
    expect(known?.get('Account')).toEqual({ names: new Set(['Region__c', 'Tier__c']), complete: false });
    expect(known?.get('Invoice')).toBeUndefined();
  });
});
