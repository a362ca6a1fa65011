import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { changedRow, sampleTenant } from '../../support/sample-tenant.ts';
import { collectOrg, type Rows, syncRows } from '../../support/sync-rows.ts';

/** The same cases every time; a failure prints the case. */
const FIXED = { seed: 20_240_229, numRuns: 8, endOnFailure: true } as const;
const LIMIT = 120_000;

const gone = (object: string, id: string, day: string) =>
  changedRow(object, id, { Deleted: 'true', UpdatedDate: `2024-01-${day}T00:00:00Z` });
const back = (object: string, id: string, day: string) =>
  changedRow(object, id, { Deleted: null, UpdatedDate: `2024-01-${day}T00:00:00Z` });

/** A row that goes, one that goes and comes back, one that goes twice, and two that lines need. */
const EVENTS: readonly Rows[] = [
  gone('InvoiceItem', 'item1', '20'),
  gone('InvoiceItem', 'item2', '20'),
  back('InvoiceItem', 'item2', '21'),
  gone('RatePlanCharge', 'rpc1', '20'),
  back('RatePlanCharge', 'rpc1', '21'),
  gone('RatePlanCharge', 'rpc1', '22'),
  gone('Invoice', 'inv1', '20'),
  back('Invoice', 'inv1', '21'),
  gone('Subscription', 'sub1', '22'),
];

const together = (events: readonly Rows[]): Rows =>
  events.reduce<Record<string, Rows[string]>>((batch, rows) => {
    for (const [name, some] of Object.entries(rows)) batch[name] = [...(batch[name] ?? []), ...some];
    return batch;
  }, {});

/** Every order of the events, cut into one to four batches. */
const arrivals = fc
  .tuple(
    fc.shuffledSubarray([...EVENTS], { minLength: EVENTS.length }),
    fc.array(fc.nat({ max: EVENTS.length }), { maxLength: 3 }),
  )
  .map(([order, cuts]) => {
    const edges = [0, ...cuts.toSorted((a, b) => a - b), order.length];
    return edges.slice(1).map((edge, index) => order.slice(edges[index], edge));
  });

describe('deletions', () => {
  let database: TestDatabase;
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const rowsOf = async (query: ReturnType<typeof sql<{ row: unknown }>>) =>
    (await query.execute(database.db)).rows.map(({ row }) => row);

  /** Lines with their status, holds, and what is found, but for when and by which run. */
  const outcome = async (org: string) => ({
    lines: await rowsOf(sql`
      select jsonb_build_array(l.id, s.status, l.ext_sell_price) as row
      from staging.line as l left join staging.line_state as s on s.entity = l.entity and s.id = l.id
      where l.entity = ${org} order by l.id`),
    holds: await rowsOf(sql`
      select jsonb_build_array(line, limitation, message) as row from staging.hold
      where entity = ${org} order by line, limitation`),
    findings: await rowsOf(sql`
      select jsonb_build_array(object, source_id, line, amount, currency, message) as row from staging.finding
      where entity = ${org} and resolved_at is null order by object, source_id, line`),
  });

  test.each(['not collected', 'collected'])(
    'of rows with lines that are %s come to the same in whatever order and batches they arrive',
    async (status) => {
      const start = async (): Promise<string> => {
        const org = `org-${(orgs += 1)}`;
        await syncRows(database, sampleTenant(), { entity: org, org });
        if (status === 'collected') await collectOrg(database, org);
        return org;
      };
      const reference = await start();
      await syncRows(database, together(EVENTS), { entity: reference, org: reference });
      const expected = await outcome(reference);
      expect(expected.findings).toHaveLength(4);
      await fc.assert(
        fc.asyncProperty(arrivals, async (batches) => {
          const org = await start();
          for (const batch of batches) await syncRows(database, together(batch), { entity: org, org });
          expect(await outcome(org)).toEqual(expected);
        }),
        FIXED,
      );
    },
    LIMIT,
  );
});
