import { isTaxField } from '../catalogue/tax-field.ts';
import { inputTypeOf } from './input-values.ts';
import { type ReachablePath, reachablePaths } from './reachable-paths.ts';
import { ENTITY_FIELDS, isCustomObject, type SourceField } from './resolve-path.ts';
import { ROUTES } from './routes.ts';
import type { InputValueType } from './staging-fields.ts';
import type { TemplateType } from './transaction-template.ts';
import { isContact } from './unmappable.ts';

/** A custom field, of an object of the catalogue or of a custom object. */
export interface SeenCustomField {
  readonly object: string;
  readonly field: string;
  /** Rows that have a value, and all rows, as exact text. */
  readonly filled: string;
  readonly rows: string;
}

/** A field that rows of a type can name. */
export interface MappableField extends SourceField {
  readonly template: TemplateType;
  /** What a row writes as `from`; null where a lookup has to be written before it. */
  readonly path: string | null;
  /** The Input Value Type it has unless it is mapped as text. */
  readonly inputType: InputValueType;
  /** Only ATR1-ATR60 may take it. */
  readonly attributesOnly: boolean;
  /** Of a custom field: how many rows have it. */
  readonly filled: string | null;
  readonly rows: string | null;
}

/** Every field that rows of a type can name, by object; the custom ones as far as rows were seen with them. */
export function mappableFields(template: TemplateType, seen: readonly SeenCustomField[]): MappableField[] {
  const entity = ENTITY_FIELDS.map((field) =>
    mappable(template, `Entity.${field}`, { object: 'Entity', field, type: 'text' }),
  );
  const reachable = reachablePaths(ROUTES[template]);
  const beyond = seen
    .filter(({ object }) => isCustomObject(object))
    .map((each) => ({ ...mappable(template, null, { ...each, type: 'custom' }), ...countsOf(each) }));
  return [...entity, ...reachable.flatMap((each) => fieldsAt(template, each, seen)), ...beyond];
}

function fieldsAt(
  template: TemplateType,
  { path, object: { name, fields } }: ReachablePath,
  seen: readonly SeenCustomField[],
): MappableField[] {
  const standard = Object.entries(fields)
    .filter(([field]) => !isTaxField(name, field))
    .map(([field, type]) => mappable(template, `${path}.${field}`, { object: name, field, type }));
  const custom = seen
    .filter(({ object }) => object === name)
    .map((each) => ({
      ...mappable(template, `${path}.${each.field}`, { object: name, field: each.field, type: 'custom' }),
      ...countsOf(each),
    }));
  return [...standard, ...custom];
}

const countsOf = ({ filled, rows }: SeenCustomField) => ({ filled, rows });

function mappable(
  template: TemplateType,
  path: string | null,
  { object, field, type }: SourceField,
): MappableField {
  return {
    template,
    path,
    object,
    field,
    type,
    inputType: inputTypeOf(type),
    attributesOnly: isContact(object) || type === 'boolean',
    filled: null,
    rows: null,
  };
}
