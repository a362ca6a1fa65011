import type { Db } from './database.ts';
import { decisionsOn, type LineDecision } from './lines/decisions.ts';
import { fieldLineage, type FieldOrigin } from './lines/field-lineage.ts';
import { oneLine, unknownLine } from './lines/one-line.ts';
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
  const key = await oneLine(db, { id, entity, org });
  const trails: Trails = new Map();
  const [line] = await readLines(db, [key], trails);
  if (line === undefined) throw unknownLine(id);
  const { template, templateVersion: version, sources } = line.lineage;
  const trail = await trailOf(db, trails, { template, version });
  const fields = trail === undefined ? {} : await fieldLineage(db, trail, { ...line, sources });
  return { ...line, lineage: { ...line.lineage, fields }, decisions: await decisionsOn(db, line) };
}
