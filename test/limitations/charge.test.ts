import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { SEEDED_TEMPLATES } from '../../src/domain/mapping/seeded/seeded-templates.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { keptDefault } from '../support/kept-templates.ts';
import { lineReader } from '../support/line-reader.ts';
import { sampleTenant, withChanged } from '../support/sample-tenant.ts';
import { recordTenant, syncRows } from '../support/sync-rows.ts';

describe('the quantity of a line', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  test.each([
    ['SO', 'SO:orig.1@1'],
    ['INV', 'INV:item1'],
  ] as const)('of %s is what the template maps', async (type, id) => {
    await recordTenant(database, type, type);
    const [seeded] = SEEDED_TEMPLATES.filter((template) => template.type === type);
    if (seeded === undefined) throw new Error(`no seeded template of ${type}`);
    const rows = seeded.rows.map((row) =>
      row.to === 'Ordered Qty' ? { ...row, from: 'RatePlanCharge.Seats__c' } : row,
    );
    await keptDefault(database.db, { ...seeded, name: `${type} by seats`, entity: type, rows });
    const tenant = withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', { Seats__c: '7' });
    await syncRows(database, tenant, { entity: type, org: type });
    expect(await lineReader(database).line(type, id)).toMatchObject({ ordered_qty: '7' });
  });
});
