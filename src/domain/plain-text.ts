import { z } from 'zod';

/** All control characters but those that break lines and indent, and halves of characters. */
const NOT_PLAIN = /[^\P{Cc}\n\r\t]|\p{Cs}/u;

/** Text that people send, which is kept and shown as it is. */
export const plainText = () =>
  z.string().refine((text) => !NOT_PLAIN.test(text), {
    error: ({ input }) =>
      `has the control character ${nameOf(NOT_PLAIN.exec(String(input))?.[0] ?? '')} in it`,
  });

/** What the database keeps in no text: U+0000, and half a character. */
const NEVER_KEPT = /\0|\p{Cs}/u;

/** The first character of a JSON value, its names included, that the database would refuse; null: it keeps all of it. */
export function neverKept(value: unknown): string | null {
  let found: string | null = null;
  const look = (text: string): void => void (found ??= NEVER_KEPT.exec(text)?.[0] ?? null);
  JSON.stringify(value, (name: string, each: unknown) => {
    look(name);
    if (typeof each === 'string') look(each);
    return each;
  });
  return found === null ? null : nameOf(found);
}

const nameOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
