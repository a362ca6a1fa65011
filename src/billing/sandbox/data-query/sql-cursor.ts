import { type Place, SqlError } from './sql-error.ts';
import { type Token, tokensOf } from './sql-tokens.ts';

/** Walks over the words of a query. Keywords are known in any case. */
export interface Cursor {
  /** The next word; it stays the next one. */
  peek(): Token;
  place(): Place;
  take(): Token;
  isWord(...words: readonly string[]): boolean;
  isSign(sign: string): boolean;
  /** Takes the keywords when all of them follow. */
  skipWords(...words: readonly string[]): boolean;
  skipSign(sign: string): boolean;
  expectWord(word: string): void;
  expectSign(sign: string): void;
  /** A name in lower case, unless quoted then as it is. */
  name(what: string): Token;
  /** What to throw when the next word does not fit. */
  mismatch(expected: string): SqlError;
}

export function cursorOver(sql: string): Cursor {
  const tokens = tokensOf(sql);
  let at = 0;
  const token = (ahead = 0): Token => tokens[Math.min(at + ahead, tokens.length - 1)] ?? END;
  const is = (kind: Token['kind'], text: string, ahead = 0): boolean =>
    token(ahead).kind === kind && token(ahead).text.toLowerCase() === text;
  const mismatch = (expected: string): SqlError =>
    new SqlError(`mismatched input '${token().text}'. Expecting: ${expected}`, token().place);
  const skip = (count: number, there: boolean): boolean => {
    if (there) at += count;
    return there;
  };

  const cursor: Cursor = {
    peek: () => token(),
    place: () => token().place,
    take: () => tokens[at++] ?? token(),
    isWord: (...words) => words.every((word, ahead) => is('word', word, ahead)),
    isSign: (sign) => is('sign', sign),
    skipWords: (...words) => skip(words.length, cursor.isWord(...words)),
    skipSign: (sign) => skip(1, is('sign', sign)),
    expectWord(word) {
      if (!cursor.skipWords(word)) throw mismatch(`'${word.toUpperCase()}'`);
    },
    expectSign(sign) {
      if (!cursor.skipSign(sign)) throw mismatch(`'${sign}'`);
    },
    name(what) {
      const taken = token();
      if (taken.kind !== 'word' && taken.kind !== 'quoted') throw mismatch(what);
      at += 1;
      return { ...taken, text: taken.text.toLowerCase() };
    },
    mismatch,
  };
  return cursor;
}

const END: Token = { kind: 'end', text: '<EOF>', place: { line: 1, column: 1 } };
