import { accepted, type Answer, refused } from './answer.ts';
import { refusedBy, VC_FORMULA } from './refusals.ts';

const PIECES =
  /\s*(?:(?<name>\[[^\][]+\]|\{[^{}]+\}|"[^"]+"|[A-Za-z_][\w.]*(?:[ ]+[A-Za-z_][\w.]*)*)|(?<value>\d+(?:\.\d+)?%?|'[^']*')|(?<sign>[-+*/^(),]|[<>]=?|!?=))/y;

/** The allocatable amount under its names: Allocatable Amount, ALLOCATABLE_PRICE, alctbl_xt_prc. */
const ALLOCATABLE = /^(?:allocatable|alctbl|allctbl)/;

interface Piece {
  readonly kind: 'name' | 'value' | 'sign';
  readonly text: string;
}

/** A formula must not reckon with the allocatable amount, which would make the amount it gives inaccurate. */
export function answerFormula({ formula }: { readonly formula: string }): Answer {
  const read = piecesOf(formula);
  if (typeof read === 'number') return unreadable(`at character ${read + 1}`);
  const wrong = misplaced(read);
  if (wrong !== null) return unreadable(wrong);
  const [allocatable] = read.filter(({ kind, text }) => kind === 'name' && isAllocatable(text));
  if (allocatable === undefined) {
    return accepted('The formula does without the allocatable amount.');
  }
  return refusedBy(
    VC_FORMULA,
    `The formula reckons with the allocatable amount (${allocatable.text}); what it gives might be inaccurate.`,
  );
}

const unreadable = (where: string): Answer =>
  refused(
    null,
    `The formula cannot be read: ${where}.`,
    'Write fields, numbers, + - * / and parentheses: Ext Sell Price * 5%.',
  );

const isAllocatable = (name: string): boolean =>
  name.split(/[^A-Za-z]+/).some((word) => ALLOCATABLE.test(word.toLowerCase()));

function piecesOf(formula: string): Piece[] | number {
  const pieces: Piece[] = [];
  const end = formula.trimEnd().length;
  for (let at = 0; at < end;) {
    PIECES.lastIndex = at;
    const found = PIECES.exec(formula);
    const groups = found?.groups ?? {};
    const kind = (['name', 'value', 'sign'] as const).find((each) => groups[each] !== undefined);
    if (found === null || kind === undefined) return at;
    pieces.push({ kind, text: groups[kind] ?? '' });
    at = PIECES.lastIndex;
  }
  return pieces;
}

/** Operands and operators have to take turns, and parentheses to close; functions take their operands in them. */
function misplaced(pieces: readonly Piece[]): string | null {
  let depth = 0;
  let operand = true; // what has to come next
  for (const [place, { kind, text }] of pieces.entries()) {
    const opens = text === '(';
    const call = opens && pieces[place - 1]?.kind === 'name';
    if (opens) {
      if (!operand && !call) return 'an operator is missing before (';
      depth += 1;
      operand = true;
    } else if (text === ')') {
      if (operand) return 'something is missing before )';
      depth -= 1;
      if (depth < 0) return 'a parenthesis is closed that is not open';
    } else if (kind === 'sign') {
      if (operand && text !== '-') return `something is missing before ${text}`;
      operand = true;
    } else {
      if (!operand) return `an operator is missing before ${text}`;
      operand = false;
    }
  }
  if (operand) return 'something is missing at its end';
  return depth === 0 ? null : 'a parenthesis is not closed';
}
