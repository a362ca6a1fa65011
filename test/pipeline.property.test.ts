import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { driverAmount } from '../src/domain/catalogue/driver-amount.ts';
import { digest } from '../src/store/digest.ts';
import { arrivals, batchOf, type Row, type Version, versionsOf } from './support/arrivals.ts';
import { contractState } from './support/contract-state.ts';
import { openTestDatabase, type TestDatabase } from './support/database.ts';
import { adjustment, memo } from './support/rich-tenant.ts';
import { sampleTenant } from './support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from './support/sync-rows.ts';

/** The same cases every time; a failure prints the case. */
const FIXED = { seed: 20_240_229, numRuns: 12, endOnFailure: true } as const;
const LIMIT = 240_000;

/** The sample, amended: its subscription has a second version that ends the charge in the middle of the year. */
function amended(): Version[] {
  const tenant = sampleTenant();
  const first = (object: string): Row => tenant[object]?.[0] ?? {};
  const later = '2024-01-20T00:00:00Z';
  return [
    ...versionsOf(tenant),
    {
      object: 'Subscription',
      row: {
        ...first('Subscription'),
        Id: 'sub2',
        Version: '2',
        PreviousSubscriptionId: 'sub1',
        UpdatedDate: later,
      },
    },
    {
      object: 'RatePlanCharge',
      row: {
        ...first('RatePlanCharge'),
        Id: 'rpc1v2',
        SubscriptionId: 'sub2',
        Version: '2',
        EffectiveEndDate: '2024-07-01',
        AmendedByOrderOn: '2024-01-20',
        UpdatedDate: later,
      },
    },
    {
      object: 'ChargeContractualValueAllCharges',
      row: {
        ...first('ChargeContractualValueAllCharges'),
        Id: 'ccv2',
        RatePlanChargeId: 'rpc1v2',
        Amount: '600.00',
      },
    },
  ];
}

/** With Invoice Settlement: credits of three origins, a debit that takes one back, and an item without a charge. */
function settled(): Version[] {
  const tenant = sampleTenant();
  const [item = {}] = tenant['InvoiceItem'] ?? [];
  const [code = {}] = tenant['AccountingCode'] ?? [];
  const without = { InvoiceId: null, ReferredInvoiceId: null };
  const alone = { InvoiceId: null, InvoiceItemId: null };
  const nothing = { ...alone, RatePlanChargeId: null, SubscriptionId: null };
  const codes = ['AccountReceivable', 'DeferredRevenue', 'RecognizedRevenue'];
  const credits = [
    memo('CreditMemo'),
    memo(
      'CreditMemo',
      { Id: 'cm2', Source: 'BillRun', ...without },
      { Id: 'cmi2', CreditMemoId: 'cm2', ...alone },
    ),
    memo(
      'CreditMemo',
      { Id: 'cm3', Source: 'AdhocFromPrpc', ...without },
      { Id: 'cmi3', CreditMemoId: 'cm3', ...nothing },
    ),
    memo(
      'DebitMemo',
      { Source: 'AdhocFromCreditMemo', ReferredCreditMemoId: 'cm2', ...without },
      { SourceItemId: 'cmi2', ...nothing },
    ),
  ];
  return [
    ...amended(),
    ...credits.flatMap((rows) => versionsOf(rows)),
    {
      object: 'InvoiceItem',
      row: {
        ...item,
        Id: 'alone',
        RatePlanChargeId: null,
        SubscriptionId: null,
        ...Object.fromEntries(codes.map((name) => [`${name}AccountingCodeId`, code['Id'] ?? null])),
      },
    },
  ];
}

/** Without it: a credit and a charge by adjustment. */
const adjusted = (): Version[] => [
  ...amended(),
  { object: 'InvoiceItemAdjustment', row: adjustment() },
  { object: 'InvoiceItemAdjustment', row: adjustment({ Id: 'adj2', Type: 'Charge', Amount: '3.00' }) },
];

/** Earlier forms of some rows: what an export of last week would have had. */
function earlierForms(): Version[] {
  const tenant = sampleTenant();
  const earlier = '2024-01-04T00:00:00Z';
  const before = (object: string, id: string, was: Row): Version => ({
    object,
    row: { ...tenant[object]?.find((row) => row['Id'] === id), ...was, UpdatedDate: earlier },
  });
  return [
    before('Account', 'acc', { Name: 'Before they merged', Currency: 'EUR' }),
    before('Invoice', 'inv1', { Status: 'Draft', InvoiceDate: '2024-01-09' }),
    before('InvoiceItem', 'item2', { ChargeAmount: '90.00' }),
    before('RatePlanCharge', 'rpc1', { Quantity: '1', OriginalOrderDate: null }),
    before('ChargeContractualValueAllCharges', 'ccv1', { Amount: '1100.00', Elp: null }),
    before('Product', 'prod', { Name: 'Before it was Cloud' }),
  ];
}

/** The same of what corrects. */
function earlierCorrections(versions: readonly Version[]): Version[] {
  const was: Readonly<Record<string, Row>> = {
    CreditMemo: { Status: 'Draft', Source: null },
    CreditMemoItem: { AmountWithoutTax: '39.00', RatePlanChargeId: null },
    DebitMemoItem: { ServiceStartDate: null },
    InvoiceItemAdjustment: { Type: 'Charge', Status: 'Canceled' },
  };
  return versions.flatMap(({ object, row }) => {
    const before = was[object];
    return before === undefined
      ? []
      : [{ object, row: { ...row, ...before, UpdatedDate: '2024-01-04T00:00:00Z' } }];
  });
}

/** Adjustments and memos exclude each other, so there are two tenants; and how many lines each has in the end. */
const TENANTS = [
  ['with Invoice Settlement', settled, true, 10],
  ['without Invoice Settlement', adjusted, false, 5],
] as const;

describe.each(TENANTS)('the pipeline of a tenant %s', (_what, everything, settlement, collected) => {
  let database: TestDatabase;
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const newEntity = (): string => `entity-${(entities += 1)}`;
  const sync = (entity: string, rows: Rows) => syncRows(database, rows, { entity, org: entity, settlement });
  const collect = (entity: string) => collectOrg(database, entity);
  const rowsOf = async (query: ReturnType<typeof sql<{ row: unknown }>>) =>
    (await query.execute(database.db)).rows.map(({ row }) => row);

  /** What became of everything, but for when, by which run and under which surrogate id. */
  const outcome = async (entity: string) => ({
    lines: await rowsOf(
      sql`select jsonb_strip_nulls(to_jsonb(l) - array['entity', 'org', 'run'] || jsonb_build_object('status', s.status)) as row
        from staging.line as l left join staging.line_state as s on s.entity = l.entity and s.id = l.id
        where l.entity = ${entity} order by l.id`,
    ),
    holds: await rowsOf(
      sql`select jsonb_build_array(line, limitation, kind, message, remedy) as row
        from staging.hold where entity = ${entity} order by line, limitation`,
    ),
    collected: await rowsOf(
      sql`select to_jsonb(r) - array['entity', 'org', 'collection', 'contract'] as row
        from revenue.line as r where entity = ${entity} order by line`,
    ),
    contracts: await contractState(database, entity),
  });

  describe('P1: a sync of what was synced changes nothing', () => {
    test('not one row, and every row counts as unchanged', async () => {
      const entity = newEntity();
      const rows = batchOf(everything(), everything());
      await sync(entity, rows);
      await collect(entity);
      const before = await digest(database.db);
      const { balance } = await sync(entity, rows);
      await collect(entity);
      expect((await digest(database.db)).tables).toEqual(before.tables);
      expect(balance.rows.every(({ extracted, unchanged }) => extracted === unchanged)).toBe(true);
    });
  });

  describe('P2: neither order nor batching of arrival changes the result', () => {
    test(
      'of all versions of all rows, collected when everything is there',
      async () => {
        const versions = [...everything(), ...earlierForms(), ...earlierCorrections(everything())];
        const reference = newEntity();
        await sync(reference, batchOf(everything(), versions));
        await collect(reference);
        const expected = await outcome(reference);
        expect(expected.collected).toHaveLength(collected);
        await fc.assert(
          fc.asyncProperty(arrivals(versions), async (batches) => {
            const entity = newEntity();
            for (const batch of batches) await sync(entity, batchOf(batch, versions));
            await collect(entity);
            expect(await outcome(entity)).toEqual(expected);
          }),
          FIXED,
        );
      },
      LIMIT,
    );

    test(
      'of the contracts, also when every batch is collected at once',
      async () => {
        const versions = everything();
        const reference = newEntity();
        await sync(reference, batchOf(versions, versions));
        await collect(reference);
        const expected = await contractState(database, reference);
        await fc.assert(
          fc.asyncProperty(arrivals(versions), async (batches) => {
            const entity = newEntity();
            for (const batch of batches) {
              await sync(entity, batchOf(batch, versions));
              await collect(entity);
            }
            expect(await contractState(database, entity)).toEqual(expected);
          }),
          FIXED,
        );
      },
      LIMIT,
    );
  });

  describe('P5: no row is lost, whatever is missing', () => {
    test(
      'the classes add up to what was extracted, and every driver that is not excluded has a line',
      async () => {
        const versions = everything();
        await fc.assert(
          fc.asyncProperty(fc.subarray(versions), async (some) => {
            const { balance } = await sync(newEntity(), batchOf(some, versions));
            expect(balance.unequal).toEqual([]);
            for (const { object, row } of some.filter((each) => driverAmount(each.object) !== undefined)) {
              const lines = await rowsOf(
                sql`select to_jsonb(id) as row from staging.line
                  where entity = ${balance.entity} and source_object = ${object} and source_id = ${row['Id']}`,
              );
              expect(lines, `${object} ${row['Id']}`).not.toEqual([]);
            }
          }),
          FIXED,
        );
      },
      LIMIT,
    );
  });
});

describe('P7: what becomes of one organisation does not depend on another', () => {
  test('that has rows of the same ids, synced and collected in between', async () => {
    const changed = amended().map(({ object, row }) => ({
      object,
      row: {
        ...row,
        ...(row['Amount'] == null ? {} : { Amount: '77.00' }),
        ...(row['ChargeAmount'] == null ? {} : { ChargeAmount: '7.00' }),
        ...(row['TermStartDate'] == null ? {} : { TermStartDate: '2023-12-01' }),
        ...(object === 'Account' ? { Name: 'Somebody else', Currency: 'EUR' } : {}),
      },
    }));
    const versions = amended();
    const half = Math.floor(versions.length / 2);
    const steps = [versions.slice(half), versions.slice(0, half)].map((batch) => batchOf(batch, versions));

    const live = async (withOther: boolean) => {
      const database = await openTestDatabase();
      const other = async (rows: Rows) => {
        if (!withOther) return;
        await syncRows(database, rows, { entity: 'other', org: 'other' });
        await collectOrg(database, 'other');
      };
      try {
        await other(batchOf(changed.slice(0, half), changed));
        for (const step of steps) {
          await syncRows(database, step, { entity: 'own', org: 'own' });
          await other(batchOf(changed, changed));
          await collectOrg(database, 'own');
        }
        return await everythingOf(database, 'own');
      } finally {
        await database.close();
      }
    };
    const alone = await live(false);
    expect(alone['revenue.line']).toHaveLength(3);
    expect(await live(true)).toEqual(alone);
  });
});

/** Every row that an organisation has, without clock times, runs and surrogate ids. */
async function everythingOf({ db }: TestDatabase, org: string): Promise<Record<string, unknown[]>> {
  const { rows: tables } = await sql<{ schema: string; name: string }>`
    select table_schema as schema, table_name as name from information_schema.columns
    where table_schema in ('prestaging', 'staging', 'revenue') and column_name = 'org' order by 1, 2`.execute(
    db,
  );
  const everything: Record<string, unknown[]> = {};
  const leftOut = [
    'run',
    'changed_run',
    'replaced_run',
    'replaced_at',
    'collection',
    'hold',
    'since',
    'made_at',
  ];
  for (const { schema, name } of tables) {
    const { rows } = await sql<{ row: unknown }>`
      select to_jsonb(t) - ${leftOut}::text[] as row from ${sql.table(`${schema}.${name}`)} as t
      where t.org = ${org} order by (to_jsonb(t) - ${leftOut}::text[])::text`.execute(db);
    everything[`${schema}.${name}`] = rows.map(({ row }) => row);
  }
  return everything;
}
