/** What is wrong with a query, in words. */
export class ZoqlError extends Error {
  override readonly name = 'ZoqlError';
}

export interface Token {
  readonly kind: 'name' | 'text' | 'number' | 'sign' | 'end';
  readonly text: string;
}

/** The tokens of a query, read from left to right. */
export interface Tokens {
  /** The next token, left where it is. */
  peek(): Token;
  take(): Token;
  /** Takes the next token when it is this keyword, in any case, or this sign. */
  skip(text: string): boolean;
  /** Takes it, or throws `ZoqlError`. */
  expect(text: string): void;
  /** Takes a name, or throws `ZoqlError`; `what` says what for. */
  name(what: string): string;
}

const END: Token = { kind: 'end', text: '' };

export function readTokens(text: string): Tokens {
  const tokens = tokensOf(text);
  let at = 0;
  const peek = (): Token => tokens[at] ?? END;
  const skip = (wanted: string): boolean => {
    const { kind, text: found } = peek();
    const same = (kind === 'name' || kind === 'sign') && found.toLowerCase() === wanted;
    if (same) at += 1;
    return same;
  };
  return {
    peek,
    take: () => tokens[at++] ?? END,
    skip,
    expect(wanted) {
      if (!skip(wanted)) throw new ZoqlError(`'${wanted}' was expected instead of ${named(peek())}`);
    },
    name(what) {
      const token = tokens[at++] ?? END;
      if (token.kind !== 'name') throw new ZoqlError(`${what} was expected instead of ${named(token)}`);
      return token.text;
    },
  };
}

/** The token as a message names it. */
export function named(token: Token): string {
  return token.kind === 'end' ? 'the end of the query' : JSON.stringify(token.text);
}

const TOKEN =
  /\s*(?:(?<name>[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)*)|'(?<text>(?:[^'\\]|\\[^])*)'|(?<number>-?\d+(?:\.\d+)?)|(?<sign><=|>=|!=|[=<>,*()]))/uy;

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
