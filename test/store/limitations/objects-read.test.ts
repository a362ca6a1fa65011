import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { PRACTICES } from '../../../src/limitations/all-practices.ts';
import { LIMITATIONS } from '../../../src/limitations/all-limitations.ts';
import { objectsRead } from '../../../src/store/limitations/objects-read.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';

/**
 * What says how much is at stake and in which currency, or is joined and not looked at, or is there with Invoice
 * Settlement alone: a rule can do without it.
 */
const MEMOS = ['CreditMemo', 'CreditMemoItem', 'DebitMemo', 'DebitMemoItem'];
const REFINING = ['Account', 'Amendment', 'ChargeContractualValueAllCharges', ...MEMOS];

const RULES = [...LIMITATIONS, ...PRACTICES].flatMap(({ id, inBilling }) =>
  inBilling === null ? [] : [[id, inBilling] as const],
);

describe('objectsRead', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  test.each(RULES)('of %s are the objects it names, and beside them only what refines', (_id, footprint) => {
    const read = objectsRead(database.db, footprint);
    expect(footprint.objects.filter((object) => !read.includes(object))).toEqual([]);
    expect(read.filter((each) => !footprint.objects.includes(each) && !REFINING.includes(each))).toEqual([]);
  });

  test('include the product charge, whose flag ends what is found', () => {
    for (const id of ['overlapping-discounts', 'negative-one-time-charge']) {
      const footprint = new Map(RULES).get(id);
      expect(footprint && objectsRead(database.db, footprint)).toContain('ProductRatePlanCharge');
    }
  });
});
