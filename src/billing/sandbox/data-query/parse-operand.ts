import { type Cursor } from './sql-cursor.ts';
import { type Place, SqlError, unknownSql } from './sql-error.ts';
import { isDay, timestampOf } from './sql-times.ts';
import { type Call, type Expression, type SqlType } from './sql-tree.ts';
import { type Token } from './sql-tokens.ts';

/** Words that end an operand and are never the name of a column. */
const RESERVED = new Set(
  'select from where and or not in is like between group order by having limit offset union as join on with distinct case when end exists cross inner left right full natural'.split(
    ' ',
  ),
);
const FUNCTIONS = new Set(['count', 'min', 'max', 'sum', 'date_trunc', 'lower', 'upper', 'coalesce']);

/** A literal, a column, a function, a cast or an expression in parentheses. Throws `SqlError`. */
export function parseOperand(cursor: Cursor, parseInner: () => Expression): Expression {
  const operand = primary(cursor, parseInner);
  const next = cursor.peek();
  if (next.kind === 'sign' && ['+', '-', '*', '/', '%', '||', '['].includes(next.text)) {
    throw unknownSql(`The operator '${next.text}'`, next.place);
  }
  return operand;
}

function primary(cursor: Cursor, parseInner: () => Expression): Expression {
  const { kind, text, place } = cursor.peek();
  if (cursor.skipSign('(')) {
    if (cursor.isWord('select')) throw unknownSql('A subquery outside of IN', cursor.place());
    const inner = parseInner();
    cursor.expectSign(')');
    return inner;
  }
  if (kind === 'text') return literal(cursor, 'varchar', text);
  if (kind === 'number' || cursor.isSign('-')) return number(cursor);
  if (kind !== 'word' && kind !== 'quoted') throw cursor.mismatch('<expression>');
  const word = kind === 'word' ? text.toLowerCase() : '';
  if (word === 'null') return literal(cursor, 'unknown', null);
  if (word === 'true' || word === 'false') return literal(cursor, 'boolean', word);
  if (word === 'case' || word === 'exists') throw unknownSql(word.toUpperCase(), place);
  if (RESERVED.has(word)) throw cursor.mismatch('<expression>');
  const name = cursor.take();
  if (kind === 'word' && cursor.peek().kind === 'text' && (word === 'timestamp' || word === 'date')) {
    return time(word, cursor.take(), place);
  }
  if (cursor.isSign('(')) return called(cursor, name, parseInner);
  return column(cursor, name);
}

function literal(cursor: Cursor, type: SqlType, value: string | null): Expression {
  const { place } = cursor.take();
  return { kind: 'literal', type, value, place };
}

function number(cursor: Cursor): Expression {
  const place = cursor.place();
  const sign = cursor.skipSign('-') ? '-' : '';
  const token = cursor.peek();
  if (token.kind !== 'number') throw cursor.mismatch('<number>');
  const type = token.text.includes('.') ? 'decimal(22,9)' : 'bigint';
  cursor.take();
  return { kind: 'literal', type, value: sign + token.text, place };
}

function time(word: 'timestamp' | 'date', { text }: Token, place: Place): Expression {
  const value = word === 'timestamp' ? timestampOf(text) : isDay(text.trim()) ? text.trim() : null;
  if (value === null) throw new SqlError(`'${text}' is not a valid ${word} literal`, place);
  return { kind: 'literal', type: word === 'timestamp' ? 'timestamp with time zone' : 'date', value, place };
}

function column(cursor: Cursor, first: Token): Expression {
  const { place } = first;
  const name = first.text.toLowerCase();
  if (!cursor.skipSign('.')) return { kind: 'column', table: null, name, place };
  return { kind: 'column', table: name, name: cursor.name('<identifier>').text, place };
}

function called(cursor: Cursor, { text, place }: Token, parseInner: () => Expression): Expression {
  const name = text.toLowerCase();
  if (name === 'cast') return cast(cursor, place, parseInner);
  if (!FUNCTIONS.has(name)) throw new SqlError(`Function '${name}' not registered`, place);
  cursor.expectSign('(');
  if (cursor.isWord('distinct')) throw unknownSql('DISTINCT', cursor.place());
  const args: Expression[] = [];
  const all = name === 'count' && cursor.skipSign('*');
  if (!all) {
    do args.push(parseInner());
    while (cursor.skipSign(','));
  }
  cursor.expectSign(')');
  const call: Call = { kind: 'call', name, args, place };
  return call;
}

const TYPES: Readonly<Record<string, SqlType>> = {
  varchar: 'varchar',
  char: 'varchar',
  decimal: 'decimal(22,9)',
  double: 'decimal(22,9)',
  bigint: 'bigint',
  integer: 'bigint',
  int: 'bigint',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp with time zone',
};

function cast(cursor: Cursor, place: Place, parseInner: () => Expression): Expression {
  cursor.expectSign('(');
  const inner = parseInner();
  cursor.expectWord('as');
  const name = cursor.name('<type>');
  const type = TYPES[name.text];
  if (type === undefined) throw new SqlError(`Unknown type: ${name.text}`, name.place);
  const sizes = sizesOf(cursor);
  if (name.text === 'timestamp' && cursor.skipWords('with')) {
    cursor.expectWord('time');
    cursor.expectWord('zone');
  }
  cursor.expectSign(')');
  const scale = name.text === 'decimal' ? (sizes[1] ?? 0) : null;
  return { kind: 'cast', inner, type, scale, place };
}

function sizesOf(cursor: Cursor): number[] {
  const sizes: number[] = [];
  if (!cursor.skipSign('(')) return sizes;
  do {
    const size = cursor.take();
    if (size.kind !== 'number') throw unknownSql(`The size '${size.text}'`, size.place);
    sizes.push(Number(size.text));
  } while (cursor.skipSign(','));
  cursor.expectSign(')');
  return sizes;
}
