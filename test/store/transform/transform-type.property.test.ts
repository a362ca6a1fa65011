import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { driverAmount } from '../../../src/domain/catalogue/driver-amount.ts';
import { SEEDED_TEMPLATES } from '../../../src/domain/mapping/seeded/seeded-templates.ts';
import { completeTemplate, type TemplateType } from '../../../src/domain/mapping/transaction-template.ts';
import { Decimal, sum } from '../../../src/domain/money/decimal.ts';
import type { Balance } from '../../../src/store/balance/read-balance.ts';
import { listLines } from '../../../src/store/list-lines.ts';
import { anyTenant, type AnyTenant, type Extracted, filesOf } from '../../support/any-tenant.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { keptDefault } from '../../support/kept-templates.ts';
import { recordTenant, type Rows, syncRows } from '../../support/sync-rows.ts';

/** The same cases every time; a failure prints the case. */
const FIXED = { seed: 20_240_229, endOnFailure: true } as const;

/** Filters that templates of one's own have; null: the seeded template. */
const FILTERS: Readonly<Partial<Record<TemplateType, readonly (string | null)[]>>> = {
  SO: [null, "RatePlanCharge.Quantity > 1 or Subscription.TermType = 'EVERGREEN'"],
  INV: [null, 'InvoiceItem.ChargeAmount > 50', "Account.Currency = 'EUR'"],
  CM: [null, "not CreditMemo.Source = 'BillRun'"],
};
type Filters = Readonly<Record<string, string | null>>;
const anyFilters: fc.Arbitrary<Filters> = fc.record(
  Object.fromEntries(Object.entries(FILTERS).map(([type, filters]) => [type, fc.constantFrom(...filters)])),
);

describe('any set of rows', () => {
  let database: TestDatabase;
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  /** An entity with templates of its own where it has filters. */
  const newEntity = async (filters: Filters = {}): Promise<string> => {
    const entity = `entity-${(entities += 1)}`;
    await recordTenant(database, entity, entity);
    for (const template of SEEDED_TEMPLATES) {
      const filter = filters[template.type] ?? null;
      if (filter === null) continue;
      const own = { ...template, filter, entity, name: `${template.type} of ${entity}` };
      await keptDefault(database.db, completeTemplate(own));
    }
    return entity;
  };
  const sync = (entity: string, rows: Rows, { settlement }: AnyTenant) =>
    syncRows(database, rows, { entity, org: entity, settlement });
  const all = async <Row>(query: ReturnType<typeof sql<Row>>): Promise<Row[]> =>
    (await query.execute(database.db)).rows;

  describe('balances', () => {
    test('in counts and in amounts by currency, whatever happened to the rows', async () => {
      await fc.assert(
        fc.asyncProperty(anyTenant, anyFilters, async (tenant, filters) => {
          const entity = await newEntity(filters);
          const { balance } = await sync(entity, filesOf(tenant.extracted), tenant);
          expect(balance.unequal).toEqual([]);
          expect(extractedIn(balance, 'count')).toEqual(countsOf(tenant.extracted));
          expect(extractedIn(balance, 'amount')).toEqual(amountsOf(tenant.extracted));
          expect(classesIn(balance)).toEqual(await classesOf(entity, tenant.extracted));
        }),
        { ...FIXED, numRuns: 10 },
      );
    });

    /** What became of the rows, reckoned from the rows and from the lines that are there. */
    async function classesOf(entity: string, extracted: readonly Extracted[]) {
      const lines = await all(sql<{ object: string; id: string; held: boolean }>`
        select l.source_object as object, l.source_id as id, bool_or(s.status in ('held', 'stopped')) as held
        from staging.line as l join staging.line_state as s on s.entity = l.entity and s.id = l.id
        where l.entity = ${entity} and s.status <> 'superseded' group by 1, 2`);
      const classes = new Map<string, number>();
      const count = (object: string, name: string) =>
        classes.set(`${object} ${name}`, (classes.get(`${object} ${name}`) ?? 0) + 1);
      for (const { object, row, spoilt } of newestOf(extracted)) {
        if (spoilt || row['Deleted'] === 'true') continue;
        const line = lines.find((each) => each.object === object && each.id === row['Id']);
        if (line !== undefined) count(object, line.held ? 'held' : 'staged');
      }
      for (const { object, spoilt } of extracted) if (spoilt) count(object, 'rejected');
      return Object.fromEntries(classes);
    }
  });

  describe('forms the same lines', () => {
    test('whatever the order and the batches of its arrival', async () => {
      await fc.assert(
        fc.asyncProperty(
          anyTenant,
          anyFilters,
          fc.infiniteStream(fc.nat()),
          async (tenant, filters, dice) => {
            const { extracted } = tenant;
            const reference = await newEntity(filters);
            await sync(reference, filesOf(newestOf(extracted), extracted), tenant);
            const entity = await newEntity(filters);
            const drawn = extracted.map((each) => ({ each, at: Number(dice.next().value) }));
            const shuffled = drawn.toSorted((a, b) => a.at - b.at).map(({ each }) => each);
            const cuts = [Number(dice.next().value), Number(dice.next().value)].map(
              (cut) => cut % extracted.length,
            );
            const edges = [0, ...cuts.toSorted((a, b) => a - b), extracted.length];
            for (const [at, edge] of edges.slice(1).entries()) {
              await sync(entity, filesOf(shuffled.slice(edges[at], edge), extracted), tenant);
            }
            expect(await stagedIn(entity)).toEqual(await stagedIn(reference));
          },
        ),
        { ...FIXED, numRuns: 5 },
      );
    });

    /** Lines that stand, with the rows they were formed from and what holds them. */
    async function stagedIn(entity: string) {
      const lines = await listLines(database.db, { entity });
      return lines
        .filter(({ status }) => status !== 'superseded')
        .map(({ id, status, fields, holds, lineage }) => ({
          id,
          status,
          fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)),
          holds: holds.map(({ limitation, message }) => `${limitation}: ${message}`).toSorted(),
          sources: lineage.sources,
        }));
    }
  });

  describe('under templates that are frozen', () => {
    test('changes nothing when it comes again: not one row is written', async () => {
      await fc.assert(
        fc.asyncProperty(anyTenant, anyFilters, async (tenant, filters) => {
          const entity = await newEntity(filters);
          const files = filesOf(tenant.extracted);
          await sync(entity, files, tenant);
          const before = await written(entity);
          expect(before.length).toBeGreaterThan(50);
          await sync(entity, files, tenant);
          expect(await written(entity)).toEqual(before);
        }),
        { ...FIXED, numRuns: 4 },
      );
    });

    /** Where every row of the entity lies, and which transaction wrote it. */
    async function written(entity: string): Promise<string[]> {
      const tables = await all(sql<{ name: string }>`
        select table_schema || '.' || table_name as name from information_schema.columns
        where table_schema in ('prestaging', 'staging') and column_name = 'entity'
          and table_name not in ('reject', 'transaction_template') order by 1`);
      const rows: string[] = [];
      for (const { name } of tables) {
        const found = await all(sql<{ at: string }>`
          select ${name} || ' ' || ctid::text || ' ' || xmin::text as at from ${sql.table(name)}
          where entity = ${entity} order by ctid`);
        rows.push(...found.map(({ at }) => at));
      }
      return rows;
    }
  });
});

/** The newest version of every row that can be read. */
function newestOf(extracted: readonly Extracted[]): Extracted[] {
  const readable = extracted.filter(({ spoilt }) => !spoilt);
  return [...new Map(readable.map((each) => [`${each.object} ${each.row['Id']}`, each])).values()];
}

const isDriver = (object: string): boolean => driverAmount(object) !== undefined;

function countsOf(extracted: readonly Extracted[]): Record<string, string> {
  const counts = new Map<string, number>();
  for (const { object } of extracted) counts.set(object, (counts.get(object) ?? 0) + 1);
  return Object.fromEntries([...counts].map(([object, count]) => [object, String(count)]));
}

/** What the rows of drivers add up to, by object and by the currency of the account. */
function amountsOf(extracted: readonly Extracted[]): Record<string, string> {
  const accounts = new Map(
    newestOf(extracted).flatMap(({ object, row }) =>
      object === 'Account' ? [[row['Id'], row['Currency']]] : [],
    ),
  );
  const amounts = new Map<string, Decimal[]>();
  for (const { object, row } of extracted.filter((each) => isDriver(each.object))) {
    const text = row[driverAmount(object) ?? ''] ?? '0';
    const key = `${object} ${accounts.get(row['AccountId']) ?? ''}`.trim();
    const amount = /^-?\d+(\.\d+)?(e\d+)?$/.test(text) ? new Decimal(text) : new Decimal(0);
    amounts.set(key, [...(amounts.get(key) ?? []), amount]);
  }
  return Object.fromEntries([...amounts].map(([key, list]) => [key, sum(list).toFixed()]));
}

function extractedIn({ rows }: Balance, measure: 'count' | 'amount'): Record<string, string> {
  const sums = new Map<string, Decimal[]>();
  for (const row of rows.filter((each) => each.measure === measure)) {
    const key = measure === 'count' ? row.object : `${row.object} ${row.currency ?? ''}`.trim();
    sums.set(key, [...(sums.get(key) ?? []), new Decimal(row.extracted)]);
  }
  return Object.fromEntries([...sums].map(([key, list]) => [key, sum(list).toFixed()]));
}

function classesIn({ rows }: Balance): Record<string, number> {
  const classes = new Map<string, number>();
  for (const row of rows.filter(({ measure }) => measure === 'count')) {
    for (const name of ['staged', 'held', 'rejected'] as const) {
      const key = `${row.object} ${name}`;
      if (row[name] !== '0') classes.set(key, (classes.get(key) ?? 0) + Number(row[name]));
    }
  }
  return Object.fromEntries(classes);
}
