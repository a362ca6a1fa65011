import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { recordVersion } from '../../../src/store/contracts/record-version.ts';
import { amendedTenant } from '../../support/amended-tenant.ts';
import { contractsAfter, contractsOf } from '../../support/contract-story.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';

const year = { charge: 'a', from: '2024-01-01', to: '2025-01-01' } as const;

describe('recordVersion', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  test('makes the next version of a contract, by whom and why, and collections go on counting from it', async () => {
    const org = 'counted';
    const first = { version: 1, segments: [{ ...year, amount: '1.00' }] };
    const { 'S-1|1': contract } = await contractsAfter(database, org, amendedTenant([first]));
    const made = await recordVersion(database.db, {
      org,
      contract: contract?.id ?? '',
      cause: 'Hold applied',
      changes: [{ action: 'hold', fields: { hold: { was: null, is: 'revenue' } } }],
      by: 'ann',
    });
    expect(made).toBe(2);
    const second = { version: 2, segments: [{ ...year, amount: '2.00' }] };
    const { 'S-1|1': after } = await contractsAfter(database, org, amendedTenant([first, second]));
    expect(after?.version).toBe(3);
    expect(after?.versions.map(({ version, cause, by }) => [version, cause, by])).toEqual([
      [1, 'New contract', 'revsync'],
      [2, 'Hold applied', 'ann'],
      [3, 'Price change', 'revsync'],
    ]);
    expect(after?.versions[1]?.changes).toEqual([
      {
        action: 'hold',
        soLineId: null,
        line: null,
        was: null,
        amount: null,
        wasAmount: null,
        currency: null,
        orderAction: null,
        category: null,
        skipCtMod: null,
        fields: { hold: { was: null, is: 'revenue' } },
      },
    ]);
  });

  test('makes the first version of a contract that was made by hand', async () => {
    const org = 'counted';
    await database.db
      .insertInto('revenue.contract')
      .values({ org, id: 'RC-hand', key: 'by hand', origin: 'by-hand', term: 1, version: 1 })
      .execute();
    const made = await recordVersion(database.db, {
      org,
      contract: 'RC-hand',
      cause: 'Made by hand',
      changes: [{ action: 'create' }],
      by: 'ann',
    });
    expect(made).toBe(1);
    expect((await contractsOf(database, org))['by hand']).toMatchObject({ version: 1, origin: 'by-hand' });
  });

  test('is of a contract that there is', async () => {
    await expect(
      recordVersion(database.db, { org: 'counted', contract: 'RC-none', cause: 'x', changes: [], by: 'ann' }),
    ).rejects.toMatchObject({ code: 'INVARIANT_BROKEN' });
  });
});
