/** A string literal, which is stepped over, or a number outside of one. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Parses JSON without ever putting an amount or a rate through a binary fraction: whole numbers that
 * JavaScript holds exactly stay numbers, every other number arrives as the string it was written as
 * (`95.975`). Throws `SyntaxError`.
 */
export function parseExactJson(text: string): unknown {
  return JSON.parse(
    text.replace(TOKEN, (token) => {
      const exact = token.startsWith('"') || (/^-?\d+$/.test(token) && Number.isSafeInteger(Number(token)));
      return exact ? token : `"${token}"`;
    }),
  );
}
