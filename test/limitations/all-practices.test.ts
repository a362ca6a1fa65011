import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { PRACTICES } from '../../src/limitations/all-practices.ts';
import { listFindings } from '../../src/store/list-findings.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { foundInBilling } from '../support/limitation-tenant.ts';
import { generatedRows } from '../support/generated-rows.ts';
import { syncRows } from '../support/sync-rows.ts';

const reported = PRACTICES.filter(({ finding }) => finding !== null);

describe('practices', () => {
  let database: TestDatabase;
  beforeEach(async () => void (database = await openTestDatabase()));
  afterEach(() => database.close());

  test.each(['items=1500,seed=1', 'items=1500,seed=2,currencies=USD,EUR,JPY'])(
    'are kept by a tenant of which nothing is wrong, also when everything comes again: %s',
    async (spec) => {
      const rows = generatedRows(spec);
      await syncRows(database, rows);
      const again = Object.entries(rows).map(([object, list]) => [
        object,
        list.map((row) => ('UpdatedDate' in row ? { ...row, UpdatedDate: '2030-01-01T00:00:00Z' } : row)),
      ]);
      await syncRows(database, Object.fromEntries(again));
      for (const practice of [...reported, ...PRACTICES.filter(({ id }) => id === 'deleted-in-billing')]) {
        expect(await foundInBilling(database.db, practice), practice.id).toEqual([]);
      }
      expect(await listFindings(database.db, {})).toEqual([]);
    },
  );

  test('that Billing breaks without a word are reported by each sync', () => {
    expect(reported.map(({ id }) => id)).toEqual([
      'bill-cycle-day-changed',
      'unposted-document',
      'discount-on-billed-period',
    ]);
  });
});
