import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { keepFindings } from '../../../src/store/limitations/keep-findings.ts';
import { listFindings } from '../../../src/store/list-findings.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';
import { syncRows } from '../../support/sync-rows.ts';

const TEXTS = { odd: { message: '{source} as {line}: {detail}.', remedy: 'Look.' } };

type Given = readonly [
  id: string,
  line: string | null,
  amount: string,
  currency: string | null,
  detail: string,
];

const given = (...rows: readonly Given[]): RawBuilder<unknown> =>
  sql.join(
    rows.map(
      ([id, line, amount, currency, detail]) =>
        sql`select 'odd' as finding, 'Thing' as object, ${id}::text as id, ${line}::text as line,
          ${amount}::numeric as amount, ${currency}::text as currency, ${detail}::text as detail`,
    ),
    sql` union all `,
  );

describe('keepFindings', () => {
  let database: TestDatabase;
  let reporting = { run: '', entity: 'demo', org: 'default' };
  beforeAll(async () => {
    database = await openTestDatabase();
    reporting = { ...reporting, run: (await syncRows(database, {})).run };
  });
  afterAll(() => database.close());

  const keep = (...rows: readonly Given[]) =>
    keepFindings(database.db, reporting, { texts: TEXTS, wanted: given(...rows) });
  const open = async () =>
    (await listFindings(database.db, { finding: 'odd', open: true })).map(
      ({ message, amount, currency }) => `${message} ${amount ?? ''} ${currency ?? '-'}`,
    );

  test('keeps one finding of a row and a line, the largest, however often it is given', async () => {
    await keep(['a', null, '5', 'USD', 'x'], ['a', null, '-7', null, 'y'], ['a', 'SO:1', '1', 'EUR', 'z']);
    expect((await open()).toSorted()).toEqual(['Thing a as : y. -7.00 -', 'Thing a as SO:1: z. 1.00 EUR']);
  });

  test('resolves what is not given any more, and opens it again when it is', async () => {
    await keep(['a', 'SO:1', '1', 'EUR', 'z']);
    expect(await open()).toEqual(['Thing a as SO:1: z. 1.00 EUR']);
    await keep(['a', 'SO:1', '2', 'EUR', 'z'], ['b', null, '3', 'USD', 'w']);
    expect((await open()).toSorted()).toEqual(['Thing a as SO:1: z. 2.00 EUR', 'Thing b as : w. 3.00 USD']);
  });
});
