import { type RawBuilder, sql } from 'kysely';

import { invariant } from '../../domain/errors.ts';
import {
  findStagingField,
  type InputValueType,
  STAGING_FIELDS,
  type StagingField,
} from '../../domain/mapping/staging-fields.ts';
import { splitPath, type TransactionTemplate } from '../../domain/mapping/transaction-template.ts';
import { column } from './column.ts';
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

/** Paths that the template's rows name, without the entity. */
export function pathsOf({ rows }: TransactionTemplate): string[] {
  return rows.map(({ from }) => splitPath(from).path).filter((path) => path !== 'Entity');
}

/** Column -> expression of the template's row, or a typed null where the template has none. */
export function templateFields(
  template: TransactionTemplate,
  tree: JoinTree,
): (column: string) => RawBuilder<unknown> {
  const byColumn = new Map<string, RawBuilder<unknown>>();
  for (const { from, to } of template.rows) {
    const target = findStagingField(to);
    invariant(target !== undefined, `no staging field ${to}`);
    byColumn.set(target.column, valueOf(from, target, tree));
  }
  const types = new Map(STAGING_FIELDS.map((field) => [field.column, field.type]));
  return (name) => byColumn.get(name) ?? sql`null::${sql.raw(SQL_TYPES[types.get(name) ?? 'Character'])}`;
}

function valueOf(from: string, target: StagingField, tree: JoinTree): RawBuilder<unknown> {
  const { path, field } = splitPath(from);
  if (path === 'Entity') {
    const value = ENTITY_FIELDS[field];
    invariant(value !== undefined, `no field ${from}`);
    return value;
  }
  const object =
    path === tree.driver.name ? tree.driver : tree.joins.find(({ alias }) => alias === path)?.object;
  invariant(object !== undefined, `nothing is joined as ${path}`);
  const value = field.endsWith('__c')
    ? sql`(${sql.id(path, 'custom')} ->> ${sql.lit(field)})`
    : column(path, object, field);
  return typed(value, target.type, object.fields[field]);
}

/** The value in the type of its staging field; an instant's day is the day in the entity's time zone. */
function typed(
  value: RawBuilder<unknown>,
  type: InputValueType,
  source: string | undefined,
): RawBuilder<unknown> {
  if (type === 'Date' && source === 'datetime') {
    return sql`(${value} at time zone coalesce("Entity".timezone, 'UTC'))::date`;
  }
  const native = { Character: 'text', Number: 'decimal', Date: 'date' }[type];
  return native === source ? value : sql`${value}::${sql.raw(SQL_TYPES[type])}`;
}
