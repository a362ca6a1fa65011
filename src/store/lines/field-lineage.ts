import { findStagingField, STAGING_FIELDS } from '../../domain/mapping/staging-fields.ts';
import { derivationRule } from '../../domain/mapping/derivation-rules.ts';
import { mappedRows } from '../../domain/mapping/mapped-rows.ts';
import { splitPath } from '../../domain/mapping/transaction-template.ts';
import type { LineSource } from './sources.ts';
import type { Trail } from './trail.ts';

/** Where a field of a line comes from: a row of the template, a rule of the transformation, or both. */
export interface FieldOrigin {
  /** Position of the row in the template, from 1; null when only a rule fills the field. */
  readonly row: string | null;
  /** What that row maps from, as the template spells it: `Subscription.InvoiceOwner.Name`. */
  readonly from: string | null;
  readonly object: string | null;
  /** Id of the billing row; null when the way to it leads nowhere. */
  readonly id: string | null;
  readonly field: string | null;
  /** How the transformation forms or overrides the value; null when it stands as mapped. */
  readonly derived: string | null;
}

const UNMAPPED = { row: null, from: null, object: null, id: null, field: null } as const;

/** The origin of every field that the template or a rule fills, by label. */
export function fieldLineage(
  trail: Trail,
  { sources, entity }: { sources: readonly LineSource[]; entity: string },
): Record<string, FieldOrigin> {
  const { type } = trail.template;
  const rows = mappedRows(trail.template);
  const objects = new Map(trail.stops.map(({ alias, object }) => [alias, object.name]));
  const idAt = (path: string): string | null =>
    path === 'Entity' ? entity : (sources.find(({ paths }) => paths.includes(path))?.id ?? null);

  const places = new Map(rows.map(({ to }, at) => [findStagingField(to)?.label ?? to, at]));
  const origins = STAGING_FIELDS.flatMap(({ label, column }): [string, FieldOrigin][] => {
    const derived = trail.derivedColumns.has(column) ? derivationRule(type, label) : heldRule(trail, label);
    const at = places.get(label);
    const row = at === undefined ? undefined : rows[at];
    if (at === undefined || row === undefined) {
      return derived === null ? [] : [[label, { ...UNMAPPED, derived }]];
    }
    const { path, field } = splitPath(row.from);
    const object = objects.get(path) ?? path;
    return [[label, { row: String(at + 1), from: row.from, object, id: idAt(path), field, derived }]];
  });
  return Object.fromEntries(origins);
}

/** What the template itself holds for a field. */
function heldRule({ template: { constants, defaults } }: Trail, label: string): string | null {
  const constant = constants.find(({ to }) => to === label);
  if (constant !== undefined) return `The template's constant "${constant.value}".`;
  const instead = defaults.find(({ to }) => to === label);
  return instead === undefined ? null : `As mapped; where that is empty, the template's "${instead.value}".`;
}
