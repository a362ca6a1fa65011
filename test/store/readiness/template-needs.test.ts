import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readTemplateUse } from '../../../src/store/readiness/template-needs.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { memo } from '../../support/rich-tenant.ts';
import { sampleTenant } from '../../support/sample-tenant.ts';
import { syncRows } from '../../support/sync-rows.ts';

describe('readTemplateUse', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  test('before anything is here, the pre-configured templates are the ones that a sync will make', async () => {
    const { needs, templates } = await readTemplateUse(database.db, ['demo']);
    expect(
      needs.every(({ needed, template }) => !needed && template?.endsWith('made by the first sync') === true),
    ).toBe(true);
    expect(templates.get('demo')).toHaveLength(5);
  });

  test('of an object that was not read nobody can tell how many rows there are, or whether lines are needed', async () => {
    const { needs } = await readTemplateUse(
      database.db,
      ['demo', 'other'],
      (entity, object) => entity === 'demo' && object === 'InvoiceItemAdjustment',
    );
    const adjustments = needs.filter(({ type }) => type === 'IIA');
    expect(adjustments).toMatchObject([
      { entity: 'demo', rows: null, needed: null },
      { entity: 'other', rows: '0', needed: false },
    ]);
    expect(needs.filter(({ rows }) => rows === null)).toHaveLength(1);
  });

  test('counts the rows that become lines of each type; what Billing deleted does not', async () => {
    const { CreditMemoItem: [item = {}] = [], ...rest } = memo('CreditMemo');
    const items = [item, { ...item, Id: 'gone', Deleted: 'true' }];
    await syncRows(database, { ...sampleTenant(), ...rest, CreditMemoItem: items });
    const { needs } = await readTemplateUse(database.db, ['demo', 'other']);
    const needed = needs
      .filter((each) => each.needed)
      .map(({ entity, type, rows }) => `${entity} ${type} ${rows}`);
    expect(needed).toEqual(['demo SO 1', 'demo INV 2', 'demo CM 1']);
    expect(needs.find(({ type }) => type === 'CM')?.template).toMatch(/, version 1$/);
  });
});
