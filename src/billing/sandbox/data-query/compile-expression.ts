import { compileCall } from './compile-call.ts';
import { type Compiled, type Lookup, type Scope, constant } from './compiled.ts';
import { type Place, SqlError } from './sql-error.ts';
import { type Expression, type Value } from './sql-tree.ts';
import { commonType, conversion, keyOf, orderOf } from './values.ts';

/** The expression as a function of a row. Throws `SqlError` for names and types that do not fit. */
export function compile<Row>(expression: Expression, scope: Scope<Row>): Compiled<Row> {
  const known = scope.known?.(expression);
  if (known !== undefined) return known;
  switch (expression.kind) {
    case 'literal':
      return constant(expression.type, expression.value);
    case 'column':
      return scope.column(expression);
    case 'call':
      return compileCall(
        expression,
        expression.args.map((arg) => compile(arg, scope)),
      );
    case 'cast': {
      const inner = compile(expression.inner, scope);
      const { type, scale, place } = expression;
      return { type, of: mapped(inner, conversion(inner.type, type, scale, place)) };
    }
    case 'compare':
      return comparison(expression, scope);
    case 'in':
      return membership(expression, scope);
    case 'is-null': {
      const { of } = compile(expression.inner, scope);
      return { type: 'boolean', of: (row) => String(of(row) === null) };
    }
    case 'like':
      return likeness(expression, scope);
    case 'not': {
      const { of } = condition(expression.inner, scope);
      return { type: 'boolean', of: (row) => inverted(of(row)) };
    }
    case 'and':
    case 'or':
      return connected(expression, scope);
  }
}

type Of<Kind extends Expression['kind']> = Extract<Expression, { readonly kind: Kind }>;

/** An expression that has to be true or false. */
export function condition<Row>(expression: Expression, scope: Scope<Row>): Compiled<Row> {
  const compiled = compile(expression, scope);
  if (compiled.type === 'boolean' || compiled.type === 'unknown') return compiled;
  throw new SqlError(`A condition must evaluate to a boolean (actual: ${compiled.type})`, expression.place);
}

function comparison<Row>({ operator, left, right, place }: Of<'compare'>, scope: Scope<Row>): Compiled<Row> {
  const one = compile(left, scope);
  const other = compile(right, scope);
  const type = commonType(one.type, other.type);
  if (type === null) {
    throw new SqlError(`'${operator}' cannot be applied to ${one.type}, ${other.type}`, place);
  }
  const a = mapped(one, conversion(one.type, type, null, place));
  const b = mapped(other, conversion(other.type, type, null, place));
  const order = orderOf(type);
  const holds = HOLDS[operator];
  return {
    type: 'boolean',
    of: (row) => {
      const x = a(row);
      const y = b(row);
      return x === null || y === null ? null : String(holds(order(x, y)));
    },
  };
}

const HOLDS: Readonly<Record<Of<'compare'>['operator'], (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

function membership<Row>({ inner, list, place }: Of<'in'>, scope: Scope<Row>): Compiled<Row> {
  const value = compile(inner, scope);
  if ('items' in list) return amongKeys(value, scope.lookup(list), place);
  const literals = list.flatMap((part) => (part.kind === 'literal' ? [part] : []));
  const types = new Set(literals.map(({ type }) => type).filter((type) => type !== 'unknown'));
  const [type] = types;
  if (literals.length === list.length && types.size === 1 && type !== undefined) {
    const values = literals.flatMap(({ value: one }) => (one === null ? [] : [one]));
    const hasNull = values.length < literals.length;
    return amongKeys(value, { type, values: () => values, hasNull: () => hasNull }, place);
  }
  const parts = list.map((right): Expression => ({
    kind: 'compare',
    operator: '=',
    left: inner,
    right,
    place,
  }));
  return connected({ kind: 'or', parts, place }, scope);
}

function amongKeys<Row>(value: Compiled<Row>, found: Lookup, place: Place): Compiled<Row> {
  const type = commonType(value.type, found.type);
  if (type === null) throw new SqlError(`'=' cannot be applied to ${value.type}, ${found.type}`, place);
  const own = mapped(value, conversion(value.type, type, null, place));
  const toType = conversion(found.type, type, null, place);
  let keys: ReadonlySet<string> | undefined;
  return {
    type: 'boolean',
    of: (row) => {
      // Not before the first row: a subquery has its values by then.
      keys ??= new Set(found.values().map((one) => keyOf(type, toType(one) ?? '')));
      const key = own(row);
      if (key === null) return null;
      if (keys.has(keyOf(type, key))) return 'true';
      return found.hasNull() ? null : 'false';
    },
  };
}

function likeness<Row>({ inner, pattern, place }: Of<'like'>, scope: Scope<Row>): Compiled<Row> {
  const { type, of } = compile(inner, scope);
  if (type !== 'varchar' && type !== 'unknown') {
    throw new SqlError(`Left side of LIKE expression must evaluate to a varchar (actual: ${type})`, place);
  }
  const matches = likePattern(pattern);
  return { type: 'boolean', of: mapped({ type, of }, (value) => String(matches.test(value))) };
}

export function likePattern(pattern: string): RegExp {
  const escaped = pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('%', '[^]*').replaceAll('_', '[^]')}$`, 'u');
}

/** Three-valued: null is neither. */
function connected<Row>({ kind, parts }: Of<'and' | 'or'>, scope: Scope<Row>): Compiled<Row> {
  const tests = parts.map((part) => condition(part, scope).of);
  const decides = String(kind === 'or');
  return {
    type: 'boolean',
    of: (row) => {
      let result: Value = inverted(decides);
      for (const test of tests) {
        const value = test(row);
        if (value === decides) return value;
        if (value === null) result = null;
      }
      return result;
    },
  };
}

function inverted(value: Value): Value {
  return value === null ? null : String(value !== 'true');
}

function mapped<Row>({ of }: Compiled<Row>, convert: (value: string) => Value): (row: Row) => Value {
  return (row) => {
    const value = of(row);
    return value === null ? null : convert(value);
  };
}
