import { type Decimal, ZERO } from '../../../domain/money/decimal.ts';
import { AGGREGATES } from './compile-call.ts';
import { type Compiled } from './compiled.ts';
import { SqlError } from './sql-error.ts';
import { type Call, type SqlType, type Value } from './sql-tree.ts';
import { isNumeric, orderOf } from './values.ts';

/** What is known of the rows of a group so far. */
export interface Fold<Row> {
  add(row: Row): void;
  result(): Value;
}

export interface Aggregate<Row> {
  readonly type: SqlType;
  start(): Fold<Row>;
}

export function isAggregate({ name }: Call): boolean {
  return AGGREGATES.includes(name);
}

/** `count`, `min`, `max` or `sum`; nulls do not count. */
export function aggregateOf<Row>({ name, place }: Call, args: readonly Compiled<Row>[]): Aggregate<Row> {
  const [inner] = args;
  const wrong = new SqlError(`Unexpected parameters for function ${name}`, place);
  if (args.length > 1 || (inner === undefined && name !== 'count')) throw wrong;
  if (name === 'count') return { type: 'bigint', start: () => counted(inner) };
  if (inner === undefined) throw wrong;
  if (name === 'sum') {
    if (!isNumeric(inner.type)) throw wrong;
    return { type: inner.type, start: () => summed(inner) };
  }
  const order = orderOf(inner.type);
  const wanted = name === 'min' ? -1 : 1;
  return { type: inner.type, start: () => best(inner, (one, other) => order(one, other) * wanted > 0) };
}

function counted<Row>(inner: Compiled<Row> | undefined): Fold<Row> {
  let count = 0;
  return {
    add(row) {
      if (inner === undefined || inner.of(row) !== null) count += 1;
    },
    result: () => String(count),
  };
}

function summed<Row>({ of }: Compiled<Row>): Fold<Row> {
  let total: Decimal | null = null;
  return {
    add(row) {
      const value = of(row);
      if (value !== null) total = (total ?? ZERO).plus(value);
    },
    result: () => total?.toFixed() ?? null,
  };
}

function best<Row>({ of }: Compiled<Row>, better: (one: string, other: string) => boolean): Fold<Row> {
  let result: Value = null;
  return {
    add(row) {
      const value = of(row);
      if (value !== null && (result === null || better(value, result))) result = value;
    },
    result: () => result,
  };
}
