import { parseExpression } from './parse-expression.ts';
import { type Cursor, cursorOver } from './sql-cursor.ts';
import { SqlError, unknownSql } from './sql-error.ts';
import {
  type Expression,
  type OrderKey,
  type Query,
  type Select,
  type SelectItem,
  type Statement,
  type TableName,
} from './sql-tree.ts';

/** Reads the sandbox's subset of Trino's SQL; throws `SqlError` with the place of what is not in it. */
export function parseStatement(sql: string): Statement {
  const cursor = cursorOver(sql);
  const statement = statementAt(cursor);
  cursor.skipSign(';');
  const rest = cursor.peek();
  if (rest.kind !== 'end') throw endingError(cursor);
  return statement;
}

function statementAt(cursor: Cursor): Statement {
  if (cursor.skipWords('show', 'tables')) {
    if (cursor.isWord('from') || cursor.isWord('in'))
      throw unknownSql('SHOW TABLES of a schema', cursor.place());
    if (!cursor.skipWords('like')) return { kind: 'show-tables', like: null };
    const pattern = cursor.take();
    if (pattern.kind !== 'text') throw new SqlError('LIKE needs a string', pattern.place);
    return { kind: 'show-tables', like: pattern.text };
  }
  if (cursor.skipWords('show', 'columns')) {
    if (!cursor.skipWords('in')) cursor.expectWord('from');
    return { kind: 'show-columns', table: tableAt(cursor) };
  }
  if (cursor.skipWords('describe') || cursor.skipWords('desc')) {
    return { kind: 'show-columns', table: tableAt(cursor) };
  }
  if (!cursor.isWord('select')) {
    if (cursor.isWord('with') || cursor.isWord('show') || cursor.isWord('explain')) throw endingError(cursor);
    throw cursor.mismatch("'DESCRIBE', 'SELECT', 'SHOW'");
  }
  return query(cursor);
}

function query(cursor: Cursor): Query {
  const first = select(cursor);
  const more: Select[] = [];
  while (cursor.skipWords('union')) {
    if (!cursor.skipWords('all')) throw unknownSql('UNION without ALL', cursor.place());
    more.push(select(cursor));
  }
  const orderBy: OrderKey[] = [];
  if (cursor.skipWords('order')) {
    cursor.expectWord('by');
    do orderBy.push(orderKey(cursor));
    while (cursor.skipSign(','));
  }
  let offset = 0;
  if (cursor.skipWords('offset')) {
    offset = count(cursor);
    if (!cursor.skipWords('rows')) cursor.skipWords('row');
  }
  const limited = cursor.skipWords('limit');
  const limit = limited && !cursor.skipWords('all') ? count(cursor) : null;
  return { kind: 'query', selects: [first, ...more], orderBy, offset, limit };
}

function select(cursor: Cursor): Select {
  cursor.expectWord('select');
  if (cursor.isWord('distinct')) throw unknownSql('DISTINCT', cursor.place());
  cursor.skipWords('all');
  const items: SelectItem[] = [];
  do items.push(item(cursor));
  while (cursor.skipSign(','));
  const from = cursor.skipWords('from') ? tableAt(cursor) : null;
  const where = cursor.skipWords('where') ? expression(cursor) : null;
  const groupBy: Expression[] = [];
  if (cursor.skipWords('group')) {
    cursor.expectWord('by');
    do groupBy.push(expression(cursor));
    while (cursor.skipSign(','));
  }
  return { items, from, where, groupBy };
}

function expression(cursor: Cursor): Expression {
  return parseExpression(cursor, select);
}

function item(cursor: Cursor): SelectItem {
  const place = cursor.place();
  if (cursor.skipSign('*')) return { expression: null, alias: null, place };
  const read = expression(cursor);
  if (cursor.skipWords('as')) return { expression: read, alias: cursor.name('<identifier>').text, place };
  const next = cursor.peek();
  const named =
    next.kind === 'quoted' || (next.kind === 'word' && !ENDS_AN_ITEM.has(next.text.toLowerCase()));
  return { expression: read, alias: named ? cursor.name('<identifier>').text : null, place };
}

function orderKey(cursor: Cursor): OrderKey {
  const key = expression(cursor);
  const descending = cursor.skipWords('desc');
  if (!descending) cursor.skipWords('asc');
  if (cursor.isWord('nulls')) throw unknownSql('NULLS FIRST and NULLS LAST', cursor.place());
  return { expression: key, descending };
}

function tableAt(cursor: Cursor): TableName {
  if (cursor.isSign('(')) throw unknownSql('A subquery in FROM', cursor.place());
  const { text: name, place } = cursor.name('<identifier>');
  if (cursor.isSign('.')) throw unknownSql('The name of a schema', cursor.place());
  const as = cursor.skipWords('as');
  const next = cursor.peek();
  const aliased =
    as || next.kind === 'quoted' || (next.kind === 'word' && !ENDS_A_TABLE.has(next.text.toLowerCase()));
  const table = { name, alias: aliased ? cursor.name('<identifier>').text : name, place };
  if (cursor.isSign(',')) throw unknownSql('A join of tables', cursor.place());
  return table;
}

function count(cursor: Cursor): number {
  const token = cursor.take();
  if (token.kind === 'number' && /^\d{1,15}$/.test(token.text)) return Number(token.text);
  throw new SqlError(`mismatched input '${token.text}'. Expecting: <integer>`, token.place);
}

const ENDS_A_TABLE = new Set(
  'where group order having limit offset union join inner left right full cross natural on using tablesample intersect except fetch'.split(
    ' ',
  ),
);
const ENDS_AN_ITEM = new Set(['from', ...ENDS_A_TABLE]);

/** Words that Trino would go on with, but the sandbox does not. */
const TRINO_GOES_ON = new Set(
  'having join inner left right full cross natural tablesample intersect except fetch with show explain window over'.split(
    ' ',
  ),
);

function endingError(cursor: Cursor): SqlError {
  const { kind, text, place } = cursor.peek();
  if (kind === 'word' && TRINO_GOES_ON.has(text.toLowerCase())) return unknownSql(text.toUpperCase(), place);
  return new SqlError(`mismatched input '${text}'. Expecting: <EOF>`, place);
}
