import { type RawBuilder, sql } from 'kysely';

import type { FieldType } from '../../domain/catalogue/define-object.ts';
import { invariant } from '../../domain/errors.ts';
import { type Filter, filterFields } from '../../domain/mapping/filter/filter.ts';
import { parseFilter } from '../../domain/mapping/filter/parse-filter.ts';
import { mappedRows } from '../../domain/mapping/mapped-rows.ts';
import {
  findStagingField,
  type InputValueType,
  STAGING_FIELDS,
  type StagingField,
} from '../../domain/mapping/staging-fields.ts';
import { splitPath, type TransactionTemplate } from '../../domain/mapping/transaction-template.ts';
import { customColumnOf } from '../load/target.ts';
import { column } from './column.ts';
import { customValue } from './custom-value.ts';
import type { Mapped } from './derivation.ts';
import type { JoinTree } from './join-tree.ts';

const SQL_TYPES: Readonly<Record<InputValueType, string>> = {
  Character: 'text',
  Number: 'numeric',
  Date: 'date',
};

/** What `Entity.*` reads: the entity's own record. Without a home currency the invoice's is functional. */
const ENTITY_FIELDS: Readonly<Record<string, RawBuilder<unknown>>> = {
  DisplayName: sql`"Entity".display_name`,
  EntityName: sql`"Entity".entity_name`,
  HomeCurrency: sql`coalesce("Entity".home_currency, "Account".currency)`,
};

/** Paths that the template's rows and its filter name, without the entity. */
export function pathsOf(template: TransactionTemplate): string[] {
  const filter = filterOf(template);
  const fields = [
    ...mappedRows(template).map(({ from }) => from),
    ...(filter === null ? [] : filterFields(filter).map(({ path }) => path)),
  ];
  return fields.map((from) => splitPath(from).path).filter((path) => path !== 'Entity');
}

/** The template's filter; that it can be read is what checks made sure of. */
export function filterOf({ filter: text }: TransactionTemplate): Filter | null {
  if (text === null) return null;
  const read = parseFilter(text);
  invariant('filter' in read, 'a frozen template has a filter that cannot be read');
  return read.filter;
}

/** Column -> expression of the template's row or constant, or a typed null where the template has neither. */
export function templateFields(template: TransactionTemplate, tree: JoinTree): Mapped {
  const byColumn = new Map<string, RawBuilder<unknown>>();
  const rows = mappedRows(template);
  const defaults = new Map(template.defaults.map((each) => [each.to, each.value]));
  for (const { from, to, type } of rows) {
    const target = targetOf(to);
    const input = typed(sourceAt(from, tree), type);
    // Attributes hold the text of any type.
    const mapped = type === target.type ? input : sql`${input}::${sql.raw(SQL_TYPES[target.type])}`;
    const instead = defaults.get(to);
    byColumn.set(
      target.column,
      instead === undefined ? mapped : sql`coalesce(${mapped}, ${written(target, instead)})`,
    );
  }
  for (const { to, value } of template.constants) {
    const target = targetOf(to);
    byColumn.set(target.column, written(target, value));
  }
  const types = new Map(STAGING_FIELDS.map((field) => [field.column, field.type]));
  const mapped = (name: string): RawBuilder<unknown> =>
    byColumn.get(name) ?? sql`null::${sql.raw(SQL_TYPES[types.get(name) ?? 'Character'])}`;
  const rowOf = new Map(rows.map((row) => [targetOf(row.to).column, row]));
  return Object.assign(mapped, {
    fills: (column: string) => byColumn.has(column),
    row: (column: string) => rowOf.get(column),
  });
}

function targetOf(label: string): StagingField {
  const target = findStagingField(label);
  invariant(target !== undefined, `no staging field ${label}`);
  return target;
}

/** A value that the template itself holds. */
const written = ({ type }: StagingField, value: string): RawBuilder<unknown> =>
  sql`${value}::${sql.raw(SQL_TYPES[type])}`;

/** A field of Billing under the aliases of the tree; the type of a custom one is not told. */
export interface TreeField {
  readonly value: RawBuilder<unknown>;
  readonly type: FieldType | undefined;
}

/** The field that a path leads to. */
export function sourceAt(from: string, tree: JoinTree): TreeField {
  const { path, field } = splitPath(from);
  if (path === 'Entity') {
    const value = ENTITY_FIELDS[field];
    invariant(value !== undefined, `no field ${from}`);
    return { value, type: 'text' };
  }
  const object =
    path === tree.driver.name ? tree.driver : tree.joins.find(({ alias }) => alias === path)?.object;
  invariant(object !== undefined, `nothing is joined as ${path}`);
  const custom = customColumnOf(object);
  const type = object.fields[field];
  if (type !== undefined || (custom === 'custom' && !field.endsWith('__c'))) {
    return { value: column(path, object, field), type };
  }
  // Data Query names the columns of custom objects in lower case.
  const name = custom === 'content' ? field.toLowerCase() : field;
  return { value: sql`(${sql.id(path, custom)} ->> ${sql.lit(name)})`, type: undefined };
}

/**
 * The value as input of a type; an instant's day is the day in the entity's time zone. Of a custom field, what is
 * no value of the type counts as empty.
 */
function typed({ value, type: source }: TreeField, type: InputValueType): RawBuilder<unknown> {
  if (source === undefined) return type === 'Character' ? value : customValue(CUSTOM_TYPES[type], value);
  if (type === 'Date' && source === 'datetime') {
    return sql`(${value} at time zone coalesce("Entity".timezone, 'UTC'))::date`;
  }
  const native = { Character: 'text', Number: 'decimal', Date: 'date' }[type];
  return native === source ? value : sql`${value}::${sql.raw(SQL_TYPES[type])}`;
}

const CUSTOM_TYPES = { Number: 'decimal', Date: 'date' } as const;
