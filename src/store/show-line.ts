import { RevsyncError } from '../domain/errors.ts';
import type { Db } from './database.ts';
import { decisionsOn, type LineDecision } from './lines/decisions.ts';
import { fieldLineage, type FieldOrigin } from './lines/field-lineage.ts';
import type { LineKey } from './lines/line-key.ts';
import { type Line, type LineLineage, readLines, trailOf, type Trails } from './lines/read-lines.ts';

/** A line with the way of each of its fields, and what people decided on it. */
export interface ShownLine extends Line {
  readonly decisions: readonly LineDecision[];
  readonly lineage: LineLineage & {
    /** By label; fields that neither the template nor a rule fills are left out. */
    readonly fields: Readonly<Record<string, FieldOrigin>>;
  };
}

/**
 * One line with everything that is known of it.
 *
 * @throws RevsyncError `LINE_UNKNOWN`; `LINE_AMBIGUOUS` when several entities have a line of that id
 */
export async function showLine(
  db: Db,
  { id, entity, org }: { id: string; entity?: string | undefined; org?: string | undefined },
): Promise<ShownLine> {
  let query = db.selectFrom('staging.line').select(['entity', 'id']).where('id', '=', id);
  if (entity !== undefined) query = query.where('entity', '=', entity);
  if (org !== undefined) query = query.where('org', '=', org);
  const keys = await query.orderBy('entity').execute();
  const trails: Trails = new Map();
  const [line] = await readLines(db, [theOne(id, keys)], trails);
  if (line === undefined) throw unknown(id);
  const { template, templateVersion: version, sources } = line.lineage;
  const trail = await trailOf(db, trails, { template, version });
  const fields = trail === undefined ? {} : await fieldLineage(db, trail, { ...line, sources });
  return { ...line, lineage: { ...line.lineage, fields }, decisions: await decisionsOn(db, line) };
}

function theOne(id: string, keys: readonly LineKey[]): LineKey {
  const [key, ...others] = keys;
  if (key === undefined) throw unknown(id);
  if (others.length === 0) return key;
  throw new RevsyncError(
    `Several entities have a line "${id}": ${keys.map(({ entity }) => entity).join(', ')}.`,
    { code: 'LINE_AMBIGUOUS', fate: 'fix-input', remedy: 'Say which one with --entity.' },
  );
}

function unknown(id: string): RevsyncError {
  return new RevsyncError(`There is no line "${id}".`, {
    code: 'LINE_UNKNOWN',
    fate: 'fix-input',
    remedy:
      'See `revsync line list`; ids are spelled like SO:<SO line id>@<version> and INV:<invoice item id>. Lines of other organisations than yours are not shown.',
  });
}
