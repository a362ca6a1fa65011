import { sql } from 'kysely';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { contractGroups, contractKeys } from '../../support/contract-groups.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { usedSetup } from '../../support/setups.ts';
import { stageBookings, type StagedBooking } from '../../support/staged-bookings.ts';
import { collectOrg, recordTenant } from '../../support/sync-rows.ts';

const RUNS = { numRuns: 12 };
const DAYS = 10;

/** Lines cut into collections: true begins the next one. */
const cutAt = <Line>(lines: readonly Line[], cuts: readonly boolean[]): Line[][] => {
  const batches: Line[][] = [[]];
  lines.forEach((line, at) => {
    if (at > 0 && cuts[at % cuts.length] === true) batches.push([]);
    batches.at(-1)?.push(line);
  });
  return batches;
};

/** Shuffled by sort keys, so that a shorter counterexample stays one. */
const shuffled = <Line>(lines: readonly Line[], keys: readonly number[]): Line[] =>
  lines
    .map((line, at) => ({ line, key: keys[at % keys.length] ?? 0 }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ line }) => line);

const cuts = fc.array(fc.boolean(), { minLength: 1, maxLength: 6 });
const order = fc.array(fc.nat(99), { minLength: 1, maxLength: 10 });

describe('placeInContracts', () => {
  let database: TestDatabase;
  let orgs = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const collected = async (batches: readonly (readonly StagedBooking[])[], rules?: object[]) => {
    const org = `org-${(orgs += 1)}`;
    await recordTenant(database, org, org);
    if (rules !== undefined) await usedSetup(database.db, 'grouping', { name: org, org, rules });
    for (const batch of batches) {
      await stageBookings(database, org, batch);
      await collectOrg(database, org);
    }
    return org;
  };
  const groups = (org: string) => contractGroups(database, org);

  test('makes the same contracts in whatever order and in however many collections the lines come', async () => {
    const line = fc.record({
      charge: fc.constantFrom('a', 'b', 'c', 'd'),
      segment: fc.constantFrom(1, 2),
      version: fc.integer({ min: 1, max: 3 }),
    });
    const lines = fc.uniqueArray(line, {
      minLength: 1,
      maxLength: 10,
      selector: ({ charge, segment, version }) => `${charge}.${segment}@${version}`,
    });
    // A segment belongs to one term, and a charge to one subscription or, without one, to its customer.
    const bookings = lines.map((list) =>
      list.map(({ charge, segment, version }) => ({
        soLineId: `${charge}.${segment}`,
        version,
        amount: String(version),
        fields: {
          'Subscription Name': charge === 'd' ? null : charge === 'c' ? 'S-2' : 'S-1',
          'Term Number': String(segment),
        },
      })),
    );
    await fc.assert(
      fc.asyncProperty(bookings, order, cuts, async (list, keys, at) => {
        const [together, apart] = [await collected([list]), await collected(cutAt(shuffled(list, keys), at))];
        expect(await groups(apart)).toEqual(await groups(together));
        expect(await contractKeys(database, apart)).toEqual(await contractKeys(database, together));
      }),
      RUNS,
    );
  });

  describe('with windows', () => {
    const rules = [{ seq: 1, keys: ['Customer Number'], window: { days: DAYS } }];
    const days = fc.array(fc.nat(60), { minLength: 1, maxLength: 9 });
    const dayOf = (day: number): string => new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
    const documents = (list: readonly number[]) =>
      list.map((day, at) => ({ day, soLineId: `d${at}.1`, fields: { 'SO Book Date': dayOf(day) } }));

    /** A window opens with the first document that no window holds. */
    const expected = (list: readonly { readonly day: number; readonly soLineId: string }[]): string[][] => {
      const windows: { start: number; lines: string[] }[] = [];
      for (const { day, soLineId } of list.toSorted((a, b) => a.day - b.day)) {
        const last = windows.at(-1);
        if (last !== undefined && day < last.start + DAYS) last.lines.push(soLineId);
        else windows.push({ start: day, lines: [soLineId] });
      }
      return windows.map(({ lines }) => lines.toSorted()).toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1));
    };

    test('counts them from the first document, in whatever order the lines of a collection come', async () => {
      await fc.assert(
        fc.asyncProperty(days.map(documents), order, async (list, keys) => {
          expect(await groups(await collected([shuffled(list, keys)], rules))).toEqual(expected(list));
        }),
        RUNS,
      );
    });

    test('makes the same contracts of collections that come in the order of dates as of one', async () => {
      await fc.assert(
        fc.asyncProperty(days.map(documents), cuts, async (list, at) => {
          const sorted = list.toSorted((a, b) => a.day - b.day);
          expect(await groups(await collected(cutAt(sorted, at), rules))).toEqual(expected(list));
        }),
        RUNS,
      );
    });

    test('never moves what is collected, and leaves no document out of reach of its contract', async () => {
      await fc.assert(
        fc.asyncProperty(days.map(documents), order, cuts, async (list, keys, at) => {
          const batches = cutAt(shuffled(list, keys), at);
          const org = await collected(batches.slice(0, 1), rules);
          const before = await placesOf(org);
          for (const batch of batches.slice(1)) {
            await stageBookings(database, org, batch);
            await collectOrg(database, org);
          }
          const after = await placesOf(org);
          expect(after).toMatchObject(before);
          const reach = await sql<{ days: number }>`
            select abs(l.so_book_date - r.window_start) as days from revenue.booking as b
            join revenue.contract as r on r.org = b.org and r.id = b.contract
            join staging.line as l on l.entity = b.entity and l.id = b.line
            where b.org = ${org}`.execute(database.db);
          expect(Math.max(...reach.rows.map((row) => row.days))).toBeLessThan(DAYS);
        }),
        RUNS,
      );
    });

    const placesOf = async (org: string): Promise<Record<string, string>> => {
      const { rows } = await sql<{ so: string; contract: string }>`
        select so_line_id as so, contract from revenue.booking where org = ${org}`.execute(database.db);
      return Object.fromEntries(rows.map(({ so, contract }) => [so, contract]));
    };
  });
});
