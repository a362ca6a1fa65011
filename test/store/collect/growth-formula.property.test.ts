import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { growthOf } from '../../../src/domain/growth/growth.ts';
import { Decimal } from '../../../src/domain/money/decimal.ts';
import { growthFormula } from '../../../src/store/collect/growth-formula.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';

/** Small amounts meet and cancel each other; tiny and huge ones show what is not exact. */
const AMOUNT = fc.oneof(
  fc.integer({ min: -3, max: 3 }).map(String),
  fc.constantFrom('0', '0.01', '-0.01', '99999999999999.999', '-1200', '1150', '50'),
);
const BILLED = fc.record({
  booked: AMOUNT,
  invoiceDriven: fc.boolean(),
  invoicedBefore: AMOUNT,
  invoicedSince: AMOUNT,
  credited: AMOUNT,
  reversed: AMOUNT,
});

describe('growthFormula', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  test('is growthOf in SQL, to the last digit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(BILLED, { minLength: 100, maxLength: 200 }),
        fc.boolean(),
        async (cases, allow) => {
          const rows = cases.map(
            (
              each,
              index,
            ) => sql`(${String(index)}::integer, ${each.booked}::numeric, ${each.invoiceDriven}::boolean,
              ${each.invoicedBefore}::numeric, ${each.invoicedSince}::numeric, ${each.credited}::numeric, ${each.reversed}::numeric)`,
          );
          const billed = sql`select * from (values ${sql.join(rows)}) as v
            (so_line_id, booked, invoice_driven, invoiced_before, invoiced_since, credited, reversed)`;
          const { rows: found } = await sql<Record<string, string>>`
            select lifted::text as lifted, conceded::text as conceded, system_credit::text as "systemCredit",
              system_return::text as "systemReturn"
            from (${growthFormula(billed, allow)}) as g order by so_line_id`.execute(database.db);
          expect(found).toEqual(cases.map((each) => texts(each, allow)));
        },
      ),
      { seed: 20_240_229, numRuns: 20 },
    );
  });
});

function texts({ invoiceDriven, ...amounts }: Record<string, string | boolean>, allow: boolean) {
  const of = (key: string) => new Decimal(String(amounts[key]));
  const growth = growthOf(
    {
      booked: of('booked'),
      invoiceDriven: invoiceDriven === true,
      invoicedBefore: of('invoicedBefore'),
      invoicedSince: of('invoicedSince'),
      credited: of('credited'),
      reversed: of('reversed'),
    },
    allow,
  );
  const plain = (amount: Decimal) => (amount.isZero() ? '0' : amount.toFixed());
  return {
    lifted: plain(growth.lifted),
    conceded: plain(growth.conceded),
    systemCredit: plain(growth.systemCredit),
    systemReturn: plain(growth.systemReturn),
  };
}
