import { sql } from 'kysely';

import type { LineType } from '../../../schema/database.ts';
import { STAGING_FIELDS } from '../../domain/mapping/staging-fields.ts';
import { invariant } from '../../domain/errors.ts';
import type { Db } from '../database.ts';
import { instantText } from '../instant-text.ts';
import { type Hold, holdsOf } from '../list-holds.ts';
import { fieldText } from './field-text.ts';
import type { LineKey } from './line-key.ts';
import { keyText, type LineSource, readSources } from './sources.ts';
import { readTrail, type Trail } from './trail.ts';

export const LINE_STATUSES = [
  'ready',
  'held',
  'waiting',
  'stopped',
  'collected',
  'superseded',
  'rejected',
] as const;
export type LineStatus = (typeof LINE_STATUSES)[number];

export interface LineLineage {
  readonly template: string;
  readonly templateVersion: number;
  readonly run: string;
  readonly sources: readonly LineSource[];
}

/** A transaction line as the lists show it. */
export interface Line {
  readonly id: string;
  readonly type: LineType;
  readonly status: LineStatus;
  readonly org: string;
  readonly entity: string;
  readonly subscription: string | null;
  /** By label, in the order of the mapping documents; unset ones are null. */
  readonly fields: Readonly<Record<string, string | null>>;
  readonly holds: readonly Hold[];
  readonly lineage: LineLineage;
}

/** Trails by template and version, read once. */
export type Trails = Map<string, Trail | undefined>;

type LineRow = Readonly<Record<string, string | null>> & {
  readonly entity: string;
  readonly org: string;
  readonly id: string;
  readonly type: LineType;
  readonly status: LineStatus | null;
  readonly template: string;
  readonly template_version: number;
  readonly run: string;
  readonly source_object: string;
  readonly source_id: string;
  readonly source_date: string | null;
};

/** The status of `staging.line as l`, with `s` its state and `r` its collected self, as `STATUS_JOINS` adds them. */
export const STATUS = sql<LineStatus | null>`case when r.line is null then s.status else 'collected' end`;
export const STATUS_JOINS = sql`left join staging.line_state as s on s.entity = l.entity and s.id = l.id
  left join revenue.line as r on r.entity = l.entity and r.line = l.id`;

const COLUMNS = sql.join(
  STAGING_FIELDS.map(({ column, type }) => {
    const value = sql.id('l', column);
    return type === 'Number' ? sql`trim_scale(${value}) as ${sql.id(column)}` : value;
  }),
);

/** The lines of these keys, in their order. */
export async function readLines(db: Db, keys: readonly LineKey[], trails: Trails): Promise<Line[]> {
  const { rows } = await sql<LineRow>`
    select l.entity, l.org, l.id, l.type, ${STATUS} as status, l.template, l.template_version, l.run,
      l.source_object, l.source_id, ${instantText(sql`l.sources[1]`)} as source_date, ${COLUMNS}
    from unnest(${keys.map(({ entity }) => entity)}::text[], ${keys.map(({ id }) => id)}::text[])
      with ordinality as k (entity, id, place)
    join staging.line as l on l.entity = k.entity and l.id = k.id
    ${STATUS_JOINS}
    order by k.place`.execute(db);
  const holds = grouped(await holdsOf(db, keys), ({ entity, line }) => keyText({ entity, id: line }));
  const sources = await sourcesByLine(db, rows, trails);
  return rows.map((row) =>
    toLine(row, holds.get(keyText(row)) ?? [], sources.get(keyText(row)) ?? driverOf(row)),
  );
}

/** The trail of a template version, remembered. */
export async function trailOf(
  db: Db,
  trails: Trails,
  { template, version }: { template: string; version: number },
): Promise<Trail | undefined> {
  const key = `${version}|${template}`;
  if (!trails.has(key)) trails.set(key, await readTrail(db, template, version));
  return trails.get(key);
}

async function sourcesByLine(
  db: Db,
  rows: readonly LineRow[],
  trails: Trails,
): Promise<Map<string, LineSource[]>> {
  const byTemplate = grouped(rows, ({ template, template_version: version }) => `${version}|${template}`);
  const all = new Map<string, LineSource[]>();
  for (const lines of byTemplate.values()) {
    const [first] = lines;
    if (first === undefined) continue;
    const named = { template: first.template, version: first.template_version };
    const trail = await trailOf(db, trails, named);
    if (trail === undefined) continue;
    for (const [key, sources] of await readSources(db, trail, lines)) all.set(key, sources);
  }
  return all;
}

function toLine(row: LineRow, holds: readonly Hold[], sources: readonly LineSource[]): Line {
  invariant(row.status !== null, `line ${row.id} of ${row.entity} is neither staged nor collected`);
  const fields = STAGING_FIELDS.map((field): [string, string | null] => [
    field.label,
    fieldText(field, (column) => row[column]),
  ]);
  return {
    id: row.id,
    type: row.type,
    status: row.status,
    org: row.org,
    entity: row.entity,
    subscription: row['subscription_name'] ?? null,
    fields: Object.fromEntries(fields),
    holds,
    lineage: { template: row.template, templateVersion: row.template_version, run: row.run, sources },
  };
}

/** All that is known of a line without a trail: the row that made it. */
function driverOf({ source_object: object, source_id: id, source_date: updatedDate }: LineRow): LineSource[] {
  return [{ object, id, updatedDate, paths: [object], changedSince: false }];
}

function grouped<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
