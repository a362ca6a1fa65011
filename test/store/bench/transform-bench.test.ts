import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { requireEqualLines } from '../../../src/store/bench/require-equal-lines.ts';
import { benchTransform, type TransformBench } from '../../../src/store/bench/transform-bench.ts';
import { type Db, openDatabase, openPool } from '../../../src/store/database.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';

const ITEMS = 2_000;

describe('the benchmark of the transform', () => {
  let database: TestDatabase;
  /** With the rights to the hand-written statement's table. */
  let admin: Db;
  let measured: TransformBench;
  const reported: string[] = [];
  beforeAll(async () => {
    database = await openTestDatabase();
    admin = openDatabase(openPool(database.url, { connections: 1 }));
    measured = await benchTransform({
      url: database.url,
      items: ITEMS,
      runs: 2,
      report: (line) => reported.push(line),
    });
  });
  afterAll(async () => {
    await admin.destroy();
    await database.close();
  });

  test('counts every round but the warm-up', () => {
    expect(measured.runs).toHaveLength(2);
    expect(reported.map((line) => line.split(':')[0])).toEqual([
      'Filling pre-staging',
      'warm-up',
      'round 1',
      'round 2',
    ]);
    for (const { handWritten, transform, ratio } of measured.runs) {
      expect(ratio).toBe(transform / handWritten);
      expect(Math.min(handWritten, transform)).toBeGreaterThan(0);
    }
  });

  test('forms lines of every sort: of charges and without, of discounts, held back and left out', async () => {
    const { rows } = await sql<Record<string, string>>`
      select count(*) filter (where type = 'INV') as billed, count(*) filter (where type = 'SO') as booked,
        count(*) filter (where so_line_id like '%.%.%') as discounted, count(withheld) as withheld,
        count(*) filter (where term_number > 1) as renewed
      from staging.line`.execute(admin);
    expect(rows).toEqual([{ billed: '1991', booked: '10', discounted: '70', withheld: '2', renewed: '43' }]);
    expect(measured.lines).toBe(2001);
    expect(measured.items).toBe(ITEMS);
  });

  describe('that its two statements form the same lines', () => {
    const spoiled = async (spoil: string): Promise<unknown> => {
      const thrown = admin.transaction().execute(async (trx) => {
        await sql.raw(spoil).execute(trx);
        await requireEqualLines(trx);
        throw new Error('they passed for equal');
      });
      return thrown.catch((error: unknown) => error);
    };

    test('is so after the last round', async () => {
      await requireEqualLines(admin);
    });

    test.each([
      ['another value', `update bench.line set term_number = 9 where id = (select min(id) from bench.line)`],
      [
        'a value too few',
        `update bench.line set term_number = null where id = (select min(id) from bench.line)`,
      ],
      [
        'another source',
        `update bench.line set sources[3] = now() where id = (select max(id) from bench.line)`,
      ],
      ['a line too few', `delete from bench.line where id = (select min(id) from bench.line)`],
      [
        'a line too many',
        `insert into bench.line (entity, org, id, type, source_object, source_id, template, template_version, run, sources)
          select entity, org, 'one more', type, source_object, source_id, template, template_version, run, sources
          from bench.line limit 1`,
      ],
    ])('is not so with %s', async (_, spoil) => {
      expect(await spoiled(spoil)).toMatchObject({ code: 'BENCH_UNEQUAL' });
    });

    test('names the fields in which they differ', async () => {
      const error = await spoiled('update bench.line set term_number = 9, invoice_qty = invoice_qty + 1');
      expect(error).toMatchObject({ message: expect.stringMatching(/: invoice_qty, term_number\.$/) });
    });
  });
});
