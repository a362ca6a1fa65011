export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export interface Condition {
  /** A field, or a field of a related object by path. */
  readonly field: string;
  readonly operator: Operator;
  readonly value: string | null;
}

export interface Query {
  readonly fields: readonly string[];
  readonly object: string;
  /** One of these groups must hold as a whole; no group: every row. */
  readonly anyOf: readonly (readonly Condition[])[];
}

/** What is wrong with a query, in words. */
export class ZoqlError extends Error {
  override readonly name = 'ZoqlError';
}

/**
 * Reads the part of export ZOQL that data source exports use: `select A, Account.Id from Object where
 * A = 'x' and B >= '...' or C != null`. `and` binds before `or`; there are no parentheses and no joins.
 */
export function parseZoql(text: string): Query {
  if (text.length > 10_000) throw new ZoqlError('the query is longer than 10,000 characters');
  const tokens = tokensOf(text);
  let at = 0;
  const take = (): Token => tokens[at++] ?? END;
  const keyword = (word: string): boolean =>
    tokens[at]?.kind === 'name' && tokens[at]?.text.toLowerCase() === word;
  const expectKeyword = (word: string): void => {
    if (!keyword(word)) throw new ZoqlError(`'${word}' was expected instead of ${named(tokens[at] ?? END)}`);
    at += 1;
  };
  const name = (what: string): string => {
    const token = take();
    if (token.kind !== 'name') throw new ZoqlError(`${what} was expected instead of ${named(token)}`);
    return token.text;
  };

  expectKeyword('select');
  const fields = [name('a field')];
  while (tokens[at]?.text === ',' && tokens[at]?.kind === 'sign') {
    at += 1;
    fields.push(name('a field'));
  }
  expectKeyword('from');
  const object = name('an object');

  const anyOf: Condition[][] = [];
  if (at < tokens.length) {
    expectKeyword('where');
    let group: Condition[] = [];
    anyOf.push(group);
    for (;;) {
      group.push(condition(name('a field'), take(), take()));
      if (at >= tokens.length) break;
      if (keyword('or')) anyOf.push((group = []));
      else if (!keyword('and')) throw new ZoqlError(`${named(tokens[at] ?? END)} cannot follow a condition`);
      at += 1;
    }
  }
  if (anyOf.flat().length > 200) throw new ZoqlError('there are more than 200 conditions');
  return { fields, object, anyOf };
}

interface Token {
  readonly kind: 'name' | 'text' | 'number' | 'sign' | 'end';
  readonly text: string;
}

const END: Token = { kind: 'end', text: '' };
const OPERATORS: readonly string[] = ['=', '!=', '<', '<=', '>', '>='] satisfies Operator[];
const TOKEN =
  /\s*(?:(?<name>[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)*)|'(?<text>(?:[^'\\]|\\[^])*)'|(?<number>-?\d+(?:\.\d+)?)|(?<sign><=|>=|!=|[=<>,]))/uy;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const source = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const from = TOKEN.lastIndex;
    const groups = TOKEN.exec(source)?.groups;
    if (groups === undefined) {
      throw new ZoqlError(`${JSON.stringify(source.slice(from, from + 20).trim())} is not ZOQL`);
    }
    if (groups['text'] !== undefined) tokens.push({ kind: 'text', text: unescaped(groups['text']) });
    for (const kind of ['name', 'number', 'sign'] as const) {
      const found = groups[kind];
      if (found !== undefined) tokens.push({ kind, text: found });
    }
  }
  return tokens;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function unescaped(text: string): string {
  return text.replace(/\\([^])/gu, (_, character: string) => ESCAPES[character] ?? character);
}

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

function named(token: Token): string {
  return token.kind === 'end' ? 'the end of the query' : JSON.stringify(token.text);
}
