import { type BillingObject, type FieldType } from '../../domain/catalogue/define-object.ts';
import { Decimal } from '../../domain/money/decimal.ts';
import { exportPaths, fieldsOf } from './export-fields.ts';
import { canonicalInstant } from './instants.ts';
import { type Row, type Tenant } from './tenant.ts';
import { type Condition, type Operator, ZoqlError } from './zoql.ts';

export type RowTest = (row: Row) => boolean;

/** A condition on a field of a related object: it holds for rows whose key is among some ids. */
export interface JoinedCondition {
  readonly object: string;
  /** The field of the row that holds the related object's id. */
  readonly key: string;
  readonly test: RowTest;
}

export type CompiledCondition = { readonly own: RowTest } | { readonly joined: JoinedCondition };

/** The condition as a test of rows. Throws `ZoqlError` for unknown fields and values that do not fit. */
export function compileCondition(
  tenant: Tenant,
  object: BillingObject,
  condition: Condition,
  find: (name: string) => BillingObject | undefined,
): CompiledCondition {
  const [path = '', field] = condition.field.split('.');
  if (field === undefined || same(path, object.name)) {
    return { own: testOf(tenant, object, { ...condition, field: field ?? path }) };
  }
  const relation = exportPaths(object).find((candidate) => same(candidate.path, path));
  const related = relation === undefined ? undefined : find(relation.object);
  if (relation === undefined || related === undefined) {
    throw new ZoqlError(`there is no object ${path} related to ${object.name}`);
  }
  if (same(field, 'Id')) return { own: compare(relation.field, 'text', condition) };
  const test = testOf(tenant, related, { ...condition, field });
  return { joined: { object: related.name, key: relation.field, test } };
}

/** Export ZOQL does not mind capitals in names. */
function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function testOf(tenant: Tenant, object: BillingObject, condition: Condition): RowTest {
  const found = fieldsOf(tenant, object).find(({ name }) => same(name, condition.field));
  if (found === undefined) throw new ZoqlError(`there is no field ${condition.field} on ${object.name}`);
  return compare(found.name, found.type, condition);
}

function compare(field: string, type: FieldType, { operator, value }: Condition): RowTest {
  if (value === null) {
    return operator === '=' ? (row) => row[field] == null : (row) => row[field] != null;
  }
  const order = orderOf(type, value, field);
  return (row) => {
    const cell = row[field];
    return cell !== null && cell !== undefined && holds(operator, order(cell));
  };
}

/** How two cells of a type come one after the other; null comes first. */
export function cellOrder(type: FieldType): (one: string | null, other: string | null) => number {
  return (one, other) => {
    if (one === null || other === null) return Number(one !== null) - Number(other !== null);
    const isNumeric = (type === 'decimal' || type === 'integer') && isNumber(one) && isNumber(other);
    return isNumeric ? new Decimal(one).cmp(new Decimal(other)) : textOrder(one, other);
  };
}

/** How a cell compares to the value: negative, zero or positive; NaN when it cannot. */
function orderOf(type: FieldType, value: string, field: string): (cell: string) => number {
  if (type === 'datetime') {
    const instant = canonicalInstant(value);
    if (instant === null) throw new ZoqlError(`'${value}' is not a time for ${field}`);
    return (cell) => textOrder(canonicalInstant(cell) ?? '', instant);
  }
  if (type === 'date') {
    if (!/^\d{4}-\d{2}-\d{2}/.test(value)) throw new ZoqlError(`'${value}' is not a day for ${field}`);
    return (cell) => textOrder(cell.slice(0, 10), value.slice(0, 10));
  }
  if (type === 'decimal' || type === 'integer') {
    if (!isNumber(value)) throw new ZoqlError(`'${value}' is not a number for ${field}`);
    const number = new Decimal(value);
    return (cell) => (isNumber(cell) ? new Decimal(cell).cmp(number) : Number.NaN);
  }
  if (type === 'boolean') return (cell) => textOrder(cell.toLowerCase(), value.toLowerCase());
  return (cell) => textOrder(cell, value);
}

function isNumber(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text);
}

function textOrder(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function holds(operator: Operator, order: number): boolean {
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}
