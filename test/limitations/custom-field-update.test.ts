import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { customFieldUpdate } from '../../src/limitations/custom-field-update.ts';
import { sameVersionRecollection } from '../../src/limitations/same-version-recollection.ts';
import { listFindings } from '../../src/store/list-findings.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { changedTemplate, rowsWith } from '../support/dry-runs.ts';
import { linesOf, recollected } from '../support/held-lines.ts';
import { keptDefault } from '../support/kept-templates.ts';
import { foundInStaging } from '../support/limitation-tenant.ts';
import { changedRow, sampleTenant } from '../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../support/sync-rows.ts';

const LINE = 'SO:orig.1@1';

describe('Custom field update', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity: org, org });
  const found = () => foundInStaging(database.db, customFieldUpdate, org);
  const subscription = (change: Readonly<Record<string, string>>, day = '06') =>
    changedRow('Subscription', 'sub1', { ...change, UpdatedDate: `2024-01-${day}T00:00:00Z` });
  /** The sample, with a custom field that a template reads and one that none does. */
  const staged = async () => {
    const region = { from: 'Subscription.Region__c', to: 'ATR1', type: 'Character' } as const;
    await keptDefault(database.db, changedTemplate('SO', org, { rows: rowsWith('SO', region) }));
    await sync({ ...sampleTenant(), ...subscription({ Region__c: 'north', Colour__c: 'red' }, '05') });
  };
  const collected = async () => {
    await staged();
    await collectOrg(database, org);
  };

  test('is reported of the collected line, with old and new value and its amount, and changes nothing', async () => {
    await collected();
    await sync(subscription({ Region__c: 'south', Colour__c: 'red' }));
    expect(await found()).toEqual([LINE]);
    expect(await listFindings(database.db, { org, open: true })).toMatchObject([
      {
        finding: customFieldUpdate.id,
        line: LINE,
        amount: '1200.00',
        currency: 'USD',
        message: expect.stringContaining('ATR1 (Subscription.Region__c) was north, is south'),
      },
    ]);
    expect(await linesOf(database, org).holds()).toEqual([]);
  });

  test.each([
    ['of a field that no template reads', { Region__c: 'north', Colour__c: 'blue' }],
    ['of nothing but the date', { Region__c: 'north', Colour__c: 'red' }],
  ])('%s is nothing', async (_what, change) => {
    await collected();
    await sync(subscription(change));
    expect(await found()).toEqual([]);
  });

  test('before the line is collected is taken over', async () => {
    await staged();
    await sync(subscription({ Region__c: 'south', Colour__c: 'red' }));
    expect(await found()).toEqual([]);
  });

  test('in a guarded field is a matter of the other limitation', async () => {
    await collected();
    await sync(recollected('2', '1800.00'));
    expect(await found()).toEqual([]);
    expect(await foundInStaging(database.db, sameVersionRecollection, org)).toHaveLength(1);
  });

  test('ends when the value is as before', async () => {
    await collected();
    await sync(subscription({ Region__c: 'south', Colour__c: 'red' }));
    await sync(subscription({ Region__c: 'north', Colour__c: 'red' }, '07'));
    expect(await found()).toEqual([]);
  });
});
