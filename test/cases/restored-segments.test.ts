import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { Decimal } from '../../src/domain/money/decimal.ts';
import { amendedTenant, type SegmentOf, type VersionOf } from '../support/amended-tenant.ts';
import { bookedOf, contractsAfter } from '../support/contract-story.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { caseFile, casesOf } from './read-cases.ts';

const FILE = caseFile();

const NUMBER = z.string().regex(/^-?\d+(\.\d+)?$/);
const figures = <Name extends string>(...names: readonly Name[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, NUMBER])) as Record<Name, typeof NUMBER>);

const CANCELLATION_TAKEN_BACK = casesOf(
  FILE,
  'formulas',
  figures('v1', 'months', 'cancelMonths'),
  figures('v2', 'restored', 'delta'),
  ['M11'],
);
const SEGMENT_USED_AGAIN = casesOf(
  FILE,
  'formulas',
  figures('v1', 'c11', 'c12', 'c12b'),
  figures('afterFirst', 'afterDelete', 'afterSecond'),
  ['M13'],
);

/** Billing takes an order back by a version of the subscription that has the former figures again. */
describe('figures of contracts whose orders were taken back', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const year = (amount: string, more: Partial<SegmentOf> = {}): SegmentOf => ({
    charge: 'fee',
    from: '2024-01-01',
    to: '2025-01-01',
    amount,
    ...more,
  });
  /** The contract after each version of the subscription, every one synced and collected before the next. */
  const afterEach = async (org: string, versions: readonly VersionOf[]) => {
    const contracts = [];
    for (const count of versions.keys()) {
      const { 'S-1|1': contract } = await contractsAfter(
        database,
        org,
        amendedTenant(versions.slice(0, count + 1)),
      );
      if (contract === undefined) throw new Error('nothing was collected');
      contracts.push(contract);
    }
    return contracts;
  };

  describe.skipIf(CANCELLATION_TAKEN_BACK.length === 0)('a cancellation', () => {
    test.each(CANCELLATION_TAKEN_BACK)('%s', async (id, { v1, months, cancelMonths }, expected) => {
      const left = new Decimal(v1).times(cancelMonths).div(months).toFixed(2);
      const contracts = await afterEach(id, [
        { version: 1, segments: [year(v1)] },
        { version: 2, segments: [year(left, { to: '2024-12-01' })] },
        { version: 3, segments: [year(v1)] },
      ]);
      const [, cancelled, restored] = contracts.map(({ bookings }) => bookings);
      expect({
        v2: cancelled,
        restored,
        delta: new Decimal(restored ?? '0').minus(cancelled ?? '0').toFixed(2),
      }).toEqual(expected);
      expect(contracts.at(-1), 'in one contract and obligation').toMatchObject({
        version: 3,
        obligations: 1,
      });
    });
  });

  describe.skipIf(SEGMENT_USED_AGAIN.length === 0)('an update, which is made again at another price', () => {
    test.each(SEGMENT_USED_AGAIN)('%s', async (id, { v1, c11, c12, c12b }, expected) => {
      const half = (amount: string) => year(amount, { to: '2024-07-01' });
      const rest = (amount: string, to = '2025-01-01') =>
        year(amount, { segment: 2, from: '2024-07-01', to });
      const [, first, deleted, second] = await afterEach(id, [
        { version: 1, segments: [year(v1)] },
        { version: 2, segments: [half(c11), rest(c12)] },
        { version: 3, segments: [year(v1), rest('0', '2024-07-01')] },
        { version: 4, segments: [half(c11), rest(c12b)] },
      ]);
      expect({
        afterFirst: first?.bookings,
        afterDelete: deleted?.bookings,
        afterSecond: second?.bookings,
      }).toEqual(expected);
      expect(second && bookedOf(second), 'under the same SO line id').toEqual({
        'Fee fee': { 'fee.1': new Decimal(c11).toFixed(2), 'fee.2': new Decimal(c12b).toFixed(2) },
      });
    });
  });
});
