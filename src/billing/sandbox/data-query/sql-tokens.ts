import { type Place, SqlError } from './sql-error.ts';

export interface Token {
  /** `quoted` is a name in double quotes, never a keyword. */
  readonly kind: 'word' | 'quoted' | 'text' | 'number' | 'sign' | 'end';
  readonly text: string;
  readonly place: Place;
}

const LONGEST = 100_000;
const SPACE = /(?:\s|--[^\n]*|\/\*[^]*?\*\/)+/y;
const TOKEN =
  /(?<word>[A-Za-z_]\w*)|"(?<quoted>(?:[^"]|"")+)"|'(?<text>(?:[^']|'')*)'|(?<number>\d+(?:\.\d+)?)|(?<sign><>|!=|<=|>=|\|\||[-=<>(),.*;+/%[\]])/y;

/** The words of a query; the last one is always `end`. Throws `SqlError`. */
export function tokensOf(sql: string): readonly Token[] {
  if (sql.length > LONGEST) throw new SqlError(`the query is longer than ${LONGEST} characters`);
  const tokens: Token[] = [];
  const placeOf = placesIn(sql);
  let at = 0;
  for (;;) {
    SPACE.lastIndex = at;
    at += SPACE.exec(sql)?.[0].length ?? 0;
    const place = placeOf(at);
    if (at >= sql.length) return [...tokens, { kind: 'end', text: '<EOF>', place }];
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(sql);
    if (found === null) throw new SqlError(`mismatched input '${sql[at] ?? ''}'`, place);
    at += found[0].length;
    tokens.push({ ...tokenOf(found.groups ?? {}), place });
  }
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>): Pick<Token, 'kind' | 'text'> {
  const { word, quoted, text, number, sign } = groups;
  if (word !== undefined) return { kind: 'word', text: word };
  if (quoted !== undefined) return { kind: 'quoted', text: quoted.replaceAll('""', '"') };
  if (text !== undefined) return { kind: 'text', text: text.replaceAll("''", "'") };
  if (number !== undefined) return { kind: 'number', text: number };
  return { kind: 'sign', text: sign ?? '' };
}

function placesIn(sql: string): (at: number) => Place {
  let line = 1;
  let start = 0;
  // Asked for in growing order: each line end is passed once.
  return (at) => {
    for (let end = sql.indexOf('\n', start); end !== -1 && end < at; end = sql.indexOf('\n', start)) {
      line += 1;
      start = end + 1;
    }
    return { line, column: at - start + 1 };
  };
}
