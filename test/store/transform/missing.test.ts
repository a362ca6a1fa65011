import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { HOLD_TEXTS } from '../../../src/domain/holds.ts';
import { SEEDED_TEMPLATES } from '../../../src/domain/mapping/seeded/seeded-templates.ts';
import {
  TEMPLATE_TYPES,
  type TemplateType,
  type TransactionTemplate,
} from '../../../src/domain/mapping/transaction-template.ts';
import { type Hold, listHolds } from '../../../src/store/list-holds.ts';
import { rememberPriceSource } from '../../../src/store/tenancy.ts';
import { apart, together } from '../../support/apart.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { keptDefault } from '../../support/kept-templates.ts';
import { lineReader, type ReadLine } from '../../support/line-reader.ts';
import { sampleTenant, withChanged } from '../../support/sample-tenant.ts';
import { recordTenant, type Rows, syncRows } from '../../support/sync-rows.ts';
import { CASES, corrected, DRIVERS, NEVER, sound, unsound, type WithheldCase } from './missing-cases.ts';

/** Causes that are no matter of rows alone: each has a test of its own below. */
const BEYOND_ROWS = [
  ...TEMPLATE_TYPES.flatMap((type) => [`missing-business-unit ${type}`, `missing-company-code ${type}`]),
  'missing-reference SO',
  'missing-ext-sell-price SO',
  'waits-for-price SO',
  // In conversion.test.ts.
  ...TEMPLATE_TYPES.map((type) => `missing-exchange-rate ${type}`),
];
const CAUSES = [...Object.keys(HOLD_TEXTS), 'missing-organization'].filter((id) =>
  /^(missing|waits-for)-/.test(id),
);

/** Lines by their source, and holds by their line. */
interface Seen {
  readonly lines: readonly ReadLine[];
  readonly holds: readonly Hold[];
}

describe('a line that cannot be formed completely', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const sync = (entity: string, rows: Rows, settlement = false) =>
    syncRows(database, rows, { entity, org: entity, settlement });
  const seen = async (entity: string): Promise<Seen> => ({
    lines: await lineReader(database).lines(entity),
    holds: await listHolds(database.db, { org: entity }),
  });
  const formsOf = ({ lines }: Seen, source: string) =>
    lines.filter((line) => line['source_id'] === source).map(({ id, status }) => `${id} ${status}`);
  const holdsOf = ({ lines, holds }: Seen, source: string) => {
    const ids = lines.filter((line) => line['source_id'] === source).map(({ id }) => id);
    return holds.filter(({ line }) => ids.includes(line));
  };

  test('has a case for every cause and type, or a reason why there is none', () => {
    const asked = CAUSES.flatMap((cause) => TEMPLATE_TYPES.map((type) => `${cause} ${type}`));
    const never = (cause: string, type: TemplateType): boolean =>
      (NEVER[cause]?.['*'] ?? NEVER[cause]?.[type]) !== undefined;
    const answered = new Set([
      ...CASES.map(({ cause, type }) => `${cause} ${type}`),
      ...BEYOND_ROWS,
      ...CAUSES.flatMap((cause) =>
        TEMPLATE_TYPES.filter((type) => never(cause, type)).map((type) => `${cause} ${type}`),
      ),
    ]);
    expect(CAUSES.length).toBe(16);
    expect(asked.filter((each) => !answered.has(each))).toEqual([]);
  });

  describe.each([
    ['without Invoice Settlement', ['SO', 'INV', 'IIA'], false],
    ['with Invoice Settlement', ['CM', 'DM'], true],
  ] as const)('%s', (name, types, settlement) => {
    const cases = CASES.map((each, at) => ({ ...each, suffix: `-${at}` })).filter(({ type }) =>
      (types as readonly TemplateType[]).includes(type),
    );
    const entity = name.replaceAll(' ', '-');
    let before: Seen;
    let after: Seen;
    beforeAll(async () => {
      const rows = (of: (each: WithheldCase) => Rows) =>
        together(cases.map((each) => apart(of(each), each.suffix)));
      await sync(entity, rows(unsound), settlement);
      before = await seen(entity);
      await sync(entity, rows(corrected), settlement);
      after = await seen(entity);
    });

    test.each(cases)('of $type is held for $cause: $says', ({ type, cause, says, suffix }) => {
      const source = `${DRIVERS[type][1]}${suffix}`;
      const holds = holdsOf(before, source).filter(({ limitation }) => limitation === cause);
      expect(holds.length).toBeGreaterThan(0);
      for (const { kind, message, remedy } of holds) {
        expect({ kind, message }).toEqual({ kind: 'withheld', message: expect.stringContaining(says) });
        expect(message).toContain(`${DRIVERS[type][0]} ${source}`);
        expect(remedy).toMatch(/The line goes on by itself with the next sync\.$/);
      }
      expect(new Set(formsOf(before, source).map((form) => form.split(' ')[1]))).toEqual(new Set(['held']));
    });

    test.each(cases)('of $type goes on by itself when $cause has gone ($says)', ({ type, suffix }) => {
      const source = `${DRIVERS[type][1]}${suffix}`;
      expect(formsOf(after, source)).toEqual([expect.stringMatching(/ ready$/)]);
      expect(holdsOf(after, source)).toEqual([]);
    });
  });

  describe.each([
    ['without Invoice Settlement', ['SO', 'INV', 'IIA'], false],
    ['with Invoice Settlement', ['SO', 'CM', 'DM'], true],
  ] as const)('of a template of one’s own, %s', (name, types, settlement) => {
    const FIELDS = { 'Business Unit': 'Unit__c', 'Company Code': 'Code__c' };
    const rows = together(types.map((type) => apart(sound(type), `-${type}`)));
    /** The pre-configured one, with names from the account. */
    const own = (type: TemplateType, entity: string): TransactionTemplate => {
      const seeded = SEEDED_TEMPLATES.find((template) => template.type === type);
      if (seeded === undefined) throw new Error(`no seeded template of ${type}`);
      const from = (to: string): string | undefined => FIELDS[to as keyof typeof FIELDS];
      return {
        ...seeded,
        name: `${type} of ${entity}`,
        entity,
        rows: seeded.rows.map((row) => {
          const field = from(row.to);
          return field === undefined ? row : { ...row, from: `Account.${field}` };
        }),
      };
    };
    const prepared = async (what: string): Promise<string> => {
      const entity = `${what}-${name.replaceAll(' ', '-')}`;
      await recordTenant(database, entity, entity);
      for (const type of types) await keptDefault(database.db, own(type, entity));
      await sync(entity, rows, settlement);
      const held = await seen(entity);
      for (const type of types) {
        const told = holdsOf(held, `${DRIVERS[type][1]}-${type}`).map(({ message }) => message);
        expect(told.toSorted()).toEqual([
          `The line of ${DRIVERS[type][0]} ${DRIVERS[type][1]}-${type} has no Business Unit: Account.Unit__c is empty.`,
          `The line of ${DRIVERS[type][0]} ${DRIVERS[type][1]}-${type} has no Company Code: Account.Code__c is empty.`,
        ]);
      }
      return entity;
    };
    const freed = async (entity: string) => {
      const now = await seen(entity);
      expect(now.holds).toEqual([]);
      return types.map((type) => {
        const line = now.lines.find((each) => each['source_id'] === `${DRIVERS[type][1]}-${type}`);
        return [line?.['status'], line?.['business_unit'], line?.['company_code']];
      });
    };

    test('goes on when the field of Billing is filled', async () => {
      const entity = await prepared('filled');
      const accounts = (rows['Account'] ?? []).map((account) => ({
        ...account,
        Unit__c: 'North',
        Code__c: '100',
        UpdatedDate: '2024-01-20T10:00:00Z',
      }));
      await sync(entity, { Account: accounts }, settlement);
      expect(await freed(entity)).toEqual(types.map(() => ['ready', 'North', '100']));
    });

    test('goes on when the template is changed', async () => {
      const entity = await prepared('changed');
      const defaults = Object.keys(FIELDS).map((to) => ({ to, type: 'Character' as const, value: 'none' }));
      for (const type of types) await keptDefault(database.db, { ...own(type, entity), defaults });
      await sync(entity, {}, settlement);
      expect(await freed(entity)).toEqual(types.map(() => ['ready', 'none', 'none']));
    });
  });

  describe('for want of a price', () => {
    const { ChargeContractualValueAllCharges: prices = [], ...unpriced } = sampleTenant();
    const booking = async (entity: string) => {
      const now = await seen(entity);
      return { forms: formsOf(now, 'rpc1'), holds: holdsOf(now, 'rpc1') };
    };

    test('waits while the price may come, and goes on when it does', async () => {
      await sync('waits', unpriced);
      expect(await booking('waits')).toMatchObject({
        forms: ['SO:orig.1@1 waiting'],
        holds: [
          {
            limitation: 'waits-for-price',
            kind: 'waiting',
            message: HOLD_TEXTS['waits-for-price']?.message.replace('{source}', 'RatePlanCharge rpc1'),
          },
        ],
      });
      await sync('waits', { ChargeContractualValueAllCharges: prices });
      expect(await booking('waits')).toEqual({ forms: ['SO:orig.1@1 ready'], holds: [] });
    });

    test('is held where Billing gives none, and goes on once it does', async () => {
      const entity = 'priceless';
      await recordTenant(database, entity, entity);
      await rememberPriceSource(database.db, entity, 'none');
      await sync(entity, unpriced);
      expect(await booking(entity)).toMatchObject({
        forms: ['SO:orig.1@1 held'],
        holds: [
          {
            limitation: 'missing-ext-sell-price',
            message:
              'The line of RatePlanCharge rpc1 has no Ext Sell Price: Billing gives these credentials no contractual values.',
          },
        ],
      });
      await rememberPriceSource(database.db, entity, 'data-query');
      await sync(entity, { ChargeContractualValueAllCharges: prices });
      expect(await booking(entity)).toEqual({ forms: ['SO:orig.1@1 ready'], holds: [] });
    });

    test('is held, and does not wait, where the template takes the price from a field of the charge', async () => {
      const entity = 'priced-by-field';
      await recordTenant(database, entity, entity);
      const [seeded] = SEEDED_TEMPLATES.filter(({ type }) => type === 'SO');
      if (seeded === undefined) throw new Error('no seeded template of SO');
      const rows = seeded.rows.map((row) =>
        row.to === 'Ext Sell Price' ? { ...row, from: 'RatePlanCharge.Price__c' } : row,
      );
      await keptDefault(database.db, { ...seeded, name: 'By field', entity, rows });
      await sync(entity, sampleTenant());
      const { holds } = await booking(entity);
      expect(holds.map(({ limitation, message }) => `${limitation}: ${message}`)).toEqual([
        'missing-ext-sell-price: The line of RatePlanCharge rpc1 has no Ext Sell Price: RatePlanCharge.Price__c holds no number.',
      ]);
      const priced = withChanged(sampleTenant(), 'RatePlanCharge', 'rpc1', {
        Price__c: '7.50',
        UpdatedDate: '2024-01-20T10:00:00Z',
      });
      await sync(entity, { RatePlanCharge: priced['RatePlanCharge'] ?? [] });
      expect(await booking(entity)).toEqual({ forms: ['SO:orig.1@1 ready'], holds: [] });
    });
  });

  test('refers to nothing without a subscription name and a customer, which a template of one’s own may leave out', async () => {
    const entity = 'nameless';
    await recordTenant(database, entity, entity);
    const [seeded] = SEEDED_TEMPLATES.filter(({ type }) => type === 'SO');
    if (seeded === undefined) throw new Error('no seeded template of SO');
    const rows = seeded.rows.filter(({ to }) => to !== 'Subscription Name' && to !== 'Customer Number');
    await keptDefault(database.db, { ...seeded, name: 'Nameless', entity, rows });
    await sync(entity, sampleTenant());
    const held = await seen(entity);
    expect(holdsOf(held, 'rpc1').map(({ message }) => message)).toEqual([
      'There is nothing that the line of RatePlanCharge rpc1 refers to: it has neither a subscription name nor a customer number.',
    ]);
    await keptDefault(database.db, { ...seeded, name: 'Nameless', entity });
    await sync(entity, {});
    expect(formsOf(await seen(entity), 'rpc1')).toEqual(['SO:orig.1@1 ready']);
  });

  test('lacks no id, since a row without one is rejected', async () => {
    const { balance } = await sync(
      'no-id',
      withChanged(sampleTenant(), 'InvoiceItem', 'item1', { Id: null }),
    );
    expect(
      balance.rows.find(({ object, measure }) => object === 'InvoiceItem' && measure === 'count'),
    ).toMatchObject({
      extracted: '2',
      rejected: '1',
      staged: '1',
    });
  });
});
