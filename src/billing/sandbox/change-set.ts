import { z } from 'zod';

import { findObject } from '../../domain/catalogue/catalogue.ts';
import { exportPaths } from './export-fields.ts';
import { canonicalInstant } from './instants.ts';
import { type Row, type Tenant } from './tenant.ts';

/** Changes of rows of one object, read and checked. */
export interface ChangeSet {
  readonly object: string;
  /** Each with its `Id` and its `UpdatedDate`; fields left out stay as they are. */
  readonly rows: readonly Row[];
  readonly deletedIds: readonly string[];
  /** How many export jobs must be submitted before anybody sees it. */
  readonly visibleAfterJobs: number;
}

const Cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const Body = z.strictObject({
  object: z.string(),
  rows: z.array(z.record(z.string(), Cell)).max(100_000).default([]),
  deletedIds: z.array(z.string().min(1)).max(100_000).default([]),
  visibleAfterJobs: z.number().int().min(0).max(1000).default(0),
});

/** Reads `{object, rows, deletedIds, visibleAfterJobs}`; `updated` is the UpdatedDate of rows without one. */
export function readChangeSet(
  tenant: Tenant,
  body: unknown,
  updated: string,
): { readonly mistakes: readonly string[]; readonly set: ChangeSet | null } {
  const parsed = Body.safeParse(body);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    return { mistakes, set: null };
  }
  const { object } = parsed.data;
  const mistakes: string[] = [];
  const isKnown = [...tenant.objects, ...tenant.dataQueryOnly].includes(object);
  if (!isKnown) mistakes.push(`the tenant has no object ${object}`);
  const rows = parsed.data.rows.map((row, index) => ({
    UpdatedDate: updated,
    ...readRow(tenant, object, row, `rows[${index}]`, mistakes),
  }));
  if (mistakes.length > 0) return { mistakes: mistakes.slice(0, 20), set: null };
  return { mistakes, set: { ...parsed.data, rows } };
}

function readRow(
  tenant: Tenant,
  name: string,
  given: Readonly<Record<string, string | number | boolean | null>>,
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
  return row;
}
