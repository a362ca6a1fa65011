import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { invariant } from '../../../src/domain/errors.ts';
import { digest } from '../../../src/store/digest.ts';
import { dryRun, trialRun } from '../../../src/store/dry-run/dry-run.ts';
import { defaultTemplates } from '../../../src/store/templates.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { changedTemplate, notKept, rowsWith } from '../../support/dry-runs.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { collectOrg, syncRows } from '../../support/sync-rows.ts';

const REGION = { from: 'RatePlanCharge.Region__c', to: 'ATR1', type: 'Character' } as const;

describe('the lines that a template forms by itself', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  test('are counted with what holds them, and shown with the fullest first', async () => {
    const regional = withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', { Region__c: 'EMEA' });
    const [item = {}, ...items] = regional['InvoiceItem'] ?? [];
    const bare = { ...item, Id: 'a-bare', RatePlanChargeId: null, SubscriptionId: null };
    const undated = { ...item, Id: 'undated', ServiceStartDate: null, ServiceEndDate: null };
    const tenant = { ...regional, InvoiceItem: [item, ...items, bare, undated] };
    await syncRows(database, tenant, { entity: 'demo', org: 'demo' });
    const before = (await defaultTemplates(database.db, 'demo')).find(({ body }) => body.type === 'INV');
    invariant(before !== undefined, 'no default of INV');
    const after = notKept(changedTemplate('INV', 'demo', { rows: rowsWith('INV', REGION) }));
    const request = { entity: 'demo', org: 'demo', before, after, samples: 2 };
    const untouched = await digest(database.db);

    const { compared, formed } = await trialRun(database.db, request, ['Ext Sell Price', 'ATR1']);
    expect(formed).toEqual({
      // The item without a charge makes its own booking, and neither line has an accounting code.
      lines: '5',
      withheld: '3',
      holds: [
        { limitation: 'missing-accounting-code', lines: '2' },
        { limitation: 'missing-revenue-start-date', lines: '1' },
      ],
      samples: ['INV:item1', 'INV:item2'].map((line) => ({
        line,
        fields: [
          { label: 'Ext Sell Price', value: '100.00' },
          { label: 'ATR1', value: 'EMEA' },
        ],
      })),
    });
    expect(compared).toEqual(await dryRun(database.db, request));
    expect(await digest(database.db)).toEqual(untouched);
  });

  test('are those of collected rows, too, which count as they would be formed by both templates', async () => {
    const entity = 'live';
    const regional = withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', { Region__c: 'EMEA' });
    await syncRows(database, regional, { entity, org: entity });
    await collectOrg(database, entity);
    const [item = {}] = regional['InvoiceItem'] ?? [];
    const later = { ...item, Id: 'item9', UpdatedDate: '2024-01-25T00:00:00Z' };
    await syncRows(database, { InvoiceItem: [later] }, { entity, org: entity });
    const trialOf = async (type: 'SO' | 'INV') => {
      const before = (await defaultTemplates(database.db, entity)).find(({ body }) => body.type === type);
      invariant(before !== undefined, `no default of ${type}`);
      const after = notKept(changedTemplate(type, entity, { rows: rowsWith(type, REGION) }));
      return trialRun(database.db, { entity, org: entity, before, after, samples: 1 }, ['ATR1']);
    };
    const untouched = await digest(database.db);

    const bookings = await trialOf('SO');
    expect(bookings.restated).toEqual({ lines: '1', unlike: '0', changed: [{ label: 'ATR1', lines: '1' }] });
    expect(bookings.formed).toMatchObject({
      lines: '1',
      withheld: '0',
      samples: [{ line: 'SO:orig.1@1', fields: [{ label: 'ATR1', value: 'EMEA' }] }],
    });
    const billings = await trialOf('INV');
    expect(billings.restated).toEqual({ lines: '2', unlike: '0', changed: [{ label: 'ATR1', lines: '2' }] });
    expect(billings.formed.lines).toBe('3');
    expect(billings.compared.fields).toMatchObject([{ label: 'ATR1', lines: '1' }]);
    expect(await digest(database.db)).toEqual(untouched);
  });

  test('differ by the templates alone, not by what came since the collection', async () => {
    const entity = 'renamed';
    await syncRows(database, sampleTenant(), { entity, org: entity });
    await collectOrg(database, entity);
    const [charge = {}] = sampleTenant()['RatePlanCharge'] ?? [];
    const later = { ...charge, Name: 'Another name', UpdatedDate: '2024-01-25T00:00:00Z' };
    await syncRows(database, { RatePlanCharge: [later] }, { entity, org: entity });
    const before = (await defaultTemplates(database.db, entity)).find(({ body }) => body.type === 'SO');
    invariant(before !== undefined, 'no default of SO');
    const after = notKept(changedTemplate('SO', entity));
    const trial = await trialRun(database.db, { entity, org: entity, before, after, samples: 1 }, []);
    expect(trial.restated).toEqual({ lines: '1', unlike: '0', changed: [] });
    const none = notKept(changedTemplate('SO', entity, { filter: "Account.Currency = 'EUR'" }));
    const other = await trialRun(database.db, { entity, org: entity, before, after: none, samples: 1 }, []);
    expect(other.restated).toEqual({ lines: '0', unlike: '1', changed: [] });
  });
});
