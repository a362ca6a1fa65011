import { Readable } from 'node:stream';

import { sql } from 'kysely';

import { headerTarget } from '../../../src/billing/aqua/header.ts';
import { objectOf } from '../../../src/domain/catalogue/catalogue.ts';
import { destinyOf } from '../../../src/store/balance/destiny.ts';
import type { LoadCounts } from '../../../src/store/load/extract-checkpoint.ts';
import type { SourceFile } from '../../../src/store/load/land-files.ts';
import type { LandedColumn } from '../../../src/store/load/landing.ts';
import { loadObject, type LoadRequest } from '../../../src/store/load/load-object.ts';
import { type DeletedCounts, markDeleted } from '../../../src/store/load/tombstones.ts';
import { markVanished, type VanishedCounts } from '../../../src/store/load/vanished.ts';
import { abortRun, completeRun, openRun } from '../../../src/store/runs.ts';
import { csvOf, recordTenant, type Rows, type Target } from '../../support/sync-rows.ts';

export interface Opened {
  readonly run: string;
  readonly entity: string;
  readonly org: string;
}

let owners = 0;

/** Opens a run of an entity that is its own organisation. */
export async function opened(target: Target, entity: string): Promise<Opened> {
  await recordTenant(target, entity, entity);
  owners += 1;
  const run = await openRun(target.db, {
    entity,
    org: entity,
    owner: { workflowId: `test/${entity}`, runId: `load-${owners}` },
    window: { from: null, to: '2024-02-15T00:00:00Z', lookBack: false, movesMark: true, selection: {} },
  });
  if (run === undefined) throw new Error('a run of the entity is open');
  return { run: run.run, entity, org: entity };
}

/** Does the work in a run of its own and completes it; a run whose work failed is given up. */
export async function inRun<Result>(
  target: Target,
  entity: string,
  work: (run: Opened) => Promise<Result>,
): Promise<Result> {
  const run = await opened(target, entity);
  try {
    const result = await work(run);
    await completeRun(target.db, run.run, 'completed');
    return result;
  } catch (error) {
    await abortRun(target.db, run.run, 'test');
    throw error;
  }
}

/** A file of that text. */
export function fileOf(id: string, text: string): SourceFile {
  return { id, open: async () => Readable.from([Buffer.from(text)]) };
}

/** What the cells of a header mean, as the load activity reads them. */
export const readHeader =
  (name: string) =>
  (cells: readonly string[]): LandedColumn[] =>
    cells.map((cell) => headerTarget(objectOf(name), cell, 'Deleted') ?? { kind: 'ignored' as const });

/** Loads files of one object in a run. */
export async function loadFiles(
  { pool }: Target,
  run: Opened,
  name: string,
  files: readonly SourceFile[],
  more: Partial<LoadRequest> & Pick<LoadRequest, 'recordCount'>,
): Promise<LoadCounts> {
  return loadObject(pool, {
    ...run,
    object: objectOf(name),
    destiny: destinyOf(objectOf(name)),
    files,
    readHeader: readHeader(name),
    onBytes: () => undefined,
    ...more,
  });
}

/** Loads rows of one object in a run, as one file. */
export async function load(
  target: Target,
  run: Opened,
  name: string,
  rows: Rows[string],
  more: Partial<LoadRequest> = {},
): Promise<LoadCounts> {
  const recordCount = String(rows.length);
  return loadFiles(target, run, name, [fileOf(`${name}.csv`, csvOf(rows))], { recordCount, ...more });
}

/** Tells a run of deleted rows, as Data Query does. */
export async function tellDeleted(
  { pool }: Target,
  run: Opened,
  name: string,
  ids: readonly string[],
): Promise<DeletedCounts> {
  return markDeleted(pool, {
    ...run,
    object: objectOf(name),
    files: [fileOf(`${name}-deleted`, ['id', ...ids].join('\n'))],
    recordCount: String(ids.length),
    onBytes: () => undefined,
  });
}

/** Shows a run the keys of everything that Billing has. */
export async function showKeys(
  { pool }: Target,
  run: Opened,
  name: string,
  ids: readonly string[],
): Promise<VanishedCounts> {
  return markVanished(pool, {
    ...run,
    object: objectOf(name),
    files: [fileOf(`${name}-keys`, [`${name}.Id`, ...ids].join('\n'))],
    recordCount: String(ids.length),
    readHeader: readHeader(name),
    onBytes: () => undefined,
  });
}

/** Rows of a pre-staging table in the order of their ids, without the columns that tell how they came. */
export async function storedRows(
  { db }: Target,
  entity: string,
  table: string,
): Promise<Record<string, unknown>[]> {
  const { rows } = await sql<{ row: Record<string, unknown> }>`
    select jsonb_strip_nulls(to_jsonb(p) - 'entity' - 'org' - 'changed_run') as row
    from ${sql.table(`prestaging.${table}`)} as p where entity = ${entity} order by id`.execute(db);
  return rows.map(({ row }) => row);
}

/** What a run extracted, by the way it came. */
export async function extracts({ db }: Target, { run }: Opened): Promise<Record<string, unknown>> {
  const rows = await db
    .selectFrom('control.extract')
    .select(['source', 'file_id', 'extracted', 'changed'])
    .where('run', '=', run)
    .execute();
  return Object.fromEntries(rows.map(({ source, ...row }) => [source, row]));
}

/** The balance of a run as it stands in the table: `object measure currency` -> its classes that are not zero. */
export async function balanceOf({ db }: Target, { run }: Opened): Promise<Record<string, unknown>> {
  const { rows } = await sql<{ key: string; classes: unknown }>`
    select concat_ws(' ', object, measure, nullif(currency, '')) as key, (
      select jsonb_object_agg(c.key, c.value) from jsonb_each(jsonb_build_object(
        'extracted', trim_scale(extracted)::text, 'rejected', trim_scale(rejected)::text,
        'unchanged', trim_scale(unchanged)::text, 'reference', trim_scale(reference)::text,
        'excluded', trim_scale(excluded)::text)) as c where c.value <> '"0"'
    ) || exclusions as classes
    from control.balance where run = ${run}`.execute(db);
  return Object.fromEntries(rows.map(({ key, classes }) => [key, classes]));
}
