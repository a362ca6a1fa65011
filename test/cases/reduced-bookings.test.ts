import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { Decimal } from '../../src/domain/money/decimal.ts';
import { bookingsOf, systemCreditsOf } from '../support/billed-charges.ts';
import { type Billing, tenantOf } from '../support/charge-stories.ts';
import { contractAmounts } from '../support/contract-amounts.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { collectOrg, syncRows } from '../support/sync-rows.ts';
import { caseFile, casesOf } from './read-cases.ts';

const FILE = caseFile();

const AMOUNT = z.string().regex(/^-?\d+(\.\d+)?$/);
const figures = <Name extends string>(...names: readonly Name[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, AMOUNT])) as Record<Name, typeof AMOUNT>);

const REDUCED_AND_CREDITED = casesOf(
  FILE,
  'formulas',
  figures('so', 'inv', 'rord', 'cmro'),
  figures('netSell', 'contra', 'contraAfterCredit').extend({ contractLiability: AMOUNT.optional() }),
  ['C08', 'C09'],
);
const REDUCED = casesOf(FILE, 'formulas', figures('billed', 'reduction'), figures('netSellPrice', 'contra'), [
  'M21',
]);
const CONCESSION = casesOf(FILE, 'formulas', figures('price', 'concession'), figures('newPrice'), ['C06']);

const plus = (amount: string, change: string) => new Decimal(amount).plus(change).toFixed();

/** What revenue recognition makes of these cases is not among what is asked here. */
describe('figures of bookings that are reduced after they were billed', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const collect = async (booked: readonly string[], ...billings: Billing[]) => {
    const versions = booked.map((amount) => ({ booked: amount }));
    await syncRows(database, tenantOf([{ id: 'charge', versions, billings }]), {
      entity: org,
      org,
      settlement: true,
    });
    await collectOrg(database, org);
    const [contract] = await contractAmounts(database, org);
    const [booking] = await bookingsOf(database, org);
    if (contract === undefined || booking === undefined) throw new Error('nothing was collected');
    const credits = await systemCreditsOf(database, org);
    const system = credits.reduce((sum, { amount }) => sum.plus(amount), new Decimal(0));
    return {
      bookings: contract.bookings,
      billings: contract.billings,
      price: new Decimal(contract.bookings).minus(booking.conceded).toFixed(2),
      /** What is billed beyond the price stands against it as a credit of the system. */
      contra: system.isZero() ? '0.00' : system.negated().toFixed(2),
    };
  };
  const invoice = (amount: string): Billing => ({ id: 'invoice', kind: 'invoice', amount });
  const credit = (amount: string): Billing => ({
    id: 'credit',
    kind: 'credit',
    amount: new Decimal(amount).abs().toFixed(),
    version: 2,
    date: '2024-01-20',
  });

  describe.skipIf(REDUCED_AND_CREDITED.length === 0)('a reduction, and the credit that settles it', () => {
    test.each(REDUCED_AND_CREDITED)('%s', async (_id, { so, inv, rord, cmro }, expected) => {
      await collect([so], invoice(inv));
      const booked = [so, plus(so, rord)];
      const reduced = await collect(booked, invoice(inv));
      const settled = await collect(booked, invoice(inv), credit(cmro));
      expect({
        netSell: reduced.bookings,
        contra: reduced.contra,
        contraAfterCredit: settled.contra,
        ...(expected.contractLiability === undefined ? {} : { contractLiability: settled.billings }),
      }).toEqual(expected);
      expect(settled).toMatchObject({ bookings: expected.netSell, price: expected.netSell });
    });
  });

  describe.skipIf(REDUCED.length === 0)('a reduction that Billing does not credit', () => {
    test.each(REDUCED)('%s', async (_id, { billed, reduction }, expected) => {
      await collect([billed], invoice(billed));
      const reduced = await collect([billed, plus(billed, reduction)], invoice(billed));
      expect(reduced).toMatchObject({ bookings: expected.netSellPrice, contra: expected.contra });
    });
  });

  describe.skipIf(CONCESSION.length === 0)('a concession on the price of what was billed as booked', () => {
    test.each(CONCESSION)('%s', async (_id, { price, concession }, { newPrice }) => {
      const conceded = await collect([price], invoice(price), {
        id: 'credit',
        kind: 'credit of invoice',
        amount: concession,
        of: 'invoice',
        date: '2024-01-20',
      });
      expect(conceded).toMatchObject({ price: newPrice, contra: '0.00' });
      expect(conceded.bookings, 'the booking itself stays').toBe(new Decimal(price).toFixed(2));
    });
  });
});
