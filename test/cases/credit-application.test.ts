import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { Decimal } from '../../src/domain/money/decimal.ts';
import { applicationsOf } from '../support/billed-charges.ts';
import { tenantOf } from '../support/charge-stories.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { collectOrg, syncRows } from '../support/sync-rows.ts';
import { caseFile, casesOf } from './read-cases.ts';

const FILE = caseFile();

const AMOUNT = z.string().regex(/^-?\d+(\.\d+)?$/);

const CASES = casesOf(
  FILE,
  'rule:cm_lifo',
  z.object({ creditMemo: AMOUNT, invoices: z.array(z.object({ id: z.string(), amount: AMOUNT })) }),
  z.object({ remaining: z.record(z.string(), AMOUNT), unapplied: AMOUNT }),
);

describe.skipIf(CASES.length === 0)('a credit without an invoice consumes the latest invoice first', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  test.each(CASES)('%s: %o leaves %o', async (_id, { creditMemo, invoices }, expected) => {
    const booked = invoices.reduce((sum, { amount }) => sum.plus(amount), new Decimal(0));
    const credit = new Decimal(creditMemo).abs();
    await syncRows(
      database,
      tenantOf([
        {
          id: 'charge',
          versions: [{ booked: booked.toFixed() }],
          billings: [
            ...invoices.map(({ id, amount }, index) => ({
              id,
              amount,
              kind: 'invoice' as const,
              date: `2024-01-${String(index + 1).padStart(2, '0')}`,
            })),
            { id: 'credit', kind: 'credit', amount: credit.toFixed(), date: '2024-02-01' },
          ],
        },
      ]),
      { entity: org, org },
    );
    await collectOrg(database, org);

    const applied = await applicationsOf(database, org);
    const takenFrom = (id: string) =>
      applied
        .filter(({ invoice }) => invoice === `INV:${id}`)
        .reduce((sum, { amount }) => sum.plus(amount), new Decimal(0));
    const remaining = invoices.map(({ id, amount }) => [
      id,
      new Decimal(amount).minus(takenFrom(id)).toFixed(2),
    ]);
    const taken = applied.reduce((sum, { amount }) => sum.plus(amount), new Decimal(0));
    expect({
      remaining: Object.fromEntries(remaining) as unknown,
      unapplied: credit.minus(taken).toFixed(2),
    }).toEqual(expected);
  });
});
