import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { openPeriod, openPeriodOf } from '../../src/store/periods.ts';
import { chaptersOf, tenantOf } from '../support/charge-stories.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { memo } from '../support/rich-tenant.ts';
import { collectOrg, recordTenant, type Rows, syncRows } from '../support/sync-rows.ts';
import { caseFile, casesOf } from './read-cases.ts';

const FILE = caseFile();

const DAY = z.iso.date();

/** A line by its own day; `so` is the booking that a billing refers to, `arrived` the day it came, if that is another. */
const LINE = z.object({
  id: z.string(),
  type: z.enum(['SO', 'INV', 'CM']),
  date: DAY,
  so: z.string().nullish(),
  arrived: DAY.nullish(),
});
type CaseLine = z.infer<typeof LINE>;

const CASES = casesOf(
  FILE,
  'rule:collect',
  z.object({ lines: z.array(LINE).min(1), runs: z.array(DAY).min(1) }),
  z.object({ collectedAt: z.record(DAY, z.array(z.string())), held: z.array(z.string()) }),
);

/** The booking of 04/02/2020 and the invoice of 04/01/2020 that the source explains it by. */
const SEED: readonly CaseLine[] = [
  { id: 'invoice', type: 'INV', date: '2020-04-01', so: 'booking' },
  { id: 'booking', type: 'SO', date: '2020-04-02' },
];

describe('Data Collection, run after run', () => {
  let database: TestDatabase;
  let org = '';
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  beforeEach(async () => {
    org = `org-${(orgs += 1)}`;
    await recordTenant(database, org, org);
  });
  afterAll(() => database.close());

  /** A sync of these lines and a collection, with the month of the day as the open period. */
  const run = async (day: string, lines: readonly CaseLine[]) => {
    const period = day.slice(0, 7);
    if ((await openPeriodOf(database.db, org))?.period !== period) {
      await openPeriod(database.db, { org, period, by: 'ann', reason: 'A new month.' });
    }
    const before = new Set(await collected());
    await syncRows(database, rowsOf(lines), { entity: org, org, settlement: true });
    await collectOrg(database, org);
    return (await collected()).filter((id) => !before.has(id));
  };
  /** What each run collects of the lines that have come by then, in the order of the lines. */
  const runAll = async (lines: readonly CaseLine[], runs: readonly string[]) => {
    const collectedAt: Record<string, string[]> = {};
    let last = '';
    for (const day of runs) {
      const since = last;
      const came = lines.map((line) => ({ ...line, came: line.arrived ?? line.date }));
      collectedAt[day] = await run(
        day,
        came.filter((line) => line.came > since && line.came <= day),
      );
      last = day;
    }
    return collectedAt;
  };
  const collected = () =>
    idsOf(sql`staging.line as l join revenue.line as r on r.entity = l.entity and r.line = l.id`);
  /** Held with a reason; a line that waits has one, too. */
  const held = () =>
    idsOf(sql`staging.line as l join staging.hold as h on h.entity = l.entity and h.line = l.id
      and h.message <> '' and h.remedy <> ''`);
  /** By the names that the cases give the lines; bookings that were made for a billing have none. */
  const idsOf = async (lines: ReturnType<typeof sql>): Promise<string[]> => {
    const { rows } = await sql<{ id: string }>`
      select distinct regexp_replace(l.source_id, '-rpc1$', '') as id from ${lines}
      where l.org = ${org} and not (l.type = 'SO' and l.so_line_id like 'REVSYNC-%')`.execute(database.db);
    return rows.map(({ id }) => id).toSorted();
  };
  const standalone = async () =>
    (
      await sql<{ id: string }>`
        select source_id as id from staging.line
        where org = ${org} and type = 'SO' and so_line_id like 'REVSYNC-%'`.execute(database.db)
    ).rows
      .map(({ id }) => id)
      .toSorted();

  test.skipIf(CASES.length === 0).each(CASES)('%s: %o ends as %o', async (_id, { lines, runs }, expected) => {
    const sorted = Object.entries(expected.collectedAt).map(([day, ids]) => [day, ids.toSorted()]);
    expect(await runAll(lines, runs)).toEqual(Object.fromEntries(sorted));
    expect(await held()).toEqual(expected.held.toSorted());
    const alone = lines.filter(({ type, so }) => type !== 'SO' && so == null).map(({ id }) => id);
    expect(await standalone(), 'nothing else is taken for standalone').toEqual(alone.toSorted());
  });

  test('the invoice of 04/01/2020 and its booking of 04/02/2020 are both collected on 04/02/2020', async () => {
    expect(await runAll(SEED, ['2020-04-01', '2020-04-02'])).toEqual({
      '2020-04-01': [],
      '2020-04-02': ['booking', 'invoice'],
    });
    expect(await held()).toEqual([]);
  });

  test('so they are when they come together, and on any later day', async () => {
    expect(await runAll(SEED, ['2020-04-20'])).toEqual({ '2020-04-20': ['booking', 'invoice'] });
  });

  test('a period later, an invoice is not collected before its booking either', async () => {
    const next = SEED.map((line) =>
      line.type === 'SO' ? { ...line, date: '2020-05-04', arrived: '2020-04-02' } : line,
    );
    expect(await runAll(next, ['2020-04-30', '2020-05-04'])).toEqual({
      '2020-04-30': [],
      '2020-05-04': ['booking', 'invoice'],
    });
  });
});

function rowsOf(lines: readonly CaseLine[]): Rows {
  const rows: Record<string, Rows[string]> = { ...tenantOf([]) };
  for (const [object, row] of lines.flatMap(rowsOfLine)) rows[object] = [...(rows[object] ?? []), row];
  return rows;
}

type NamedRow = readonly [object: string, row: Rows[string][number]];

function rowsOfLine({ id, type, date, so }: CaseLine): NamedRow[] {
  if (type === 'SO') return chaptersOf({ id, versions: [{ booked: '1200', dated: date }] }).flat();
  if (so == null) return standaloneMemo(id, date);
  const kind = type === 'INV' ? 'invoice' : 'credit';
  return chaptersOf({ id: so, versions: [], billings: [{ id, kind, amount: '100', date }] }).flat();
}

/** A credit memo that a person made from a product charge, which refers to nothing. */
function standaloneMemo(id: string, date: string): NamedRow[] {
  const nothing = { InvoiceId: null, InvoiceItemId: null, RatePlanChargeId: null, SubscriptionId: null };
  const header = {
    Id: `of-${id}`,
    MemoDate: date,
    Source: 'AdhocFromPrpc',
    SourceType: 'Standalone',
    InvoiceId: null,
    ReferredInvoiceId: null,
  };
  const made = memo('CreditMemo', header, { ...nothing, Id: id, CreditMemoId: `of-${id}` });
  return Object.entries(made).flatMap(([object, all]) => all.map((row) => [object, row] as const));
}
