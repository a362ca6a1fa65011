import { canonicalInstant } from '../instants.ts';
import { type Compiled } from './compiled.ts';
import { SqlError } from './sql-error.ts';
import { localText } from './sql-times.ts';
import { type Call, type SqlType, type Value } from './sql-tree.ts';

export const AGGREGATES = ['count', 'min', 'max', 'sum'];

/** A function of single rows: `date_trunc`, `lower`, `upper`, `coalesce`. */
export function compileCall<Row>(call: Call, args: readonly Compiled<Row>[]): Compiled<Row> {
  const { name, place } = call;
  const [first, second] = args;
  if (AGGREGATES.includes(name)) {
    throw new SqlError(`'${name}' cannot be used here: aggregations belong into SELECT and ORDER BY`, place);
  }
  const wrong = new SqlError(
    `Unexpected parameters (${args.map(({ type }) => type).join(', ')}) for function ${name}`,
    place,
  );
  if (first === undefined) throw wrong;
  if (name === 'coalesce') {
    const { type } = args.find((arg) => arg.type !== 'unknown') ?? first;
    if (args.some((arg) => arg.type !== type && arg.type !== 'unknown')) throw wrong;
    return { type, of: (row) => firstOf(args, row) };
  }
  if (name === 'date_trunc') {
    if (first.type !== 'varchar' || second === undefined || args.length > 2) throw wrong;
    const cut = truncation(second.type, wrong);
    return { type: second.type, of: (row) => both(first.of(row), second.of(row), cut, wrong) };
  }
  if (first.type !== 'varchar' || args.length > 1) throw wrong;
  const change = (text: string): string => (name === 'lower' ? text.toLowerCase() : text.toUpperCase());
  return { type: 'varchar', of: (row) => both('', first.of(row), (_, text) => change(text), wrong) };
}

function firstOf<Row>(args: readonly Compiled<Row>[], row: Row): Value {
  for (const { of } of args) {
    const value = of(row);
    if (value !== null) return value;
  }
  return null;
}

type Cut = (unit: string, value: string) => string | undefined;

/** What is left of `YYYY-MM-DDThh:mm:ss`, and what stands for the rest. */
const KEPT: Readonly<Record<string, readonly [length: number, rest: string]>> = {
  year: [4, '-01-01T00:00:00'],
  month: [7, '-01T00:00:00'],
  day: [10, 'T00:00:00'],
  hour: [13, ':00:00'],
  minute: [16, ':00'],
  second: [19, ''],
};

/** Days begin when they begin in the tenant's time. */
function truncation(type: SqlType, wrong: SqlError): Cut {
  if (type === 'date') return (unit, value) => cutTo(unit, `${value}T00:00:00`)?.slice(0, 10);
  if (type !== 'timestamp with time zone') throw wrong;
  return (unit, value) => {
    const local = localText(value);
    const cut = cutTo(unit, local.slice(0, 19));
    if (cut === undefined) return undefined;
    // Within an hour the offset stays; a day may begin with another one.
    const zone = unit === 'hour' || unit === 'minute' || unit === 'second' ? local.slice(19) : '';
    return canonicalInstant(cut + zone)?.slice(0, 19);
  };
}

function cutTo(unit: string, local: string): string | undefined {
  const kept = KEPT[unit];
  return kept === undefined ? undefined : local.slice(0, kept[0]) + kept[1];
}

function both(one: Value, other: Value, apply: Cut, wrong: SqlError): Value {
  if (one === null || other === null) return null;
  const result = apply(one.toLowerCase(), other);
  if (result === undefined) throw wrong;
  return result;
}
