import { type RawBuilder, sql } from 'kysely';

import type { Db } from '../database.ts';
import { instantText } from '../instant-text.ts';
import type { LineKey } from './line-key.ts';
import type { Stop, Trail } from './trail.ts';

/** A billing row that a line was formed from. */
export interface LineSource {
  readonly object: string;
  /** The row's key in pre-staging; null when that cannot be told any more. */
  readonly id: string | null;
  /** The row's version when the line was formed. */
  readonly updatedDate: string | null;
  /** How the template reaches the row: `Subscription.InvoiceOwner`. */
  readonly paths: readonly string[];
  /** Whether a later run brought a newer version of the row. */
  readonly changedSince: boolean;
}

/** A stop of the trail in the version that the line's run found, as far as history tells. */
interface Reached {
  readonly id: string | null;
  readonly updated: string | null;
  /** The run that brought the version; one later than the line's: it may differ in what history does not keep. */
  readonly changed: string | null;
  /** The run that brought the row as it is now. */
  readonly newest: string | null;
}

interface LineTrace {
  readonly entity: string;
  readonly id: string;
  readonly run: string;
  /** The dates kept with the line. */
  readonly dates: readonly (string | null)[];
  /** In the order of the trail's stops. */
  readonly reached: readonly Reached[];
}

/**
 * The sources of lines that one template version formed, by `keyText`. The rows are found by following the trail
 * again over the versions that the line's run found.
 */
export async function readSources(
  db: Db,
  trail: Trail,
  keys: readonly LineKey[],
): Promise<Map<string, LineSource[]>> {
  const { rows } = await sql<LineTrace>`
    select l.entity, l.id, l.run,
      (select coalesce(jsonb_agg(${instantText(sql`s.at`)} order by s.place), '[]')
        from unnest(l.sources) with ordinality as s (at, place)) as dates,
      found.reached
    from unnest(${keys.map(({ entity }) => entity)}::text[], ${keys.map(({ id }) => id)}::text[]) as k (entity, id)
    join staging.line as l on l.entity = k.entity and l.id = k.id
    join lateral (
      select jsonb_build_array(${sql.join(trail.stops.map(reached))}) as reached
      ${trail.way}
    ) as found on true`.execute(db);
  return new Map(rows.map((each) => [keyText(each), sourcesOf(trail, each)]));
}

/** The row that a path leads to. */
export const sourceAt = (sources: readonly LineSource[], path: string): LineSource | undefined =>
  sources.find(({ paths }) => paths.includes(path));

/** One string per key of a line. */
export const keyText = ({ entity, id }: LineKey): string => `${entity}|${id}`;

function reached({ alias }: Stop): RawBuilder<unknown> {
  return sql`jsonb_build_object('id', ${sql.id(alias, 'id')}, 'updated', ${instantText(sql.id(alias, 'updated_date'))},
    'changed', ${sql.id(alias, 'changed_run')}::text, 'newest', ${sql.id(alias, 'newest_run')}::text)`;
}

function sourcesOf({ stops }: Trail, { run, dates, reached: found }: LineTrace): LineSource[] {
  const sources = stops.flatMap(({ alias, object }, at): LineSource[] => {
    const then = found[at];
    if (then === undefined) return [];
    // Another revsync may have formed the line by other joins; then only the driver's date is certain.
    const certain = dates.length === stops.length || at === 0;
    const version = versionOf(then, run, (certain ? dates[at] : null) ?? null);
    if (version === undefined) return [];
    const changedSince = version.id === null || isLater(then.newest, run);
    return [{ object: object.name, ...version, paths: [alias], changedSince }];
  });
  return merged(sources);
}

/** `kept`: the date that was kept with the line; null for a row without one. */
function versionOf(
  { id, updated, changed }: Reached,
  run: string,
  kept: string | null,
): Pick<LineSource, 'id' | 'updatedDate'> | undefined {
  if (kept !== null) return { id: updated === kept ? id : null, updatedDate: kept };
  return id === null ? undefined : { id, updatedDate: isLater(changed, run) ? null : updated };
}

const isLater = (one: string | null, run: string): boolean => one !== null && BigInt(one) > BigInt(run);

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
