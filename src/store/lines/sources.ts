import { sql } from 'kysely';

import { CATALOGUE } from '../../domain/catalogue/catalogue.ts';
import type { Db } from '../database.ts';
import { instantText } from '../instant-text.ts';
import type { LineKey } from './line-key.ts';
import type { Trail } from './trail.ts';

/** A billing row that a line was formed from. */
export interface LineSource {
  readonly object: string;
  /**
   * The row's key in pre-staging: of the row that the template's way leads to now. Null when that is surely
   * another one than the line was formed from.
   */
  readonly id: string | null;
  /** The row's version when the line was formed. */
  readonly updatedDate: string | null;
  /** How the template reaches the row: `Subscription.InvoiceOwner`. */
  readonly paths: readonly string[];
  /** Whether a later run brought a newer version of the row, or another row in its place. */
  readonly changedSince: boolean;
}

/** A stop of the trail as pre-staging has it now. */
interface Reached {
  readonly id: string | null;
  readonly table: string | null;
  readonly updated: string | null;
  readonly changed: string | null;
}

interface LineTrace {
  readonly entity: string;
  readonly id: string;
  readonly run: string;
  /** The dates kept with the line. */
  readonly dates: readonly (string | null)[];
  /** In the order of the trail's stops, then its derived ones. */
  readonly reached: readonly Reached[];
}

/**
 * The sources of lines that one template version formed, by place in `keys`. The rows are found by joining
 * pre-staging again; the dates are those kept with the line, so that what changed since is told apart.
 */
export async function readSources(
  db: Db,
  trail: Trail,
  keys: readonly LineKey[],
): Promise<Map<string, LineSource[]>> {
  const traces = await trace(db, trail, keys);
  return new Map(traces.map((each) => [keyText(each), sourcesOf(trail, each)]));
}

/** One string per key of a line. */
export const keyText = ({ entity, id }: LineKey): string => `${entity}|${id}`;

async function trace(db: Db, trail: Trail, keys: readonly LineKey[]): Promise<LineTrace[]> {
  const { driver } = trail.tree;
  const stops = trail.stops.map(({ alias, object }) =>
    reached(
      alias,
      'UpdatedDate' in object.fields ? sql`${sql.id(alias, 'updated_date')}` : sql`null::timestamptz`,
    ),
  );
  const derived = trail.derivedStops.map((alias) =>
    reached(alias, sql`(to_jsonb(${sql.id(alias)}) ->> 'updated_date')::timestamptz`),
  );
  const { rows } = await sql<LineTrace>`
    select l.entity, l.id, l.run,
      (select coalesce(jsonb_agg(${instantText(sql`s.at`)} order by s.place), '[]')
        from unnest(l.sources) with ordinality as s (at, place)) as dates,
      found.reached
    from unnest(${keys.map(({ entity }) => entity)}::text[], ${keys.map(({ id }) => id)}::text[]) as k (entity, id)
    join staging.line as l on l.entity = k.entity and l.id = k.id
    join lateral (
      select jsonb_build_array(${sql.join([...stops, ...derived])}) as reached
      ${trail.from}
      where ${sql.id(driver.name, 'entity')} = l.entity and ${sql.id(driver.name, 'id')} = l.source_id
      order by (${trail.soLineId} is not distinct from l.so_line_id) desc
      limit 1
    ) as found on true`.execute(db);
  return rows;
}

const reached = (alias: string, updated: ReturnType<typeof sql>) => sql`jsonb_build_object(
  'id', ${sql.id(alias, 'id')}, 'table', ${sql.id(alias)}.tableoid::regclass::text,
  'updated', ${instantText(updated)}, 'changed', ${sql.id(alias, 'changed_run')}::text)`;

function sourcesOf(trail: Trail, { run, dates, reached: found }: LineTrace): LineSource[] {
  const dated = trail.stops.filter(({ object }) => 'UpdatedDate' in object.fields);
  // Another revsync may have formed the line by other joins; then only the driver's date is certain.
  const certain = dates.length === dated.length ? dated : dated.slice(0, 1);
  const dateOf = new Map(certain.map(({ alias }, place) => [alias, dates[place] ?? null]));

  const sources = trail.stops.flatMap(({ alias, object }, place) => {
    const now = found[place];
    if (now === undefined) return [];
    const kept = dateOf.get(alias);
    if (kept === undefined) return fromNow(alias, object.name, now, run);
    return fromThen(alias, object.name, now, { run, date: kept });
  });
  const derived = trail.derivedStops.flatMap((alias, place) => {
    const now = found[trail.stops.length + place];
    return now === undefined ? [] : fromNow(alias, objectIn(now.table), now, run);
  });
  return merged([...sources, ...derived]);
}

/** A row whose date was kept with the line; without one it was not there yet. */
function fromThen(
  path: string,
  object: string,
  now: Reached,
  { run, date }: { run: string; date: string | null },
): LineSource[] {
  if (date === null) return now.updated === null ? fromNow(path, object, now, run) : [];
  const newer = isNewer(now, run);
  const same = now.updated === date || newer;
  return [
    { object, id: same ? now.id : null, updatedDate: date, paths: [path], changedSince: newer || !same },
  ];
}

/** A row without a kept date: what is there now is what the line saw, unless a later run changed it. */
function fromNow(path: string, object: string, now: Reached, run: string): LineSource[] {
  if (now.id === null) return [];
  const newer = isNewer(now, run);
  return [
    { object, id: now.id, updatedDate: newer ? null : now.updated, paths: [path], changedSince: newer },
  ];
}

const isNewer = ({ changed }: Reached, run: string): boolean =>
  changed !== null && BigInt(changed) > BigInt(run);

function objectIn(table: string | null): string {
  const name = table?.replace(/^prestaging\./, '').replaceAll('"', '');
  return CATALOGUE.find((object) => object.table === name)?.name ?? 'unknown';
}

/** One entry per billing row, whatever paths lead to it. */
function merged(sources: readonly LineSource[]): LineSource[] {
  const byRow = new Map<string, LineSource>();
  for (const source of sources) {
    const key = source.id === null ? source.paths.join() : `${source.object}|${source.id}`;
    const before = byRow.get(key);
    byRow.set(key, before === undefined ? source : { ...before, paths: [...before.paths, ...source.paths] });
  }
  return [...byRow.values()];
}
