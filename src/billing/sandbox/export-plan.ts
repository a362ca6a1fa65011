import { findObject } from '../../domain/catalogue/catalogue.ts';
import { type BillingObject, type FieldType } from '../../domain/catalogue/define-object.ts';
import { type ExportPath, type SandboxField, exportPaths, fieldsOf, labelOf } from './export-fields.ts';
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

export interface ExportOrder {
  readonly field: string;
  readonly type: FieldType;
  readonly descending: boolean;
}

/** A query, checked and ready to run. */
export interface ExportPlan {
  readonly object: BillingObject;
  readonly columns: readonly ExportColumn[];
  readonly anyOf: readonly (readonly CompiledCondition[])[];
  readonly deleted: DeletedColumn | null;
  readonly order: ExportOrder | null;
  /** Null: all rows. */
  readonly limit: number | null;
}

export interface PlanOptions {
  readonly useQueryLabels: boolean;
  readonly deleted: { readonly column: string; readonly format: string } | null;
  /** ZOQL and not export ZOQL: keys of related objects go by their own names, `AccountId`. */
  readonly plainKeys?: boolean;
}

/** What a name in a query stands for, whatever its case. */
interface Named {
  readonly field: string;
  readonly type: FieldType;
  /** Its two headers: by API name and by label. */
  readonly header: string;
  readonly label: string;
}

/** Throws `ZoqlError` for what the tenant cannot answer. */
export function planExport(tenant: Tenant, text: string, options: PlanOptions): ExportPlan {
  const query = parseZoql(text);
  const wanted = query.object.toLowerCase();
  const name = tenant.objects.find((one) => one.toLowerCase() === wanted);
  const object = name === undefined ? undefined : findObject(name);
  if (object === undefined) throw new ZoqlError(`there is no object ${query.object}`);

  const names = namesOf(tenant, object, options.plainKeys ?? false);
  const found = (written: string): Named => {
    const known = names.get(written.toLowerCase());
    if (known !== undefined) return known;
    throw unknownField(object, written);
  };
  const fields = query.fields[0] === '*' ? [...new Set(names.values())] : query.fields.map(found);
  const { deleted } = options;
  const order = query.order === undefined ? undefined : found(query.order.field);
  return {
    object,
    columns: fields.map(({ field, type, header, label }) => ({
      field,
      header: options.useQueryLabels ? header : label,
      instant: type === 'datetime',
    })),
    anyOf: query.anyOf.map((group) =>
      group.map((condition) => compileCondition(tenant, object, condition, findObject)),
    ),
    // Zuora's own example has the API name here even where the other columns have labels.
    deleted:
      deleted === null
        ? null
        : { header: `${object.name}.${deleted.column}`, numeric: /^numeric$/i.test(deleted.format) },
    order:
      order === undefined
        ? null
        : { field: order.field, type: order.type, descending: query.order?.descending ?? false },
    limit: query.limit ?? null,
  };
}

/** All that a query of the object may name, in lower case. */
function namesOf(tenant: Tenant, object: BillingObject, plainKeys: boolean): ReadonlyMap<string, Named> {
  const names = new Map<string, Named>();
  for (const { name: field, type } of fieldsOf(tenant, object).filter(isNamed(plainKeys))) {
    const label = `${labelOf(object.name)}: ${labelOf(field)}`;
    const named = { field, type, header: `${object.name}.${field}`, label };
    names.set(field.toLowerCase(), named);
    names.set(named.header.toLowerCase(), named);
  }
  for (const { path, field } of exportPaths(object)) {
    const header = `${path}.Id`;
    names.set(header.toLowerCase(), { field, type: 'text', header, label: `${labelOf(path)}: ID` });
  }
  return names;
}

function isNamed(plainKeys: boolean): (field: SandboxField) => boolean {
  return ({ exported }) => exported || plainKeys;
}

function unknownField(object: BillingObject, written: string): ZoqlError {
  const own = written.split('.').at(-1)?.toLowerCase();
  const path = exportPaths(object).find((one: ExportPath) => one.field.toLowerCase() === own)?.path;
  if (path === undefined) return new ZoqlError(`there is no field ${written} on ${object.name}`);
  return new ZoqlError(`${written} of ${object.name} cannot be exported: name ${path}.Id instead`);
}
