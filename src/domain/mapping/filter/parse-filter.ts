import type { Comparison, Filter, FilterError, FilterField, FilterLiteral, FilterOperand } from './filter.ts';
import { type Token, tokensOf } from './tokens.ts';

/** How deep parentheses and `not` may lie. */
const DEEPEST = 50;
const SIGNS: Readonly<Record<string, Comparison>> = {
  '=': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};
const KEYWORDS = new Set(['and', 'or', 'not', 'in', 'is', 'null']);

/** Only for use inside this file: the reading ends at the first thing that cannot be read. */
class Unreadable extends Error {
  readonly error: FilterError;
  constructor(error: FilterError) {
    super(error.message);
    this.error = error;
  }
}

/**
 * Reads a filter:
 *
 *     Account.Currency in ('EUR', 'USD') and not (InvoiceItem.ChargeAmount < 0 or Invoice.Status is null)
 *
 * Keywords in any case; text in single or double quotes, a quote inside doubled; dates as text. Where lines are
 * filtered, fields are labels in brackets: `[Ext Sell Price] < 0`.
 */
export function parseFilter(text: string): { readonly filter: Filter } | { readonly error: FilterError } {
  const cut = tokensOf(text);
  if ('error' in cut) return cut;
  try {
    const reader = readerOf(cut.tokens);
    const filter = alternatives(reader, 0);
    const { kind, at, text: rest } = reader.next();
    if (kind === 'end') return { filter };
    return { error: { at, message: `"${rest}" is one too many.`, suggestion: 'Join terms with and, or.' } };
  } catch (error) {
    if (error instanceof Unreadable) return { error: error.error };
    throw error;
  }
}

interface Reader {
  next(): Token;
  /** Takes the next piece if it is that keyword or sign. */
  took(what: string): boolean;
}

function readerOf(tokens: readonly Token[]): Reader {
  let place = 0;
  const peek = (): Token => tokens[place] ?? { kind: 'end', text: '', at: 1 };
  const next = (): Token => {
    const token = peek();
    place += 1;
    return token;
  };
  const took = (what: string): boolean => {
    const { kind, text } = peek();
    const is = (kind === 'word' && text.toLowerCase() === what) || (kind === 'sign' && text === what);
    if (is) place += 1;
    return is;
  };
  return { next, took };
}

function fail({ kind, text, at }: Token, wanted: string, suggestion: string): never {
  const found = kind === 'end' ? 'the filter ends' : `there is ${kind === 'text' ? `'${text}'` : text}`;
  throw new Unreadable({ at, message: `Here ${found}, and ${wanted}.`, suggestion });
}

function alternatives(reader: Reader, depth: number): Filter {
  const [first, ...others] = listOf(reader, 'or', () => conditions(reader, depth));
  return others.length === 0 ? first : { kind: 'or', terms: [first, ...others] };
}

function conditions(reader: Reader, depth: number): Filter {
  const [first, ...others] = listOf(reader, 'and', () => condition(reader, depth));
  return others.length === 0 ? first : { kind: 'and', terms: [first, ...others] };
}

function listOf(reader: Reader, word: string, read: () => Filter): [Filter, ...Filter[]] {
  const terms: [Filter, ...Filter[]] = [read()];
  while (reader.took(word)) terms.push(read());
  return terms;
}

function condition(reader: Reader, depth: number): Filter {
  if (reader.took('not')) return { kind: 'not', term: condition(reader, deeper(reader, depth)) };
  if (!reader.took('(')) return comparison(reader);
  const inner = alternatives(reader, deeper(reader, depth));
  close(reader);
  return inner;
}

function deeper(reader: Reader, depth: number): number {
  if (depth < DEEPEST) return depth + 1;
  return fail(reader.next(), 'this lies too deep', `Use at most ${DEEPEST} levels of parentheses.`);
}

function close(reader: Reader): void {
  if (!reader.took(')')) fail(reader.next(), 'a parenthesis is open', 'Close it with ).');
}

function comparison(reader: Reader): Filter {
  const left = operand(reader);
  if (reader.took('is')) {
    const negated = reader.took('not');
    if (!reader.took('null')) fail(reader.next(), '`is` needs null', 'Write `is null` or `is not null`.');
    return { kind: 'null', negated, field: fieldOnly(left) };
  }
  const negated = reader.took('not');
  if (negated || reader.took('in')) {
    if (negated && !reader.took('in')) fail(reader.next(), '`not` needs in', "Write `not in ('a', 'b')`.");
    return { kind: 'in', negated, field: fieldOnly(left), values: valuesOf(reader) };
  }
  const sign = reader.next();
  const operator = sign.kind === 'sign' ? SIGNS[sign.text] : undefined;
  if (operator === undefined) {
    fail(sign, 'a comparison is missing', 'Compare with = != < <= > >=, in (...) or is null.');
  }
  const right = operand(reader);
  if (left.kind === 'field' || right.kind === 'field') return { kind: 'compare', operator, left, right };
  throw new Unreadable({
    at: left.at,
    message: 'Two values are compared.',
    suggestion: 'Compare a field: Object.Field.',
  });
}

function fieldOnly(value: FilterOperand): FilterField {
  if (value.kind === 'field') return value;
  throw new Unreadable({
    at: value.at,
    message: 'A value stands where a field belongs.',
    suggestion: 'Write the field first: Account.Currency is null.',
  });
}

function valuesOf(reader: Reader): FilterLiteral[] {
  if (!reader.took('(')) fail(reader.next(), '`in` needs a list', "Write `in ('a', 'b')`.");
  const values = [literalOnly(operand(reader))];
  while (reader.took(',')) values.push(literalOnly(operand(reader)));
  close(reader);
  return values;
}

function literalOnly(value: FilterOperand): FilterLiteral {
  if (value.kind !== 'field') return value;
  throw new Unreadable({
    at: value.at,
    message: `${value.path} is a field, and a list has values.`,
    suggestion: `Put text in quotes: '${value.path}'.`,
  });
}

function operand(reader: Reader): FilterOperand {
  const token = reader.next();
  const { kind, text, at } = token;
  if (kind === 'text' || kind === 'number') return { kind, value: text, at };
  if (kind === 'label') return { kind: 'field', path: text, at };
  const word = text.toLowerCase();
  if (kind !== 'word' || KEYWORDS.has(word)) {
    const suggestion = word === 'null' ? 'Write `is null`.' : 'Write Object.Field, or a value.';
    return fail(token, 'a field or a value belongs here', suggestion);
  }
  if (word === 'true' || word === 'false') return { kind: 'boolean', value: word, at };
  if (text.includes('.')) return { kind: 'field', path: text, at };
  return fail(token, 'that is no field', `Write Object.Field, or put text in quotes: '${text}'.`);
}
