import { sql } from 'kysely';

import { RevsyncError } from '../../domain/errors.ts';
import { STAGING_FIELDS } from '../../domain/mapping/staging-fields.ts';
import type { Db } from '../database.ts';

/** What a line has beside its fields; `withheld` is left out, since only the transform knows it. */
const KEYS = ['type', 'form', 'source_object', 'source_id', 'template', 'template_version', 'run', 'sources'];

/**
 * Makes sure that `bench.line` and `staging.line` hold the same lines with the same value in every field.
 *
 * @throws RevsyncError `BENCH_UNEQUAL`, which names the columns that differ
 */
export async function requireEqualLines(db: Db): Promise<void> {
  const columns = [...KEYS, ...STAGING_FIELDS.map(({ column }) => column)];
  const differing = columns.map(
    (column) =>
      sql`case when bool_or(${sql.id('h', column)} is distinct from ${sql.id('t', column)}) then ${sql.lit(column)} end`,
  );
  const { rows } = await sql<{ columns: string[] }>`
    select array_remove(array[${sql.join(differing)}], null) as columns
    from bench.line as h full join staging.line as t on t.entity = h.entity and t.id = h.id`.execute(db);
  const names = rows[0]?.columns.join(', ') ?? '';
  if (names === '') return;
  throw new RevsyncError(
    `The hand-written statement forms other lines than the transform. They differ in: ${names}.`,
    {
      code: 'BENCH_UNEQUAL',
      fate: 'bug',
      remedy:
        'Bring src/store/bench/invoice-lines.sql up to what the template compiles to: a ratio between different lines means nothing.',
    },
  );
}
