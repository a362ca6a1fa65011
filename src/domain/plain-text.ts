import { z } from 'zod';

/** All control characters but those that break lines and indent; the database keeps no U+0000 at all. */
const CONTROL = /[^\P{Cc}\n\r\t]/u;

/** Text that people send, which is kept and shown as it is. */
export const plainText = () =>
  z.string().refine((text) => !CONTROL.test(text), {
    error: ({ input }) => `has the control character ${nameOf(CONTROL.exec(String(input))?.[0] ?? '')} in it`,
  });

const nameOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
