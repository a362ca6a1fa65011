import { type Cursor } from './sql-cursor.ts';
import { parseOperand } from './parse-operand.ts';
import { unknownSql } from './sql-error.ts';
import { type CompareOperator, type Expression, type Select } from './sql-tree.ts';

/** How a select inside parentheses is read. */
export type ParseSelect = (cursor: Cursor) => Select;

const COMPARE: Readonly<Record<string, CompareOperator>> = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

/** `or` of `and` of `not` of comparisons. Throws `SqlError`. */
export function parseExpression(cursor: Cursor, parseSelect: ParseSelect): Expression {
  const and = (): Expression => joined(cursor, 'and', () => negation(cursor, parseSelect));
  return joined(cursor, 'or', and);
}

function joined(cursor: Cursor, word: 'and' | 'or', part: () => Expression): Expression {
  const first = part();
  const parts = [first];
  while (cursor.skipWords(word)) parts.push(part());
  return parts.length === 1 ? first : { kind: word, parts, place: first.place };
}

function negation(cursor: Cursor, parseSelect: ParseSelect): Expression {
  const place = cursor.place();
  if (!cursor.skipWords('not')) return predicate(cursor, parseSelect);
  return { kind: 'not', inner: negation(cursor, parseSelect), place };
}

function predicate(cursor: Cursor, parseSelect: ParseSelect): Expression {
  const operand = (): Expression => parseOperand(cursor, () => parseExpression(cursor, parseSelect));
  const inner = operand();
  const { place } = inner;
  const sign = cursor.peek();
  const operator = sign.kind === 'sign' ? COMPARE[sign.text] : undefined;
  if (operator !== undefined) {
    cursor.take();
    return { kind: 'compare', operator, left: inner, right: operand(), place };
  }
  if (cursor.skipWords('is')) {
    const not = cursor.skipWords('not');
    cursor.expectWord('null');
    return negatedIf(not, { kind: 'is-null', inner, place });
  }
  const not = cursor.skipWords('not');
  if (cursor.skipWords('in')) return negatedIf(not, inList(cursor, inner, parseSelect));
  if (cursor.skipWords('like')) return negatedIf(not, like(cursor, inner));
  if (cursor.skipWords('between')) {
    const low = operand();
    cursor.expectWord('and');
    const parts: Expression[] = [
      { kind: 'compare', operator: '>=', left: inner, right: low, place },
      { kind: 'compare', operator: '<=', left: inner, right: operand(), place },
    ];
    return negatedIf(not, { kind: 'and', parts, place });
  }
  if (not) throw cursor.mismatch("'BETWEEN', 'IN', 'LIKE'");
  return inner;
}

function inList(cursor: Cursor, inner: Expression, parseSelect: ParseSelect): Expression {
  const { place } = inner;
  cursor.expectSign('(');
  if (cursor.isWord('select')) {
    const list = parseSelect(cursor);
    cursor.expectSign(')');
    return { kind: 'in', inner, list, place };
  }
  const list: Expression[] = [];
  do list.push(parseExpression(cursor, parseSelect));
  while (cursor.skipSign(','));
  cursor.expectSign(')');
  return { kind: 'in', inner, list, place };
}

function like(cursor: Cursor, inner: Expression): Expression {
  const pattern = cursor.peek();
  if (pattern.kind !== 'text') throw cursor.mismatch('<string>');
  cursor.take();
  if (cursor.isWord('escape')) throw unknownSql('ESCAPE', cursor.place());
  return { kind: 'like', inner, pattern: pattern.text, place: inner.place };
}

function negatedIf(not: boolean, inner: Expression): Expression {
  return not ? { kind: 'not', inner, place: inner.place } : inner;
}
