import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { parseFilter } from '../../../src/domain/mapping/filter/parse-filter.ts';
import { filterCondition } from '../../../src/store/transform/filter.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { keptDefault } from '../../support/kept-templates.ts';
import { changedRow, sampleTenant } from '../../support/sample-tenant.ts';
import { recordTenant, type Rows, syncRows } from '../../support/sync-rows.ts';
import { invoiceTemplate } from '../../support/templates.ts';

/** id, text, number, flag, day, instant, custom; the last row has nothing but its id. */
const ROWS = sql`(values
  ('a', 'EUR', 10.50, true, '2024-01-31'::date, '2024-01-31T23:30:00Z'::timestamptz, '7'),
  ('b', 'it''s', -1, false, '2024-02-01'::date, '2024-02-01T00:00:00Z'::timestamptz, 'false'),
  ('c', 'USD', 0, true, '2023-12-31'::date, '2023-12-31T12:00:00Z'::timestamptz, '2024-02-01'),
  ('d', null, null, null, null, null, 'infinity'),
  ('e', null, null, null, null, null, null)
) as "T" (id, text, number, flag, day, instant, custom), (values ('Europe/Berlin')) as "Entity" (timezone)`;

const TYPES = {
  id: 'text',
  text: 'text',
  number: 'decimal',
  flag: 'boolean',
  day: 'date',
  instant: 'datetime',
  custom: undefined,
} as const;

describe('filterCondition', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const conditionOf = (text: string) => {
    const read = parseFilter(text);
    if ('error' in read) throw new Error(read.error.message);
    return filterCondition(read.filter, (path) => {
      const field = path.replace('T.', '') as keyof typeof TYPES;
      return { value: sql.id('T', field), type: TYPES[field] };
    });
  };
  const idsWhere = async (condition: ReturnType<typeof conditionOf>) => {
    const { rows } = await sql<{
      id: string;
    }>`select "T".id from ${ROWS} where ${condition} order by 1`.execute(database.db);
    return rows.map(({ id }) => id).join('');
  };

  test.each([
    ["T.text = 'EUR'", 'a'],
    ["T.text != 'EUR'", 'bcde'],
    ["not T.text = 'EUR'", 'bcde'],
    ["T.text in ('EUR', \"it's\")", 'ab'],
    ["T.text not in ('EUR', 'USD')", 'bde'],
    ['T.text is null', 'de'],
    ['T.text is not null', 'abc'],
    ['T.number >= 0', 'ac'],
    ['T.number < 10.5', 'bc'],
    ['10.50 = T.number', 'a'],
    ['T.flag = true', 'ac'],
    ['T.flag != true', 'bde'],
    ["T.day > '2024-01-30' and T.day <= '2024-02-01'", 'ab'],
    ["T.instant = '2024-02-01'", 'ab'],
    ['T.instant = T.day', 'bc'],
    ['T.custom = 7', 'a'],
    ['T.custom > 1', 'a'],
    ["T.custom = 'infinity'", 'd'],
    ['T.custom != 7', 'bcde'],
    ['T.custom = T.flag', 'b'],
    ['T.custom = T.instant', ''],
    ['T.custom = false', 'b'],
    ["T.text = 'EUR' or T.number = 0 and T.flag = false", 'a'],
    ["(T.text = 'EUR' or T.number = 0) and T.flag = true", 'ac'],
  ])('%s is true of %s', async (text, ids) => {
    expect(await idsWhere(conditionOf(text))).toBe(ids);
  });

  test.each(["T.text = 'EUR'", 'T.number > 0', "T.text not in ('EUR')", 'T.custom < 8', 'T.day = T.instant'])(
    'a row is either of %s or of its negation',
    async (text) => {
      const [of, ofNot] = [await idsWhere(conditionOf(text)), await idsWhere(conditionOf(`not ${text}`))];
      expect(`${of}${ofNot}`.split('').toSorted().join('')).toBe('abcde');
    },
  );

  test('values are never part of the statement', () => {
    const { sql: statement, parameters } =
      sql`${conditionOf("T.text = 'x''; drop table y' and T.number = 5")}`.compile(database.db);
    expect(statement).not.toMatch(/drop|5/);
    expect(parameters).toEqual(["x'; drop table y", '5']);
  });
});

describe('a template’s filter', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(() => void (org = `org-${(orgs += 1)}`));
  afterAll(() => database.close());

  const sync = (rows: Rows) => syncRows(database, rows, { entity: org, org });
  const lines = async () => {
    const found = await database.db
      .selectFrom('staging.line')
      .select('id')
      .where('entity', '=', org)
      .where('type', '=', 'INV')
      .orderBy('id')
      .execute();
    return found.map(({ id }) => id);
  };
  const filtered = async (filter: string | null, version: string) => {
    await recordTenant(database, org, org);
    const name = `${org} ${version}`;
    await keptDefault(database.db, invoiceTemplate({ name, entity: org, filter }));
  };

  test('leaves rows out, counted with that reason', async () => {
    await filtered("InvoiceItem.ServiceStartDate < '2024-02-01'", 'a');
    const { balance } = await sync(sampleTenant());
    expect(await lines()).toEqual(['INV:item1']);
    expect(balance.balanced).toBe(true);
    expect(balance.rows.filter(({ object }) => object === 'InvoiceItem')).toMatchObject([
      { measure: 'count', staged: '1', excluded: '1', exclusions: { filter: '1' } },
      { measure: 'amount', staged: '100', excluded: '100', exclusions: { filter: '100' } },
    ]);
  });

  test('looks at fields of any object that rows may name', async () => {
    await filtered("Subscription.InvoiceOwner.Name = 'Payer' and Entity.HomeCurrency = 'USD'", 'a');
    await sync(sampleTenant());
    expect(await lines()).toHaveLength(2);
  });

  test('lets a row in when something beside it changes, and out again', async () => {
    await filtered("Account.PaymentTerm = 'Net 30'", 'a');
    await sync(sampleTenant());
    expect(await lines()).toEqual([]);
    await sync(changedRow('Account', 'acc', { PaymentTerm: 'Net 30' }));
    expect(await lines()).toEqual(['INV:item1', 'INV:item2']);
    await sync(changedRow('Account', 'acc', { PaymentTerm: 'Net 60' }));
    expect(await lines()).toEqual([]);
  });

  test('of another default is applied to what the one before left out', async () => {
    await filtered("InvoiceItem.Id = 'item1'", 'a');
    await sync(sampleTenant());
    expect(await lines()).toEqual(['INV:item1']);
    await filtered("InvoiceItem.Id = 'item2'", 'b');
    await sync({});
    expect(await lines()).toEqual(['INV:item2']);
    await filtered(null, 'c');
    await sync({});
    expect(await lines()).toEqual(['INV:item1', 'INV:item2']);
  });
});
