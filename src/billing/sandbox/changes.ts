import { z } from 'zod';

import { findObject } from '../../domain/catalogue/catalogue.ts';
import { exportPaths } from './export-fields.ts';
import { canonicalInstant, utcText } from './instants.ts';
import { type ObjectRow, type Row, type Scope, type Tenant } from './tenant.ts';

/** What was changed at run time, by object and id. A row of it replaces fields of the tenant's own. */
type Overlay = ReadonlyMap<string, ReadonlyMap<string, Row>>;

/** One pass over the tenant as it was when the snapshot was taken. */
export interface Snapshot {
  /** The row as it is now; deleted ones have `Deleted` = `true`. */
  change(object: string, row: Row): Row;
  /** Rows that the pass has not met because they were added. Call it when the pass is over. */
  added(objects: readonly string[], scope: Scope): readonly ObjectRow[];
}

export interface Changes {
  /** Takes `{object, rows, deletedIds}` over, whole or not at all; answers what is wrong with it. */
  apply(body: unknown): { readonly mistakes: readonly string[]; readonly changed: number };
  /** The changes so far, for good: each call of the answer is for one pass. */
  freeze(): () => Snapshot;
  /** How many rows differ from the tenant's own. */
  size(): number;
}

const Cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const Body = z.strictObject({
  object: z.string(),
  rows: z.array(z.record(z.string(), Cell)).max(100_000).default([]),
  deletedIds: z.array(z.string().min(1)).max(100_000).default([]),
});

/** Changes of a tenant at run time: an overlay in memory on rows that are never held. */
export function createChanges(tenant: Tenant, now: () => number): Changes {
  let overlay: Overlay = new Map();

  const apply: Changes['apply'] = (body) => {
    const parsed = Body.safeParse(body);
    if (!parsed.success) {
      return {
        mistakes: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
        changed: 0,
      };
    }
    const { object, rows, deletedIds } = parsed.data;
    const mistakes: string[] = [];
    const updated = utcText(now());
    const read = rows.map((row, index) => readRow(tenant, object, row, updated, `rows[${index}]`, mistakes));
    if (!tenant.objects.includes(object)) mistakes.unshift(`the tenant has no object ${object}`);
    if (mistakes.length > 0) return { mistakes: mistakes.slice(0, 20), changed: 0 };

    const changed = new Map(overlay.get(object));
    for (const row of read)
      changed.set(row['Id'] ?? '', { ...changed.get(row['Id'] ?? ''), Deleted: null, ...row });
    for (const id of deletedIds) {
      changed.set(id, { ...changed.get(id), Id: id, UpdatedDate: updated, Deleted: 'true' });
    }
    overlay = new Map(overlay).set(object, changed);
    return { mistakes, changed: rows.length + deletedIds.length };
  };

  return {
    apply,
    size: () => [...overlay.values()].reduce((total, rows) => total + rows.size, 0),
    freeze() {
      const frozen = overlay;
      return () => snapshotOf(frozen);
    },
  };
}

function snapshotOf(overlay: Overlay): Snapshot {
  const met = new Map([...overlay.keys()].map((object) => [object, new Set<string>()]));
  return {
    change(object, row) {
      const changed = overlay.get(object)?.get(row['Id'] ?? '');
      if (changed === undefined) return row;
      met.get(object)?.add(row['Id'] ?? '');
      return { ...row, ...changed };
    },
    added(objects, { entity }) {
      return objects.flatMap((object) => {
        const rows = [...(overlay.get(object)?.values() ?? [])];
        return rows
          .filter((row) => !met.get(object)?.has(row['Id'] ?? '') && isWhole(row))
          .filter((row) => entity === undefined || row['EntityId'] === entity)
          .map((row): ObjectRow => [object, row]);
      });
    },
  };
}

/** What was only deleted and never there has nothing to tell but its id. */
function isWhole(row: Row): boolean {
  return Object.keys(row).some((field) => !['Id', 'UpdatedDate', 'Deleted'].includes(field));
}

function readRow(
  tenant: Tenant,
  name: string,
  given: Readonly<Record<string, string | number | boolean | null>>,
  updated: string,
  where: string,
  mistakes: string[],
): Row {
  const object = findObject(name);
  const row: Record<string, string | null> = {};
  if (object === undefined) return row;
  const paths = new Map(exportPaths(object).map(({ path, field }) => [`${path}.Id`, field]));
  for (const [key, value] of Object.entries(given)) {
    const field = paths.get(key) ?? key;
    const custom = /^[A-Za-z]\w*__c$/.test(field) && tenant.customFields(name).includes(field);
    const known = field in object.fields || custom || field === 'EntityId';
    if (!known) mistakes.push(`${where}: there is no field ${key} on ${name}`);
    const text = value === null || value === '' ? null : String(value);
    row[field] =
      object.fields[field] === 'datetime' && text !== null ? (canonicalInstant(text) ?? text) : text;
  }
  if (row['Id'] === null || row['Id'] === undefined) mistakes.push(`${where}: Id is missing`);
  const entities = tenant.entities.map(({ id }) => id);
  const entity = row['EntityId']?.replaceAll('-', '').toLowerCase();
  if (entities.length > 0 && (entity === undefined || !entities.includes(entity))) {
    mistakes.push(`${where}: EntityId must be one of ${entities.join(', ')}`);
  }
  if (entity !== undefined) row['EntityId'] = entity;
  return { UpdatedDate: updated, ...row };
}
