import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { Decimal } from '../../src/domain/money/decimal.ts';
import { bookingsOf, systemCreditsOf } from '../support/billed-charges.ts';
import { type Story, tenantOf } from '../support/charge-stories.ts';
import { contractAmounts } from '../support/contract-amounts.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { collectOrg, syncRows } from '../support/sync-rows.ts';
import { caseFile, casesOf } from './read-cases.ts';

const FILE = caseFile();

const AMOUNT = z.string().regex(/^-?\d+(\.\d+)?$/);

const [CONCESSION, OVERSTATED, LOWERED, USAGE] = [
  casesOf(
    FILE,
    'formulas',
    z.object({ so: AMOUNT, soUpdate: AMOUNT, inv: AMOUNT, cm: AMOUNT }),
    z.object({ billed: AMOUNT, revenue: AMOUNT, updateImpact: AMOUNT }),
    ['C01'],
  ),
  casesOf(
    FILE,
    'formulas',
    z.object({ contract: AMOUNT, invoice: AMOUNT, credit: AMOUNT }),
    z.object({ afterInvoice: AMOUNT, afterCredit: AMOUNT }),
    ['C04'],
  ),
  casesOf(
    FILE,
    'formulas',
    z.object({ billed: AMOUNT, q2: AMOUNT, q: AMOUNT, m1: AMOUNT, m2: AMOUNT }),
    z.object({ segment1: AMOUNT, segment2: AMOUNT, systemCreditSegment1: AMOUNT }),
    ['M10'],
  ),
  casesOf(
    FILE,
    'formulas',
    z.object({ booked: AMOUNT, invoice: AMOUNT }),
    z.object({ contractValue: AMOUNT }),
    ['U01'],
  ),
];

const cents = (amount: string) => new Decimal(amount).toFixed(2);
const positive = (amount: string) => new Decimal(amount).abs().toFixed();

describe('worked formulas of bookings and billings', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const collect = async (story: Omit<Story, 'id'>) => {
    await syncRows(database, tenantOf([{ id: 'charge', ...story }]), { entity: org, org, settlement: true });
    await collectOrg(database, org);
    const [contract] = await contractAmounts(database, org);
    const [booking] = await bookingsOf(database, org);
    if (contract === undefined || booking === undefined) throw new Error('nothing was collected');
    const { bookings, billings } = contract;
    const price = new Decimal(bookings).minus(booking.conceded).toFixed(2);
    return { booked: cents(booking.amount), bookings, billings, price };
  };

  describe.skipIf(CONCESSION.length === 0)('a credit memo on what was invoiced as booked', () => {
    test.each(CONCESSION)('%s', async (_id, { so, soUpdate, inv, cm }, expected) => {
      const before = await collect({ versions: [{ booked: so }] });
      const versions = [{ booked: so }, { booked: soUpdate }];
      const after = await collect({
        versions,
        billings: [
          { id: 'invoice', kind: 'invoice', amount: inv, version: 2 },
          {
            id: 'credit',
            kind: 'credit',
            amount: positive(cm),
            version: 2,
            of: 'invoice',
            date: '2024-01-20',
          },
        ],
      });
      expect({
        billed: after.billings,
        revenue: after.price,
        updateImpact: new Decimal(after.bookings).minus(before.bookings).toFixed(2),
      }).toEqual(expected);
    });
  });

  describe.skipIf(OVERSTATED.length === 0)(
    'an overstated invoice, taken back by a credit of the charge',
    () => {
      test.each(OVERSTATED)('%s', async (_id, { contract, invoice, credit }, expected) => {
        const versions = [{ booked: contract }];
        const billings = [{ id: 'invoice', kind: 'invoice', amount: invoice }] as const;
        expect(await collect({ versions, billings })).toMatchObject({
          bookings: expected.afterInvoice,
          billings: cents(invoice),
          price: expected.afterInvoice,
        });
        const memo = { id: 'credit', kind: 'credit', amount: positive(credit), date: '2024-01-20' } as const;
        expect(await collect({ versions, billings: [...billings, memo] })).toMatchObject({
          billings: new Decimal(invoice).plus(credit).toFixed(2),
          price: expected.afterCredit,
        });
        expect(await systemCreditsOf(database, org)).toEqual([]);
      });
    },
  );

  describe.skipIf(LOWERED.length === 0)('a booking lowered below what was invoiced', () => {
    test.each(LOWERED)('%s', async (_id, { billed }, expected) => {
      const invoice = { id: 'invoice', kind: 'invoice', amount: billed } as const;
      await collect({ versions: [{ booked: billed }], billings: [invoice] });
      const lowered = await collect({
        versions: [{ booked: billed }, { booked: expected.segment1, ends: '2024-03-01' }],
        billings: [invoice],
      });
      expect(lowered).toMatchObject({ bookings: expected.segment1, billings: cents(billed) });
      const [credit, ...others] = await systemCreditsOf(database, org);
      expect(credit).toMatchObject({ booking: 'charge.1', type: 'CM-C', cause: 'booked-below-invoiced' });
      expect(cents(credit?.amount ?? '0')).toBe(expected.systemCreditSegment1);
      expect(others).toEqual([]);
    });
  });

  describe.skipIf(USAGE.length === 0)('usage that is booked at zero', () => {
    test.each(USAGE)('%s', async (_id, { booked, invoice }, { contractValue }) => {
      const usage = { ChargeType: 'Usage' };
      const billings = [{ id: 'invoice', kind: 'invoice', amount: invoice }] as const;
      const lifted = await collect({ versions: [{ booked }], billings, charge: usage });
      expect(lifted).toMatchObject({ booked: '0.00', bookings: contractValue, price: contractValue });
      const amended = await collect({
        versions: [{ booked }, { booked, ends: '2024-02-01' }],
        billings,
        charge: usage,
      });
      expect(amended, 'the old segment keeps it').toMatchObject({ bookings: contractValue });
    });
  });
});
