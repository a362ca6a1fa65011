import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { TRIPS } from '../../src/billing/sandbox/generate/trips.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { generatedRows } from '../support/generated-rows.ts';
import { collectOrg, type Rows, syncRows } from '../support/sync-rows.ts';
import {
  plainRows,
  practicesThatFind,
  renamedCustomer,
  rulesThatFind,
  rulesTrippedBy,
  sameVersionAgain,
} from '../support/tripped-tenants.ts';

const NOTHING = { inBilling: [], inStaging: [] };

/**
 * Every rule over the tenant of every other: what is found is what was tripped, and what that cannot be without. Each
 * tenant is an entity and an organisation of its own beside the others, which a rule must not see.
 */
describe('a tenant that runs into one known limitation', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const sync = async (entity: string, rows: Rows, record = true): Promise<void> => {
    const { balance } = await syncRows(database, rows, { entity, org: entity, record });
    expect(balance.balanced).toBe(true);
  };
  const found = (entity: string) => rulesThatFind(database.db, entity);

  test.each(['off', 'on'])('none: no rule finds anything (Invoice Settlement %s)', async (settlement) => {
    const entity = `plain-${settlement}`;
    await sync(entity, generatedRows(`items=600,seed=2,plain=on,settlement=${settlement}`));
    expect(await found(entity)).toEqual(NOTHING);
    // Whatever is sold, nobody has mapped the tenant's custom fields yet.
    expect(await practicesThatFind(database.db, entity)).toEqual(['unmapped-custom-field']);
  });

  test.each(TRIPS)('%s: only its rule and what it implies find something', async (trip) => {
    await sync(trip, plainRows(trip));
    expect(await found(trip)).toEqual(rulesTrippedBy(trip));
    expect(rulesTrippedBy(trip).inBilling).toContain(trip);
  });

  test('all of them: every rule finds what it is about', async () => {
    await sync('all', generatedRows(`items=200,seed=3,plain=on,trip=${TRIPS.join(',')}`));
    expect((await found('all')).inBilling).toEqual(TRIPS);
  });

  test('standalone-billing-transactions, with memos: only its rule finds something', async () => {
    await sync('memos', plainRows('standalone-billing-transactions', ',settlement=on'));
    expect(await found('memos')).toEqual(rulesTrippedBy('standalone-billing-transactions'));
  });

  test.each([
    ['same-version-recollection', sameVersionAgain],
    ['custom-field-update', renamedCustomer],
  ] as const)('%s, by a change after a collection: only its rule finds something', async (id, change) => {
    const rows = plainRows();
    await sync(id, rows);
    await collectOrg(database, id);
    expect(await found(id)).toEqual(NOTHING);
    await sync(id, change(rows), false);
    expect(await found(id)).toEqual(rulesTrippedBy(id));
  });
});
