import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { Decimal } from '../../src/domain/money/decimal.ts';
import { amendedTenant, billedRows, type SegmentOf } from '../support/amended-tenant.ts';
import { bookedOf, contractsAfter } from '../support/contract-story.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { caseFile, casesOf } from './read-cases.ts';

const FILE = caseFile();

const NUMBER = z.string().regex(/^-?\d+(\.\d+)?$/);
const figures = <Name extends string>(...names: readonly Name[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, NUMBER])) as Record<Name, typeof NUMBER>);

const PRICE_RISE = casesOf(
  FILE,
  'formulas',
  figures('old', 'new', 'm1', 'm2'),
  figures('before', 'segment1', 'segment2', 'delta'),
  ['M06'],
);
const ADD_AND_RENEW = casesOf(
  FILE,
  'formulas',
  figures('s1', 's2', 's3', 'productB', 'renewPrice', 'qty', 'months'),
  figures('contractBooked', 'renewalBooked'),
  ['M08'],
);
const DOWNSELL = casesOf(
  FILE,
  'formulas',
  figures('billed', 'q2', 'q', 'm1', 'm2'),
  figures('segment1', 'segment2', 'systemCreditSegment1'),
  ['M10'],
);

const number = (text: string) => new Decimal(text);
/** First day of the month so many months after January 2024. */
const month = (after: Decimal): string =>
  new Date(Date.UTC(2024, after.toNumber(), 1)).toISOString().slice(0, 10);

describe('figures of contracts whose subscriptions were amended', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const oneYear = (charge: string, amount: Decimal, more: Partial<SegmentOf> = {}): SegmentOf => ({
    charge,
    from: '2024-01-01',
    to: '2025-01-01',
    amount: amount.toFixed(2),
    ...more,
  });

  describe.skipIf(PRICE_RISE.length === 0)('a price rise within the term', () => {
    test.each(PRICE_RISE)('%s', async (id, given, expected) => {
      const old = number(given.old);
      const dear = number(given.new);
      const [m1, m2] = [number(given.m1), number(given.m2)];
      const first = oneYear('fee', old.times(m1.plus(m2)), { to: month(m1.plus(m2)) });
      const versions = [
        { version: 1, segments: [first] },
        {
          version: 2,
          segments: [
            oneYear('fee', old.times(m1), { to: month(m1) }),
            oneYear('fee', dear.times(m2), { segment: 2, from: month(m1), to: month(m1.plus(m2)) }),
          ],
        },
      ];
      const before = await contractsAfter(database, id, amendedTenant(versions.slice(0, 1)));
      expect(before['S-1|1']?.bookings).toBe(expected.before);

      const { 'S-1|1': contract } = await contractsAfter(database, id, amendedTenant(versions));
      expect(contract && bookedOf(contract)).toEqual({
        'Fee fee': { 'fee.1': expected.segment1, 'fee.2': expected.segment2 },
      });
      expect(
        number(contract?.bookings ?? '0')
          .minus(expected.before)
          .toFixed(2),
      ).toBe(expected.delta);
    });
  });

  describe.skipIf(ADD_AND_RENEW.length === 0)('a product that is added, and a renewal', () => {
    test.each(ADD_AND_RENEW)('%s', async (id, given, expected) => {
      const term: SegmentOf[] = [
        oneYear('a', number(given.s1), { to: '2024-07-01' }),
        oneYear('a', number(given.s2), { segment: 2, from: '2024-07-01', to: '2024-10-01' }),
        oneYear('a', number(given.s3), { segment: 3, from: '2024-10-01', quantity: given.qty }),
        oneYear('b', number(given.productB), { to: '2024-01-02', with: { ChargeType: 'OneTime' } }),
      ];
      const renewed = oneYear('a', number(given.renewPrice).times(given.qty).times(given.months), {
        segment: 4,
        from: '2025-01-01',
        to: '2026-01-01',
        quantity: given.qty,
      });
      const next = {
        TermStartDate: '2025-01-01',
        TermEndDate: '2026-01-01',
        SubscriptionEndDate: '2026-01-01',
      };
      const contracts = await contractsAfter(
        database,
        id,
        amendedTenant([{ version: 1, segments: term }]),
        amendedTenant([
          { version: 1, segments: term },
          { version: 2, segments: [...term, renewed], with: next },
        ]),
      );
      expect(contracts).toMatchObject({
        'S-1|1': { bookings: expected.contractBooked, obligations: 2 },
        'S-1|2': { bookings: expected.renewalBooked, obligations: 1 },
      });
    });
  });

  describe.skipIf(DOWNSELL.length === 0)('a downsell below what is billed', () => {
    test.each(DOWNSELL)('%s', async (id, given, expected) => {
      const billed = number(given.billed);
      const [q, q2] = [number(given.q), number(given.q2)];
      const [m1, m2] = [number(given.m1), number(given.m2)];
      const first = { version: 1, segments: [oneYear('fee', billed, { quantity: given.q })] };
      const second = {
        version: 2,
        segments: [
          oneYear('fee', billed.times(m1).div(12), { to: month(m1), quantity: given.q }),
          oneYear('fee', billed.div(q).times(q2).times(m2).div(12), {
            segment: 2,
            from: month(m1),
            quantity: given.q2,
          }),
        ],
      };
      const { 'S-1|1': contract } = await contractsAfter(
        database,
        id,
        {
          ...amendedTenant([first]),
          ...billedRows(
            { charge: 'fee', version: 1 },
            { id: 'item', amount: billed.toFixed(2), from: '2024-01-01', to: '2025-01-01' },
          ),
        },
        amendedTenant([first, second]),
      );
      expect(contract && bookedOf(contract)).toEqual({
        'Fee fee': { 'fee.1': expected.segment1, 'fee.2': expected.segment2 },
      });
      const system = contract?.lineItems.filter((line) => line.system);
      expect(system?.map(({ type, soLineId, amount }) => [type, soLineId, amount])).toEqual([
        ['CM-C', 'fee.1', expected.systemCreditSegment1],
      ]);
      expect(contract?.billings).toBe(billed.toFixed(2));
    });
  });
});
