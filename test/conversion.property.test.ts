import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { convert, type Rate } from '../src/domain/money/convert.ts';
import { Decimal } from '../src/domain/money/decimal.ts';
import { digest } from '../src/store/digest.ts';
import { listFindings } from '../src/store/list-findings.ts';
import { recordRates } from '../src/store/rates/record-rates.ts';
import { openTestDatabase, type TestDatabase } from './support/database.ts';
import { lineReader, type ReadLine } from './support/line-reader.ts';
import { sampleTenant } from './support/sample-tenant.ts';
import { collectOrg, recordTenant, type Rows, syncRows } from './support/sync-rows.ts';

/** Few, so that rates meet. */
const CURRENCIES = ['EUR', 'JPY', 'KWD'] as const;
const fixed = (numRuns: number) => ({ seed: 20_240_229, numRuns, endOnFailure: true }) as const;

interface Told {
  readonly from: string;
  readonly to: string;
  readonly day: string;
  readonly rate: string;
  readonly inverse: boolean;
}

interface Item {
  readonly amount: string;
  readonly own: { readonly rate: string; readonly day: string } | null;
}

interface Tenant {
  readonly currency: string;
  readonly home: string;
  readonly reporting: string | null;
  readonly billing: 'Y' | 'N';
  readonly rates: readonly Told[];
  readonly items: readonly Item[];
}

const text = (digits: number, places: number): string =>
  new Decimal(digits).div(new Decimal(10).pow(places)).toFixed();
const currency = fc.constantFrom(...CURRENCIES);
const rate = fc.integer({ min: 1, max: 999_999_999 }).map((digits) => text(digits, 6));
/** Around the invoice of 2024-01-10; bookings are of 2024-01-02. */
const day = fc.constantFrom('2023-12-31', '2024-01-02', '2024-01-09', '2024-01-10', '2024-01-12');
const amount = fc
  .tuple(fc.integer({ min: -99_999_999, max: 99_999_999 }), fc.integer({ min: 0, max: 4 }))
  .map(([digits, places]) => text(digits, places));
const told: fc.Arbitrary<Told> = fc
  .record({ from: currency, to: currency, day, rate, inverse: fc.boolean() })
  .filter(({ from, to }) => from !== to);
const tenants: fc.Arbitrary<Tenant> = fc.record({
  currency,
  home: currency,
  reporting: fc.option(currency),
  billing: fc.constantFrom('Y', 'N'),
  rates: fc.array(told, { maxLength: 60 }),
  items: fc.array(fc.record({ amount, own: fc.option(fc.record({ rate, day })) }), {
    minLength: 1,
    maxLength: 8,
  }),
});

/** The rate that counts on a day, as a person would look it up in the list: the last one told of a pair and day stands. */
function lookedUp({ rates }: Tenant, from: string, to: string, on: string): Rate | null {
  if (from === to) return { rate: new Decimal(1), inverse: false };
  const of = (pair: readonly [string, string], turned: boolean) => {
    const byDay = new Map(
      rates.filter((each) => each.from === pair[0] && each.to === pair[1]).map((each) => [each.day, each]),
    );
    return [...byDay.values()].map((each) => ({ ...each, turned }));
  };
  const [last] = [...of([from, to], false), ...of([to, from], true)]
    .filter((each) => each.day <= on)
    .toSorted((a, b) => (a.day === b.day ? Number(a.turned) - Number(b.turned) : a.day < b.day ? 1 : -1));
  return last === undefined ? null : { rate: new Decimal(last.rate), inverse: last.inverse !== last.turned };
}

/** What a line of an amount on a day is worth in the functional and in the reporting currency; null without a rate. */
function worth(tenant: Tenant, price: string, on: string, own: Rate | null): readonly (string | null)[] {
  const reporting = tenant.reporting ?? tenant.home;
  const one =
    tenant.currency === tenant.home
      ? lookedUp(tenant, tenant.home, tenant.home, on)
      : (own ?? lookedUp(tenant, tenant.currency, tenant.home, on));
  const other = lookedUp(tenant, tenant.home, reporting, on);
  const total = new Decimal(price);
  const functional = one && (tenant.currency === tenant.home ? total : convert(total, [one], tenant.home));
  if (one === null || other === null) return [functional?.toString() ?? null, null];
  return [functional, tenant.home === reporting ? functional : convert(total, [one, other], reporting)].map(
    (each) => each?.toString() ?? null,
  );
}

const rowsOf = ({ currency: of, items }: Tenant): Rows => {
  const rows = sampleTenant();
  const [item = {}] = rows['InvoiceItem'] ?? [];
  return {
    ...rows,
    Account: (rows['Account'] ?? []).map((row) => ({ ...row, Currency: of })),
    InvoiceItem: items.map((each, at) => ({
      ...item,
      Id: `item${at}`,
      ChargeAmount: each.amount,
      ExchangeRate: each.own?.rate ?? null,
      ExchangeRateDate: each.own?.day ?? null,
    })),
  };
};

/** The same rows, with only their dates changed. */
const touchedAgain = (rows: Rows): Rows =>
  Object.fromEntries(
    Object.entries(rows).map(([object, list]) => [
      object,
      list.map((row) => ({ ...row, UpdatedDate: '2024-02-09T10:00:00Z' })),
    ]),
  );

describe('the amounts of lines in other currencies', () => {
  let database: TestDatabase;
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const profiles = async (values: Readonly<Record<string, string | null>>): Promise<void> => {
    await sql`delete from control.profile`.execute(database.db);
    for (const [name, value] of Object.entries(values)) {
      if (value === null) continue;
      await sql`insert into control.profile (name, value, changed_by) values (${name}, ${value}, 'test')`.execute(
        database.db,
      );
    }
  };
  /** Later ones of a pair and day are later versions. */
  const record = async (entity: string, rates: readonly Told[]): Promise<void> => {
    for (const each of rates) {
      await database.db
        .transaction()
        .execute((trx) =>
          recordRates(trx, { entity, by: 'test', source: 'custom-exchange-rates' }, [
            { ...each, rateSet: null, providerDay: null },
          ]),
        );
    }
  };
  const synced = async (tenant: Tenant): Promise<string> => {
    const entity = `e${(entities += 1)}`;
    await profiles({ KS_ENABLE_ZBILL_EXCHG_RATE: tenant.billing, REPORTING_CURRENCY: tenant.reporting });
    await recordTenant(database, entity, entity, tenant.home);
    await record(entity, tenant.rates);
    await syncRows(database, rowsOf(tenant), { entity, org: entity, home: tenant.home });
    return entity;
  };
  const found = (line: ReadLine | undefined) =>
    [line?.['functional_ext_sell_price'], line?.['reporting_ext_sell_price']].map((each) =>
      each == null ? null : new Decimal(each).toString(),
    );

  test('are the total at the exact rates, rounded once, and empty with a hold where there is no rate (F4)', async () => {
    await fc.assert(
      fc.asyncProperty(tenants, async (tenant) => {
        const entity = await synced(tenant);
        const lines = new Map((await lineReader(database).lines(entity)).map((line) => [line['id'], line]));
        const held = new Set(
          (await lineReader(database).holds(entity)).map((hold) =>
            hold.split(':').slice(0, 2).join(':').split(' ').slice(0, 2).join(' '),
          ),
        );
        const expected = [
          { id: 'SO:orig.1@1', worth: worth(tenant, '1200', '2024-01-02', null) },
          ...tenant.items.map(({ amount: price, own }, at) => {
            const used = tenant.billing === 'Y' ? own : null;
            const rateUsed = used && { rate: new Decimal(used.rate), inverse: false };
            return { id: `INV:item${at}`, worth: worth(tenant, price, used?.day ?? '2024-01-10', rateUsed) };
          }),
        ];
        for (const each of expected) {
          expect([each.id, ...found(lines.get(each.id))]).toEqual([each.id, ...each.worth]);
          expect([each.id, held.has(`${each.id} missing-exchange-rate`)]).toEqual([
            each.id,
            each.worth.includes(null),
          ]);
        }
      }),
      fixed(25),
    );
  }, 240_000);

  test('that are collected stay, whatever is told of rates later (F5)', async () => {
    await fc.assert(
      fc.asyncProperty(
        tenants,
        fc.array(told, { minLength: 1, maxLength: 20 }),
        currency,
        async (tenant, later, reporting) => {
          const entity = await synced(tenant);
          await collectOrg(database, entity);
          const posted = async () => {
            const { rows } = await sql<ReadLine>`
            select l.* from staging.line as l join revenue.line as r on r.entity = l.entity and r.line = l.id
            where l.entity = ${entity} order by l.id`.execute(database.db);
            return rows;
          };
          const before = await posted();
          const contracts = (await digest(database.db)).tables['revenue.contract'];
          await record(entity, later);
          await profiles({ REPORTING_CURRENCY: reporting });
          // All of it comes again, as after a bill run that touched every row.
          await syncRows(database, touchedAgain(rowsOf(tenant)), { entity, org: entity, home: tenant.home });
          const after = new Map((await posted()).map((line) => [line['id'], line]));
          for (const line of before) expect(after.get(line['id'])).toEqual(line);
          expect((await digest(database.db)).tables['revenue.contract']).toBe(contracts);
          expect(await listFindings(database.db, { org: entity })).toEqual([]);
        },
      ),
      fixed(15),
    );
  }, 240_000);
});
