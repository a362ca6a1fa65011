import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { typeBySigns } from '../../src/store/transform/credit-type.ts';
import { signsAgree } from '../../src/store/transform/signs.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { syncRows } from '../support/sync-rows.ts';
import { correctionTenant } from './correction-tenant.ts';
import { caseFile, casesOf } from './read-cases.ts';

const AMOUNT = z.string().regex(/^-?\d+(\.\d+)?$/);

const FILE = caseFile();

const TYPES = casesOf(
  FILE,
  'rule:typemap',
  z.object({
    object: z.enum(['credit-memo-bill-run', 'invoice-item-adjustment']),
    chargeModel: z.enum(['regular', 'discount-fixed', 'discount-percentage']),
    subscriptionType: z.enum(['termed', 'evergreen']),
    billed: AMOUNT,
    booked: AMOUNT,
  }),
  z.object({ type: z.enum(['INV', 'CM', 'CM-C']) }),
);

const SIGNS = casesOf(
  FILE,
  'rule:sign_rule',
  z.object({ soExtSellPrice: AMOUNT, invoiceAmount: AMOUNT }),
  z.object({ accepted: z.boolean(), error: z.string().nullish() }),
);

/** The booking of a percentage discount on a termed subscription takes money off, whatever it is written as. */
const canBeBooked = ({ chargeModel, subscriptionType, booked }: (typeof TYPES)[number][1]): boolean =>
  chargeModel !== 'discount-percentage' || subscriptionType === 'evergreen' || booked.startsWith('-');

describe('the type of a billing', () => {
  let database: TestDatabase;
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const one = async <Value>(expression: ReturnType<typeof sql<{ value: Value }>>) =>
    (await expression.execute(database.db)).rows[0]?.value;

  describe.skipIf(TYPES.length === 0)('of a bill run’s credit, or of an adjustment', () => {
    test.each(TYPES)('%s: %o is %o', async (_id, { object, ...facts }, expected) => {
      const booked = sql`${facts.booked}::numeric`;
      const type = typeBySigns(
        {
          charge: 'Charge',
          evergreen: sql<boolean>`${facts.subscriptionType === 'evergreen'}::boolean`,
          billed: sql`${facts.billed}::numeric`,
          booked,
          appliedBooked: booked,
        },
        object === 'credit-memo-bill-run' ? 'CM' : 'CM-C',
      );
      const value = await one(
        sql<{ value: string }>`select ${type} as value
          from (values (${facts.chargeModel}::text)) as "Charge" (charge_model)`,
      );
      expect({ type: value }).toEqual(expected);
    });

    const booked = TYPES.filter(([, facts]) => canBeBooked(facts));
    test.each(booked)('%s: a line of it, too: %o is %o', async (_id, facts, expected) => {
      const entity = `entity-${(entities += 1)}`;
      await syncRows(database, correctionTenant(facts), { entity, org: entity });
      const { rows } = await sql<{ type: string; same: boolean; withheld: string[] | null }>`
        select type, ext_sell_price = ${facts.billed}::numeric as same, withheld from staging.line
        where entity = ${entity} and source_object in ('InvoiceItemAdjustment', 'CreditMemoItem')`.execute(
        database.db,
      );
      expect(rows).toEqual([{ ...expected, same: true, withheld: null }]);
    });
  });

  describe.skipIf(SIGNS.length === 0)('that is an invoice has the sign of its booking', () => {
    test.each(SIGNS)('%s: %o is %o', async (_id, { soExtSellPrice, invoiceAmount }, expected) => {
      const agree = signsAgree(sql`${soExtSellPrice}::numeric`, sql`${invoiceAmount}::numeric`);
      const accepted = await one(sql<{ value: boolean }>`select ${agree} as value`);
      expect(accepted).toBe(expected.accepted);
      expect(accepted === true ? null : 'RPRO-00601').toBe(expected.error ?? null);
    });

    // 0 contradicts no booking, and yet a bill run that credits nothing makes no invoice.
    const signed = SIGNS.filter(([, { invoiceAmount }]) => Number(invoiceAmount) !== 0);
    test.each(signed)(
      '%s: what a bill run credits against it is no invoice',
      async (_id, facts, expected) => {
        const entity = `entity-${(entities += 1)}`;
        const rows = correctionTenant({
          object: 'credit-memo-bill-run',
          chargeModel: 'regular',
          subscriptionType: 'termed',
          billed: facts.invoiceAmount,
          booked: facts.soExtSellPrice,
        });
        await syncRows(database, rows, { entity, org: entity });
        const type = await one(
          sql<{ value: string }>`select type as value from staging.line
          where entity = ${entity} and source_object = 'CreditMemoItem'`,
        );
        expect(type === 'INV').toBe(expected.accepted);
      },
    );
  });
});
