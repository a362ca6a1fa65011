import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { strikeBalance } from '../../../src/store/balance/strike-balance.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { changedRow, sampleTenant } from '../../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';

describe('recordReplacements', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(async () => {
    org = `org-${(orgs += 1)}`;
    await sync(sampleTenant());
    await collectOrg(database, org);
  });
  afterAll(() => database.close());

  const sync = (rows: Rows, complete = true) => syncRows(database, rows, { entity: org, org, complete });
  const [charge = {}] = sampleTenant()['RatePlanCharge'] ?? [];
  const again = { ...charge, Id: 'rpc1b', Deleted: null, UpdatedDate: '2024-01-20T00:00:00Z' };
  const price = changedRow('ChargeContractualValueAllCharges', 'ccv1', {
    Id: 'ccvb',
    RatePlanChargeId: 'rpc1b',
  });

  test('a charge made again as it was counts as staged: its line is the one collected', async () => {
    const rows = { RatePlanCharge: [{ ...charge, Deleted: 'true' }, again], ...price };
    const { run, balance } = await sync(rows, false);
    const charges = balance.rows.filter(({ object }) => object === 'RatePlanCharge');
    expect(
      charges.map(({ measure, extracted, staged, excluded }) => [measure, extracted, staged, excluded]),
    ).toEqual([
      ['count', '2', '1', '1'],
      ['amount', '2400', '1200', '1200'],
    ]);
    expect(balance.unequal).toEqual([]);
    expect(await strikeBalance(database.db, { run, entity: org, org })).toEqual(balance);
  });

  test('while the charge before it is still there, the row without a line shows in the balance', async () => {
    const { balance } = await sync({ RatePlanCharge: [again], ...price }, false);
    expect(balance.unequal).toEqual(['RatePlanCharge']);
  });
});
