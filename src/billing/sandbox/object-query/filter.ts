import { findObject } from '../../../domain/catalogue/catalogue.ts';
import { type BillingObject } from '../../../domain/catalogue/define-object.ts';
import { type SandboxField, fieldsOf } from '../export-fields.ts';
import { type Tenant } from '../tenant.ts';
import { type Operator, ZoqlError } from '../zoql.ts';
import { type RowTest, compileCondition } from '../zoql-filter.ts';
import { ObjectQueryError } from './object-query-error.ts';

const WRITTEN = /^(\w+)\.(EQ|NE|LT|LE|GT|GE|SW|IN):([^]*)$/i;

const OPERATORS: Readonly<Record<string, Operator>> = {
  EQ: '=',
  NE: '!=',
  LT: '<',
  LE: '<=',
  GT: '>',
  GE: '>=',
};

/** All of the filters together: `currency.EQ:EUR`, `name.IN:[Amy,Bella]`, `updatedDate.GE:2024-01-01T00:00:00Z`. */
export function filterTest(tenant: Tenant, object: BillingObject, filters: readonly string[]): RowTest {
  const tests = filters.map((filter) => testOf(tenant, object, filter));
  return (row) => tests.every((test) => test(row));
}

export function fieldNamed(tenant: Tenant, object: BillingObject, written: string): SandboxField {
  const found = fieldsOf(tenant, object).find(({ name }) => name.toLowerCase() === written.toLowerCase());
  if (found !== undefined) return found;
  throw new ObjectQueryError(400, `${object.name} has no field ${written}`);
}

function testOf(tenant: Tenant, object: BillingObject, filter: string): RowTest {
  const [, written = '', operator = '', value = ''] = WRITTEN.exec(filter) ?? [];
  if (written === '') throw new ObjectQueryError(400, `'${filter}' is not of the form field.OPERATOR:value`);
  const field = fieldNamed(tenant, object, written);
  switch (operator.toUpperCase()) {
    case 'SW':
      return startsWith(field, value);
    case 'IN': {
      const values = value.replace(/^[[(]|[\])]$/g, '').split(',');
      const tests = values.map((one) => comparison(tenant, object, field, '=', one));
      return (row) => tests.some((test) => test(row));
    }
    default:
      return comparison(tenant, object, field, OPERATORS[operator.toUpperCase()] ?? '=', value);
  }
}

function startsWith({ name, type }: SandboxField, value: string): RowTest {
  if (type !== 'text') throw new ObjectQueryError(400, `SW is for text, and ${name} is none`);
  return (row) => row[name]?.toLowerCase().startsWith(value.toLowerCase()) ?? false;
}

function comparison(
  tenant: Tenant,
  object: BillingObject,
  { name, type }: SandboxField,
  operator: Operator,
  value: string,
): RowTest {
  const isEquality = operator === '=' || operator === '!=';
  if (type === 'text' && isEquality && value !== 'null') {
    // Zuora does not mind capitals when it compares text.
    const wanted = value.toLowerCase();
    return (row) => row[name] != null && (row[name]?.toLowerCase() === wanted) === (operator === '=');
  }
  try {
    const isNull = isEquality && value === 'null';
    const condition = { field: name, operator, value: isNull ? null : value };
    const compiled = compileCondition(tenant, object, condition, findObject);
    return 'own' in compiled ? compiled.own : () => false;
  } catch (error) {
    if (error instanceof ZoqlError) throw new ObjectQueryError(400, error.message);
    throw error;
  }
}
