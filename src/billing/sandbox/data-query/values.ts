import { Decimal } from '../../../domain/money/decimal.ts';
import { type Place, SqlError } from './sql-error.ts';
import { isDay, localText, timestampOf, timestampText } from './sql-times.ts';
import { type SqlType, type Value } from './sql-tree.ts';

export function isNumeric(type: SqlType): boolean {
  return type === 'bigint' || type === 'decimal(22,9)';
}

/** The type in which two values meet; null when they cannot. */
export function commonType(one: SqlType, other: SqlType): SqlType | null {
  if (one === other || other === 'unknown') return one;
  if (one === 'unknown') return other;
  if (isNumeric(one) && isNumeric(other)) return 'decimal(22,9)';
  const times: readonly SqlType[] = ['date', 'timestamp with time zone'];
  return times.includes(one) && times.includes(other) ? 'timestamp with time zone' : null;
}

/** How values of the type compare: negative, zero or positive. */
export function orderOf(type: SqlType): (one: string, other: string) => number {
  if (isNumeric(type)) return (one, other) => new Decimal(one).cmp(other);
  return (one, other) => (one < other ? -1 : one > other ? 1 : 0);
}

/** The same text for equal values, for sets. */
export function keyOf(type: SqlType, value: string): string {
  return isNumeric(type) ? new Decimal(value).toFixed() : value;
}

type Convert = (value: string) => Value;

/**
 * Turns values of one type into another's. Throws `SqlError` at once for types that do not go
 * together, later for values that do not.
 */
export function conversion(from: SqlType, to: SqlType, scale: number | null, place: Place): Convert {
  const cannot = (value: string): SqlError => new SqlError(`Cannot cast '${value}' to ${to}`, place);
  if (from === 'unknown') return () => null;
  if (to === 'varchar') return (value) => textOf(from, value);
  if (to === 'timestamp with time zone') {
    if (from === to) return (value) => value;
    if (from === 'date' || from === 'varchar') return (value) => timestampOf(value) ?? raise(cannot(value));
  }
  if (to === 'date') {
    if (from === to) return (value) => value;
    if (from === 'timestamp with time zone') return (value) => localText(value).slice(0, 10);
    if (from === 'varchar') return (value) => (isDay(value.trim()) ? value.trim() : raise(cannot(value)));
  }
  if (isNumeric(to) && (isNumeric(from) || from === 'varchar')) {
    const places = to === 'bigint' ? 0 : scale;
    return (value) => {
      const text = value.trim();
      if (!/^[+-]?\d+(\.\d+)?$/.test(text)) throw cannot(value);
      return places === null ? text : new Decimal(text).toFixed(places);
    };
  }
  if (to === 'boolean' && (from === to || from === 'varchar')) {
    return (value) => (/^(true|false)$/i.test(value) ? value.toLowerCase() : raise(cannot(value)));
  }
  throw new SqlError(`Cannot cast ${from} to ${to}`, place);
}

/** As results have it, but for JSON's quotes. */
export function textOf(type: SqlType, value: string): string {
  return type === 'timestamp with time zone' ? timestampText(value) : value;
}

function raise(error: SqlError): never {
  throw error;
}
