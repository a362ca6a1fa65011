import { type Token, type Tokens, ZoqlError, named, readTokens } from './zoql-tokens.ts';

export { ZoqlError } from './zoql-tokens.ts';

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export interface Condition {
  /** A field, or a field of a related object by path. */
  readonly field: string;
  readonly operator: Operator;
  readonly value: string | null;
}

type Group = readonly Condition[];

export interface Query {
  /** `*` alone: every field. */
  readonly fields: readonly string[];
  readonly object: string;
  /** One of these groups must hold as a whole; no group: every row. */
  readonly anyOf: readonly Group[];
  readonly order?: { readonly field: string; readonly descending: boolean };
  readonly limit?: number;
}

const MOST_CONDITIONS = 200;

/**
 * Reads the part of export ZOQL that clients of data source exports use: `select A, Account.Id from Object
 * where (A = 'x' or B >= '...') and C != null order by UpdatedDate asc limit 1`, `*` for all fields,
 * keywords in any case. `and` binds before `or`. Throws `ZoqlError` for joins, functions and aliases.
 */
export function parseZoql(text: string): Query {
  if (text.length > 10_000) throw new ZoqlError('the query is longer than 10,000 characters');
  const tokens = readTokens(text);
  tokens.expect('select');
  const fields = tokens.skip('*') ? ['*'] : [tokens.name('a field')];
  while (fields[0] !== '*' && tokens.skip(',')) fields.push(tokens.name('a field'));
  tokens.expect('from');
  const object = tokens.name('an object');
  const anyOf = tokens.skip('where') ? conditionsOf(tokens) : [];
  const order = orderOf(tokens);
  const limit = tokens.skip('limit') ? limitOf(tokens.take()) : undefined;
  if (tokens.peek().kind !== 'end') {
    const what = anyOf.length === 0 ? `'where' was expected instead of` : 'a condition is not followed by';
    throw new ZoqlError(`${what} ${named(tokens.peek())}`);
  }
  return {
    fields,
    object,
    anyOf,
    ...(order === undefined ? {} : { order }),
    ...(limit === undefined ? {} : { limit }),
  };
}

/** With what is in parentheses multiplied out: one of the groups must hold. */
function conditionsOf(tokens: Tokens): readonly Group[] {
  let count = 0;
  const either = (): readonly Group[] => {
    let groups = both();
    while (tokens.skip('or')) groups = [...groups, ...both()];
    return groups;
  };
  const both = (): readonly Group[] => {
    let groups = single();
    while (tokens.skip('and')) {
      const others = single();
      groups = groups.flatMap((group) => others.map((other) => [...group, ...other]));
      if (groups.length > MOST_CONDITIONS) throw tooMany();
    }
    return groups;
  };
  const single = (): readonly Group[] => {
    if (tokens.skip('(')) {
      const groups = either();
      tokens.expect(')');
      return groups;
    }
    count += 1;
    if (count > MOST_CONDITIONS) throw tooMany();
    return [[condition(tokens.name('a field'), tokens.take(), tokens.take())]];
  };
  return either();
}

function tooMany(): ZoqlError {
  return new ZoqlError(`there are more than ${MOST_CONDITIONS} conditions`);
}

function orderOf(tokens: Tokens): Query['order'] {
  if (!tokens.skip('order')) return undefined;
  tokens.expect('by');
  const field = tokens.name('a field');
  const descending = tokens.skip('desc');
  if (!descending) tokens.skip('asc');
  return { field, descending };
}

function limitOf(token: Token): number {
  if (token.kind === 'number' && /^\d{1,9}$/.test(token.text)) return Number(token.text);
  throw new ZoqlError(`${named(token)} is not a limit`);
}

const OPERATORS: readonly string[] = ['=', '!=', '<', '<=', '>', '>='] satisfies Operator[];

function condition(field: string, operator: Token, value: Token): Condition {
  if (operator.kind !== 'sign' || !isOperator(operator.text)) {
    throw new ZoqlError(`${named(operator)} is not an operator`);
  }
  const word = value.kind === 'name' ? value.text.toLowerCase() : '';
  if (word === 'null') {
    if (operator.text !== '=' && operator.text !== '!=')
      throw new ZoqlError('null is only equal or not equal');
    return { field, operator: operator.text, value: null };
  }
  if (value.kind === 'text' || value.kind === 'number' || word === 'true' || word === 'false') {
    return { field, operator: operator.text, value: word === '' ? value.text : word };
  }
  throw new ZoqlError(`${named(value)} is not a value`);
}

function isOperator(text: string): text is Operator {
  return OPERATORS.includes(text);
}
