import { type BillingObject, type FieldType } from '../../domain/catalogue/define-object.ts';
import { type Tenant } from './tenant.ts';

/** A field as an export may or may not name it. */
export interface SandboxField {
  readonly name: string;
  readonly type: FieldType;
  readonly custom: boolean;
  /** False for keys of related objects: an export names them as `<path>.Id`. */
  readonly exported: boolean;
}

/** All fields of an object: the catalogue's and the tenant's own. */
export function fieldsOf(tenant: Tenant, object: BillingObject): readonly SandboxField[] {
  const joined = new Set(exportPaths(object).map(({ field }) => field));
  return [
    ...Object.entries(object.fields).map(([name, type]) => ({
      name,
      type,
      custom: false,
      exported: !joined.has(name),
    })),
    ...tenant
      .customFields(object.name)
      .map((name) => ({ name, type: 'text' as const, custom: true, exported: true })),
  ];
}

export interface ExportPath {
  readonly path: string;
  readonly object: string;
  readonly field: string;
}

/** The related objects that an export may name as `<path>.Id`. */
export function exportPaths(object: BillingObject): readonly ExportPath[] {
  return Object.entries(object.relations)
    .filter(([, relation]) => relation.plain !== true)
    .map(([path, { object: related, field }]) => ({ path, object: related, field }));
}

/** `BillToContactId` -> `Bill To Contact ID`, as the user interface calls it. */
export function labelOf(name: string): string {
  const words = name
    .replace(/__c$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
  return words.replace(/\bId$/, 'ID');
}
