import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { inRun, load, storedRows, tellDeleted } from './load-ground.ts';

/** The same cases every time; a failure prints the case. */
const FIXED = { seed: 20_240_229, numRuns: 40, endOnFailure: true } as const;

const IDS = ['a', 'b', 'c', 'd', 'e'];
const VERSIONS = [1, 2, 3, 4];
/** A row that stays, and ids that were never here: the more is told, the less a few living rows among it matter. */
const BYSTANDER = { id: 'z', version: 1 };
const STRANGERS = Array.from({ length: 60 }, (_, at) => `stranger-${at}`);

interface Version {
  readonly id: string;
  readonly version: number;
}
/** What one run brings; whether deletions are told before the rows are loaded. */
interface Batch {
  readonly rows: readonly Version[];
  readonly deleted: readonly string[];
  readonly deletionsFirst: boolean;
}

const rowOf = ({ id, version }: Version) => ({
  Id: id,
  ChargeAmount: String(version),
  ChargeName: `${id} as of ${version}`,
  UpdatedDate: `2024-01-0${version}T00:00:00Z`,
  Region__c: version % 2 === 0 ? 'EMEA' : null,
});

/**
 * Versions of the rows in any order, cut into runs. A deletion is told by any run from the last one that still
 * has the row on, and by any of the later ones again: Data Query tells of thirty days.
 */
const arrivals = fc
  .record({
    last: fc.tuple(...IDS.map(() => fc.nat({ max: VERSIONS.length - 1 }))),
    deleted: fc.subarray(IDS),
    runs: fc.integer({ min: 1, max: 4 }),
  })
  .chain(({ last, deleted, runs }) => {
    const versions = IDS.flatMap((id, at) =>
      VERSIONS.slice(1, (last[at] ?? 0) + 1).map((version) => ({ id, version })),
    );
    return fc.record({
      versions: fc.constant(versions),
      deleted: fc.constant(deleted),
      runs: fc.constant(runs),
      order: fc.shuffledSubarray(versions, { minLength: versions.length }),
      runOf: fc.array(fc.nat({ max: runs - 1 }), { minLength: versions.length, maxLength: versions.length }),
      delays: fc.array(fc.nat({ max: runs }), { minLength: IDS.length, maxLength: IDS.length }),
      again: fc.array(fc.boolean(), { minLength: runs, maxLength: runs }),
      deletionsFirst: fc.array(fc.boolean(), { minLength: runs, maxLength: runs }),
    });
  })
  .map(({ versions, deleted, runs, order, runOf, delays, again, deletionsFirst }) => {
    const lastRun = (id: string) =>
      Math.max(0, ...order.flatMap((each, at) => (each.id === id ? [runOf[at] ?? 0] : [])));
    const toldBy = new Map(
      deleted.map((id) => [id, Math.min(runs - 1, lastRun(id) + (delays[IDS.indexOf(id)] ?? 0))]),
    );
    const batches = Array.from({ length: runs }, (_, run): Batch => {
      const due = deleted.filter((id) => {
        const first = toldBy.get(id) ?? 0;
        return run === first || (run > first && again[run] === true);
      });
      return {
        rows: order.filter((_each, at) => runOf[at] === run),
        deleted: due,
        deletionsFirst: deletionsFirst[run] === true,
      };
    });
    return { versions, deleted, batches };
  });

describe('deletions that are told', () => {
  let database: TestDatabase;
  let entities = 0;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const bring = async (entity: string, { rows, deleted, deletionsFirst }: Batch) =>
    inRun(database, entity, async (run) => {
      const steps = [
        () => load(database, run, 'InvoiceItem', rows.map(rowOf)),
        () => tellDeleted(database, run, 'InvoiceItem', [...deleted, ...STRANGERS]),
      ];
      for (const step of deletionsFirst ? steps.toReversed() : steps) await step();
    });
  const begin = async () => {
    const entity = `entity-${(entities += 1)}`;
    const rows = [...IDS.map((id) => ({ id, version: 1 })), BYSTANDER];
    await bring(entity, { rows, deleted: [], deletionsFirst: false });
    return entity;
  };
  const kept = async (entity: string) => {
    const { rows } = await sql<{ text: string }>`
      select distinct concat_ws(' ', id, content ->> 'charge_amount', content ->> 'deleted') as text
      from prestaging.history where entity = ${entity} order by 1`.execute(database.db);
    return rows.map(({ text }) => text);
  };

  test('leave the same rows, however they and the versions of the rows are ordered and batched', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, async ({ versions, deleted, batches }) => {
        const reference = await begin();
        const newest = IDS.flatMap((id) => versions.findLast((each) => each.id === id) ?? []);
        await bring(reference, { rows: newest, deleted: [], deletionsFirst: false });
        await bring(reference, { rows: [], deleted, deletionsFirst: false });

        const entity = await begin();
        for (const batch of batches) await bring(entity, batch);
        expect(await storedRows(database, entity, 'invoice_item')).toEqual(
          await storedRows(database, reference, 'invoice_item'),
        );

        const all = [...IDS.map((id) => ({ id, version: 1 })), ...versions];
        const gone = all.filter(
          (each) =>
            deleted.includes(each.id) ||
            all.some((other) => other.id === each.id && other.version > each.version),
        );
        expect(await kept(entity)).toEqual(
          gone.map(({ id, version }) => `${id} ${version} false`).toSorted(),
        );
      }),
      FIXED,
    );
  }, 240_000);
});
