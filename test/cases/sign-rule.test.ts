import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { PREDEFINED_RULES } from '../../src/domain/validation/rules/predefined-rules.ts';
import { tenantOf } from '../support/charge-stories.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { collectOrg, syncRows } from '../support/sync-rows.ts';
import { caseFile, casesOf } from './read-cases.ts';

const FILE = caseFile();

const AMOUNT = z.string().regex(/^-?\d+(\.\d+)?$/);

const CASES = casesOf(
  FILE,
  'rule:sign_rule',
  z.object({ soExtSellPrice: AMOUNT, invoiceAmount: AMOUNT }),
  z.object({ accepted: z.boolean(), error: z.string().nullish() }),
);

describe.skipIf(CASES.length === 0)('Data Collection takes an invoice of the sign of its booking', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const judged = async (booked: string, amount: string) => {
    const rows = tenantOf([
      { id: 'charge', versions: [{ booked }], billings: [{ id: 'item', kind: 'invoice', amount }] },
    ]);
    await syncRows(database, rows, { entity: org, org, settlement: true });
    const { collected } = await collectOrg(database, org);
    const { rows: holds } = await sql<{ line: string; limitation: string }>`
      select line, limitation from staging.hold where org = ${org}`.execute(database.db);
    const [stopped] = holds.filter(({ line }) => line === 'INV:item');
    const rule = PREDEFINED_RULES.find(({ id }) => id === stopped?.limitation);
    return { accepted: collected === '2', error: rule?.code ?? null };
  };

  test.each(CASES)('%s: %o is %o', async (_id, { soExtSellPrice, invoiceAmount }, { accepted, error }) => {
    expect(await judged(soExtSellPrice, invoiceAmount)).toEqual({ accepted, error: error ?? null });
  });

  test('and the same amounts of equal signs go through', async () => {
    for (const [, { soExtSellPrice, invoiceAmount }] of CASES) {
      const turned = invoiceAmount.startsWith('-') ? invoiceAmount.slice(1) : `-${invoiceAmount}`;
      org = `${org}x`;
      expect(await judged(soExtSellPrice, turned)).toEqual({ accepted: true, error: null });
    }
  });
});
