import type { FilterError } from './filter.ts';

/** A piece of a filter. A text is without its quotes, a label without its brackets; a word keeps its case. */
export interface Token {
  readonly kind: 'word' | 'label' | 'text' | 'number' | 'sign' | 'end';
  readonly text: string;
  /** From 1. */
  readonly at: number;
}

const SPACE = /\s+/y;
const PIECES: readonly (readonly [Token['kind'], RegExp])[] = [
  ['word', /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/y],
  ['label', /\[[^\][]*\]/y],
  ['text', /'(?:[^']|'')*'|"(?:[^"]|"")*"/y],
  ['number', /-?\d+(?:\.\d+)?(?![\w.])/y],
  ['sign', /<=|>=|<>|!=|[=<>(),]/y],
];

/** Cuts a filter into its pieces, the last one `end`. */
export function tokensOf(text: string): { readonly tokens: Token[] } | { readonly error: FilterError } {
  const tokens: Token[] = [];
  let index = skip(text, 0);
  while (index < text.length) {
    const piece = pieceAt(text, index);
    if (piece === undefined) return { error: unreadable(text, index) };
    tokens.push({ kind: piece.kind, text: unquoted(piece.kind, piece.text), at: index + 1 });
    index = skip(text, index + piece.text.length);
  }
  return { tokens: [...tokens, { kind: 'end', text: '', at: text.length + 1 }] };
}

function skip(text: string, index: number): number {
  SPACE.lastIndex = index;
  return index + (SPACE.exec(text)?.[0].length ?? 0);
}

function pieceAt(text: string, index: number): { kind: Token['kind']; text: string } | undefined {
  for (const [kind, pattern] of PIECES) {
    pattern.lastIndex = index;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return { kind, text: found };
  }
  return undefined;
}

function unquoted(kind: Token['kind'], text: string): string {
  if (kind === 'label') return text.slice(1, -1).trim();
  const quote = text.slice(0, 1);
  return kind === 'text' ? text.slice(1, -1).replaceAll(quote + quote, quote) : text;
}

function unreadable(text: string, index: number): FilterError {
  const sign = text.slice(index, index + 1);
  const at = index + 1;
  if (sign === "'" || sign === '"') {
    return { at, message: 'A quote is not closed.', suggestion: `Close it with ${sign}.` };
  }
  if (sign === '[') return { at, message: 'A bracket is not closed.', suggestion: 'Close it with ].' };
  const suggestion = /\d|-/.test(sign)
    ? 'Write numbers as 12 or 12.50, and dates in quotes.'
    : 'A filter has fields, values, = != < <= > >=, in, is null, and, or, not and parentheses.';
  return { at, message: `"${sign}" cannot stand here.`, suggestion };
}
