import { findObject } from '../../domain/catalogue/catalogue.ts';
import { type BillingObject } from '../../domain/catalogue/define-object.ts';
import { exportPaths, fieldsOf, labelOf } from './export-fields.ts';
import { type Tenant } from './tenant.ts';
import { ZoqlError, parseZoql } from './zoql.ts';
import { type CompiledCondition, compileCondition } from './zoql-filter.ts';

export interface ExportColumn {
  /** The field of the row. */
  readonly field: string;
  readonly header: string;
  readonly instant: boolean;
}

export interface DeletedColumn {
  readonly header: string;
  readonly numeric: boolean;
}

/** A query, checked and ready to run. */
export interface ExportPlan {
  readonly object: BillingObject;
  readonly columns: readonly ExportColumn[];
  readonly anyOf: readonly (readonly CompiledCondition[])[];
  readonly deleted: DeletedColumn | null;
}

export interface PlanOptions {
  readonly useQueryLabels: boolean;
  readonly deleted: { readonly column: string; readonly format: string } | null;
}

/** Throws `ZoqlError` for what the tenant cannot answer. */
export function planExport(tenant: Tenant, text: string, options: PlanOptions): ExportPlan {
  const query = parseZoql(text);
  const object = tenant.objects.includes(query.object) ? findObject(query.object) : undefined;
  if (object === undefined) throw new ZoqlError(`there is no object ${query.object}`);
  const fields = new Map(fieldsOf(tenant, object).map((field) => [field.name, field]));
  const paths = new Map(exportPaths(object).map((path) => [`${path.path}.Id`, path]));
  const own = (field: string): string =>
    options.useQueryLabels ? `${object.name}.${field}` : `${labelOf(object.name)}: ${labelOf(field)}`;

  const columns = query.fields.map((written): ExportColumn => {
    const joined = paths.get(written);
    if (joined !== undefined) {
      const header = options.useQueryLabels ? written : `${labelOf(joined.path)}: ID`;
      return { field: joined.field, header, instant: false };
    }
    const name = written.startsWith(`${object.name}.`) ? written.slice(object.name.length + 1) : written;
    const field = fields.get(name);
    if (field === undefined) throw new ZoqlError(`there is no field ${written} on ${object.name}`);
    if (!field.exported) {
      const path = exportPaths(object).find((candidate) => candidate.field === name)?.path ?? '';
      throw new ZoqlError(`${written} of ${object.name} cannot be exported: name ${path}.Id instead`);
    }
    return { field: name, header: own(name), instant: field.type === 'datetime' };
  });

  const { deleted } = options;
  return {
    object,
    columns,
    anyOf: query.anyOf.map((group) =>
      group.map((condition) => compileCondition(tenant, object, condition, findObject)),
    ),
    deleted:
      deleted === null ? null : { header: own(deleted.column), numeric: /^numeric$/i.test(deleted.format) },
  };
}
