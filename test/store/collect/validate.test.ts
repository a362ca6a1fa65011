import { sql } from 'kysely';
import type { z } from 'zod';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { findStagingField } from '../../../src/domain/mapping/staging-fields.ts';
import type { ValidationSetForm } from '../../../src/domain/validation/validation-set.ts';
import { rejectHold } from '../../../src/store/holds/reject.ts';
import { releaseHold } from '../../../src/store/holds/release.ts';
import { type Billing, type Story, tenantOf } from '../../support/charge-stories.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { collectOrg, syncRows } from '../../support/sync-rows.ts';

const YEAR: Story = { id: 'a', versions: [{ booked: '1200' }] };
const INVOICE: Billing = { id: 'i1', kind: 'invoice', amount: '100' };
const CREDIT: Billing = { id: 'c1', kind: 'credit of invoice', of: 'i1', amount: '40', date: '2024-01-20' };

describe('validation', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const sync = (...stories: Story[]) =>
    syncRows(database, tenantOf(stories), { entity: org, org, settlement: true });
  const collect = () => collectOrg(database, org);
  /** What a template or Billing might have made of a line. */
  const say = async (line: string, fields: Readonly<Record<string, string | null>>) => {
    for (const [label, value] of Object.entries(fields)) {
      const column = findStagingField(label)?.column ?? label;
      const { rows } =
        await sql`update staging.line set ${sql.ref(column)} = ${sql.raw(value === null ? 'null' : `'${value}'`)}
        where org = ${org} and id = ${line} returning id`.execute(database.db);
      expect(rows, line).toHaveLength(1);
    }
  };
  const holds = async () =>
    (
      await sql<{ line: string; limitation: string; kind: string; message: string; remedy: string }>`
        select line, limitation, kind, message, remedy from staging.hold where org = ${org}
        order by line collate "C", limitation collate "C"`.execute(database.db)
    ).rows;
  const stopped = async () => (await holds()).map(({ line, limitation }) => `${line} ${limitation}`);
  const status = async (line: string) =>
    (
      await sql<{ status: string }>`
        select status from staging.line_state where org = ${org} and id = ${line}`.execute(database.db)
    ).rows[0]?.status ?? 'collected';

  test('stops nothing that is as it should be', async () => {
    await sync({ ...YEAR, billings: [INVOICE, CREDIT] });
    expect(await collect()).toMatchObject({ collected: '3', stopped: '0', waiting: '0' });
    expect(await holds()).toEqual([]);
  });

  describe('by predefined rules', () => {
    const BROKEN = [
      ['SO', { 'Ext List Price': null }, 'missing-ext-list-price', 'Ext List Price'],
      ['SO', { 'Transaction Currency': null }, 'missing-transaction-currency', 'Transaction Currency'],
      ['SO', { 'Functional Currency': null }, 'missing-functional-currency', 'Functional Currency'],
      ['SO', { 'Ordered Qty': null }, 'missing-ordered-qty', 'Ordered Qty'],
      ['INV', { 'Invoice Qty': null }, 'missing-invoice-qty', 'RPRO-00007'],
      ['INV', { 'Invoice Num': null }, 'missing-invoice-num', 'Invoice Num'],
      ['INV', { 'Ext List Price': null }, 'missing-ext-list-price', 'Ext List Price'],
      ['CM', { 'Invoice Qty': null }, 'missing-invoice-qty', 'Invoice Qty'],
      ['CM', { 'Functional Currency': null }, 'missing-functional-currency', 'Functional Currency'],
      ['INV', { 'Original SO Line Id': 'a.1' }, 'invoice-with-booking-reference', 'RPRO-00636'],
      ['CM', { 'Original SO Line Id': 'a.1' }, 'credit-with-two-references', 'RPRO-00637'],
      ['CM', { type: 'CM-C', 'Original Invoice Line Id': null }, 'credit-without-reference', 'RPRO-00638'],
      ['CM', { 'Original Invoice Line Id': 'gone' }, 'referenced-invoice-missing', 'RPRO-00624'],
      ['CM', { 'Ext Sell Price': '-100.01' }, 'credit-beyond-invoice', 'RPRO-00621'],
      ['INV', { 'Ext Sell Price': '-100' }, 'invoice-sign-differs', 'RPRO-00601'],
      ['INV', { 'Transaction Currency': 'EUR' }, 'currency-of-booking-differs', 'EUR, and booked in USD'],
      [
        'SO',
        { 'CT Mod Date': '2024-01-02', 'Amendment Reason': 'Extension' },
        'ct-mod-date-too-early',
        'RPRO-00066',
      ],
      ['SO', { 'Revenue End Date': '2023-12-31' }, 'revenue-dates-reversed', '2023-12-31'],
      ['INV', { 'Subscription End Date': '2023-12-31' }, 'subscription-dates-reversed', '2023-12-31'],
    ] as const;
    const lineOf = (type: (typeof BROKEN)[number][0], index: number): string =>
      type === 'SO' ? `SO:s${index}.1@1` : `${type}:s${index}-${type.toLowerCase()}`;

    // Each rule has a charge of its own, so that all are broken in one collection.
    beforeAll(async () => {
      org = 'predefined';
      await sync(
        ...BROKEN.map((_, index) => ({
          ...YEAR,
          id: `s${index}`,
          billings: [
            { ...INVOICE, id: `s${index}-inv` },
            { ...CREDIT, id: `s${index}-cm`, of: `s${index}-inv` },
          ],
        })),
      );
      for (const [index, [type, fields]] of BROKEN.entries()) await say(lineOf(type, index), fields);
      await collect();
    });
    beforeEach(() => void (org = 'predefined'));

    test.each(BROKEN.map((each, index) => [...each, index] as const))(
      'stops %s with %o: %s',
      async (type, _fields, rule, said, index) => {
        const line = lineOf(type, index);
        const [hold, ...others] = (await holds()).filter((each) => each.line === line);
        expect(hold).toMatchObject({ limitation: rule, kind: 'validation' });
        expect(hold?.message).toContain(said);
        expect(hold?.message).not.toMatch(/[{}]/);
        expect(others).toEqual([]);
        expect(await status(line)).toBe('stopped');
      },
    );

    test('and stops none of the lines beside them', async () => {
      const broken = BROKEN.map(([type], index) => lineOf(type, index));
      const waiting = (await holds()).filter(({ line }) => !broken.includes(line));
      expect(new Set(waiting.map(({ limitation }) => limitation))).toEqual(new Set(['waits-for-booking']));
    });
  });

  test('asks a credit for no list price and a booking for no invoice', async () => {
    await sync({ ...YEAR, billings: [INVOICE, CREDIT] });
    await say('CM:c1', { 'Ext List Price': null, 'Ordered Qty': null });
    await collect();
    expect(await holds()).toEqual([]);
  });

  test('takes a credit of the whole invoice line, and one of a change after its booking', async () => {
    await sync({ ...YEAR, billings: [INVOICE, { ...CREDIT, amount: '100' }] });
    await say('SO:a.1@1', { 'CT Mod Date': '2024-01-03', 'Amendment Reason': 'Extension' });
    await collect();
    expect(await holds()).toEqual([]);
  });

  describe('of CMs that name one invoice line', () => {
    const credit = (id: string, amount: string, day: string): Billing => ({
      ...CREDIT,
      id,
      amount,
      date: `2024-01-${day}`,
    });
    const sixty = credit('c2', '60', '21');

    test('stops the one that goes beyond it, by date and then id', async () => {
      await sync({ ...YEAR, billings: [INVOICE, sixty, credit('c1', '60', '21'), credit('c3', '40', '20')] });
      await collect();
      expect(await holds()).toMatchObject([
        {
          line: 'CM:c2',
          limitation: 'credit-beyond-invoice',
          message:
            'The credit of -60 is more than is left of the invoice line i1 that it names: 100, of which credits before it take 100. (RPRO-00621)',
        },
      ]);
    });

    test('takes those first that are collected', async () => {
      await sync({ ...YEAR, billings: [INVOICE, sixty] });
      await collect();
      await sync({ ...YEAR, billings: [INVOICE, sixty, credit('c0', '40.01', '11')] });
      await collect();
      expect(await stopped()).toEqual(['CM:c0 credit-beyond-invoice']);
      expect(await status('CM:c2')).toBe('collected');
    });

    test('overlooks one that is beyond it by itself, or that a person rejected', async () => {
      await sync({
        ...YEAR,
        billings: [INVOICE, credit('c0', '101', '11'), sixty, credit('c3', '60', '22')],
      });
      await collect();
      expect(await stopped()).toEqual(['CM:c0 credit-beyond-invoice', 'CM:c3 credit-beyond-invoice']);

      org = `${org}-rejected`;
      await sync({ ...YEAR, billings: [INVOICE, sixty, credit('c3', '60', '22'), credit('c4', '40', '23')] });
      await collect();
      expect(await stopped()).toEqual(['CM:c3 credit-beyond-invoice', 'CM:c4 credit-beyond-invoice']);
      const decision = { org, reason: 'Twice.', by: 'ann', request: `reject of ${org}` };
      await rejectHold(database.db, { ...decision, lines: ['CM:c3'] });
      await collect();
      expect(await stopped()).toEqual([]);
      expect(await status('CM:c4')).toBe('collected');
    });

    test('takes the form that replaces a credit instead of it', async () => {
      await sync({ ...YEAR, billings: [INVOICE, sixty] });
      await collect();
      const { CreditMemoItem = [] } = tenantOf([{ ...YEAR, billings: [{ ...sixty, amount: '70' }] }]);
      const corrected = CreditMemoItem.map((item) => ({ ...item, UpdatedDate: '2024-02-01T00:00:00Z' }));
      await syncRows(database, { CreditMemoItem: corrected }, { entity: org, org, settlement: true });
      await collect();
      const decision = { org, reason: 'Billed anew.', by: 'ann', request: `release of ${org}` };
      await releaseHold(database.db, { ...decision, lines: ['CM:c2#2'], as: 'correction' });
      await collect();
      expect(await stopped()).toEqual([]);
      expect(await status('CM:c2#2')).toBe('collected');
    });
  });

  test('takes an invoice of any sign for a booking of zero', async () => {
    await sync({
      id: 'a',
      versions: [{ booked: '0' }],
      charge: { ChargeType: 'Usage' },
      billings: [INVOICE, { ...INVOICE, id: 'i2', amount: '-30' }],
    });
    await collect();
    expect(await holds()).toEqual([]);
  });

  test('takes the negative items that a bill run credits with where there are no memos', async () => {
    await syncRows(database, tenantOf([{ ...YEAR, billings: [{ ...INVOICE, amount: '-100' }] }]), {
      entity: org,
      org,
      settlement: false,
    });
    await collect();
    expect(await holds()).toEqual([]);
  });

  test('keeps a booking from changing its sign, whether its versions come together or one after the other', async () => {
    const flipped: Story = { id: 'a', versions: [{ booked: '1200' }, { booked: '-1200' }] };
    await sync(flipped);
    await collect();
    expect(await stopped()).toEqual(['SO:a.1@2 booking-sign-flipped']);
    expect(await status('SO:a.1@1')).toBe('collected');

    org = `${org}-apart`;
    await sync(YEAR);
    await collect();
    await sync(flipped);
    await collect();
    expect(await stopped()).toEqual(['SO:a.1@2 booking-sign-flipped']);
    expect((await holds())[0]?.message).toContain('1200 and would be with -1200');
  });

  test('lets a booking go to zero and back', async () => {
    await sync({ id: 'a', versions: [{ booked: '1200' }, { booked: '0' }] });
    await collect();
    await sync({ id: 'a', versions: [{ booked: '1200' }, { booked: '0' }, { booked: '600' }] });
    await collect();
    expect(await holds()).toEqual([]);
  });

  test('stops an invoice of an SO line that is cancelled from its first day, but not what was billed before', async () => {
    const cancelled: Story = {
      id: 'a',
      versions: [{ booked: '1200' }, { booked: '0', ends: '2024-01-01' }],
      billings: [INVOICE, { ...INVOICE, id: 'i2', version: 2 }],
    };
    await sync(cancelled);
    await say('SO:a.1@2', { 'Amendment Reason': 'Cancellation' });
    await collect();
    expect(await stopped()).toEqual(['INV:i2 invoice-for-cancelled-booking']);
  });

  test('keeps an SO line of an entity in one organisation; other entities may have equal ids', async () => {
    await sync(YEAR);
    await collect();
    const before = org;
    org = `${org}-moved`;
    await sync(YEAR);
    await collect();
    expect(await holds(), 'another entity').toEqual([]);
    await sync({ ...YEAR, versions: [{ booked: '1200' }, { booked: '1300' }] });
    for (const table of ['staging.line', 'staging.line_state']) {
      await sql`update ${sql.table(table)} set org = ${before} where entity = ${org} and id = 'SO:a.1@2'`.execute(
        database.db,
      );
    }
    const entity = org;
    org = before;
    await collect();
    expect(await holds()).toMatchObject([
      {
        line: 'SO:a.1@2',
        limitation: 'so-line-in-other-organization',
        message: expect.stringContaining(`organisation ${entity}. (RPRO-10000)`),
      },
    ]);
  });

  test('tells every rule that a line breaks, and lets it go on by itself when the cause is gone', async () => {
    await sync({ ...YEAR, billings: [INVOICE] });
    await say('INV:i1', { 'Invoice Num': null, 'Invoice Qty': null, 'Ext Sell Price': '-1' });
    expect(await collect()).toMatchObject({ collected: '1', stopped: '1' });
    expect(await stopped()).toEqual([
      'INV:i1 invoice-sign-differs',
      'INV:i1 missing-invoice-num',
      'INV:i1 missing-invoice-qty',
    ]);
    const since = await sql`select hold, since from staging.hold where org = ${org} order by hold`.execute(
      database.db,
    );
    await say('INV:i1', { 'Invoice Qty': '1' });
    await collect();
    const after = await sql`select hold, since from staging.hold where org = ${org} order by hold`.execute(
      database.db,
    );
    expect(after.rows, 'what stays keeps its date').toEqual(
      since.rows.filter((row) => after.rows.some((other) => other === row || isSame(other, row))),
    );
    expect(after.rows).toHaveLength(2);
    await say('INV:i1', { 'Invoice Num': 'INV-1', 'Ext Sell Price': '100' });
    expect(await collect()).toMatchObject({ collected: '1', stopped: '0' });
    expect(await holds()).toEqual([]);
    expect(await status('INV:i1')).toBe('collected');
  });

  test('lets the billings of a stopped booking wait, and a credit of a stopped invoice go on', async () => {
    await sync({ ...YEAR, billings: [INVOICE, CREDIT] });
    await say('SO:a.1@1', { 'Ext List Price': null });
    await collect();
    expect(await stopped()).toEqual([
      'CM:c1 waits-for-booking',
      'INV:i1 waits-for-booking',
      'SO:a.1@1 missing-ext-list-price',
    ]);
    await say('SO:a.1@1', { 'Ext List Price': '1' });
    await say('INV:i1', { 'Invoice Num': null });
    await collect();
    expect(await stopped()).toEqual(['INV:i1 missing-invoice-num']);
  });

  test('supersedes a stopped version once a newer one is collected', async () => {
    await sync({ id: 'a', versions: [{ booked: '1200' }, { booked: '1300' }] });
    await say('SO:a.1@1', { 'Ext List Price': null });
    await collect();
    expect(await holds()).toEqual([]);
    expect(await status('SO:a.1@1')).toBe('superseded');
    expect(await status('SO:a.1@2')).toBe('collected');
  });

  describe('by rules that people add', () => {
    const useRules = (body: Rules) =>
      sql`insert into revenue.setup (kind, name, version, org, status, body, created_by, changed_by)
        values ('validation', ${org}, 1, ${org}, 'default', ${JSON.stringify(body)}::jsonb, 'ann', 'ann')`.execute(
        database.db,
      );
    const rule: Rule = {
      id: 'price-below-floor',
      type: 'expression',
      appliesTo: ['INV'],
      expression: '[Ext Sell Price] >= 50',
      message: 'The price {Ext Sell Price} of {Subscription Name} is below the floor.',
      remedy: 'Ask sales.',
    };
    const two: Story = { ...YEAR, billings: [INVOICE, { ...INVOICE, id: 'i2', amount: '49.99' }] };

    test('stops what breaks an expression, with the values in the message', async () => {
      await sync(two);
      await useRules({ rules: [rule] });
      await collect();
      expect(await holds()).toMatchObject([
        {
          line: 'INV:i2',
          limitation: 'price-below-floor',
          message: 'The price 49.99 of S-a is below the floor.',
          remedy: 'Ask sales.',
        },
      ]);
    });

    test.each<readonly [string, Partial<Rule>, string[]]>([
      ['only its types', { appliesTo: ['SO'] }, []],
      ['only the lines it is about', { when: "[Subscription Name] = 'S-b'" }, []],
      ['only the days it is about', { from: '2024-01-11' }, []],
      ['days before its end', { to: '2024-01-11' }, ['INV:i2']],
      ['the booking of a billing', { expression: '[Booking.Ext Sell Price] < 1200' }, ['INV:i1', 'INV:i2']],
    ])('judges %s', async (_what, change, expected) => {
      await sync(two);
      await useRules({ rules: [{ ...rule, ...change }] });
      await collect();
      expect((await holds()).map(({ line }) => line)).toEqual(expected);
    });

    test('lets a billing wait that has no booking yet, whatever is said of the booking', async () => {
      await sync({ ...YEAR, billings: [INVOICE] });
      await say('SO:a.1@1', { 'Ext List Price': null });
      await useRules({ rules: [{ ...rule, expression: '[Booking.Ext Sell Price] < 1200' }] });
      await collect();
      expect(await stopped()).toEqual(['INV:i1 waits-for-booking', 'SO:a.1@1 missing-ext-list-price']);
      await say('SO:a.1@1', { 'Ext List Price': '1' });
      await collect();
      expect(await stopped()).toEqual(['INV:i1 price-below-floor']);
    });

    test.each([true, false])('says that a lookup is gone (listed: %s)', async (listed) => {
      await sync(two);
      await useRules({
        rules: [
          {
            ...rule,
            type: 'lookup',
            expression: null,
            label: 'Invoice Num',
            lookup: 'GONE{x}',
            listed,
            when: '[Ext Sell Price] = 100',
          },
        ],
      });
      await collect();
      expect(await holds()).toMatchObject([
        {
          line: 'INV:i1',
          limitation: 'price-below-floor',
          message: 'The rule price-below-floor goes by the lookup GONEx, which does not exist any more.',
          remedy: expect.stringContaining('Restore the lookup GONEx'),
        },
      ]);
    });

    test('looks values up, in a list or under the name of a lookup', async () => {
      const lookup: Rule = { ...rule, type: 'lookup', expression: null, label: 'Invoice Num' };
      await sync(two);
      await sql`insert into control.lookup (lookup, code, value, changed_by)
        values (${`INVOICES-${org}`}, 'INV-i1', 'one', 'ann')`.execute(database.db);
      await useRules({
        rules: [
          { ...lookup, id: 'listed', values: ['INV-i2'] },
          { ...lookup, id: 'looked-up', lookup: `INVOICES-${org}` },
          { ...lookup, id: 'not-listed', values: ['INV-i2'], listed: false },
        ],
      });
      await collect();
      expect(await stopped()).toEqual(['INV:i1 listed', 'INV:i2 looked-up', 'INV:i2 not-listed']);
    });

    test('narrows predefined rules and switches optional ones on', async () => {
      await sync(two);
      await say('INV:i1', { 'Invoice Qty': null, 'Deferred Segments': null });
      await useRules({
        predefined: [
          { id: 'missing-invoice-qty', filter: "[Subscription Name] <> 'S-a'" },
          { id: 'missing-accounting-segments' },
        ],
      });
      await collect();
      expect(await stopped()).toEqual(['INV:i1 missing-accounting-segments']);
    });

    test('asks for exchange rates that can be, and where switched on, that there is one', async () => {
      await sync(two);
      await say('INV:i1', { 'Func Ex Rate': '1.2' });
      await say('INV:i2', { 'Func Ex Rate': '0', 'Functional Currency': 'EUR' });
      await collect();
      expect(await stopped()).toEqual([
        'INV:i1 functional-rate-not-one',
        'INV:i2 functional-rate-not-positive',
      ]);
      await say('INV:i1', { 'Func Ex Rate': '1' });
      await say('INV:i2', { 'Func Ex Rate': null });
      await useRules({ predefined: [{ id: 'missing-exchange-rate' }] });
      await collect();
      expect(await stopped()).toEqual(['INV:i2 missing-exchange-rate']);
    });

    test('leaves other organisations alone', async () => {
      await useRules({ rules: [rule] });
      org = `${org}-other`;
      await sync(two);
      await collect();
      expect(await holds()).toEqual([]);
    });
  });
});

type Rules = z.input<typeof ValidationSetForm>;
type Rule = NonNullable<Rules['rules']>[number];

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
