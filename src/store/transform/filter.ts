import { type RawBuilder, sql } from 'kysely';

import type { FieldType } from '../../domain/catalogue/define-object.ts';
import type { Filter, FilterLiteral, FilterOperand } from '../../domain/mapping/filter/filter.ts';
import { customValue } from './custom-value.ts';
import type { TreeField } from './template-fields.ts';

type FieldAt = (path: string) => TreeField;

const OPERATORS = {
  '=': sql`=`,
  '!=': sql`is distinct from`,
  '<': sql`<`,
  '<=': sql`<=`,
  '>': sql`>`,
  '>=': sql`>=`,
} as const;

/** A filter as a condition that is true or false and never null, so that `not` leaves no row out of both. */
export function filterCondition(filter: Filter, fieldAt: FieldAt): RawBuilder<boolean> {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const terms = filter.terms.map((term) => filterCondition(term, fieldAt));
      return sql<boolean>`(${sql.join(terms, filter.kind === 'and' ? sql` and ` : sql` or `)})`;
    }
    case 'not':
      return sql<boolean>`(not ${filterCondition(filter.term, fieldAt)})`;
    case 'null':
      return sql<boolean>`(${fieldAt(filter.field.path).value} is ${filter.negated ? sql`not null` : sql`null`})`;
    case 'in': {
      const found = filter.values.map((value) => compared(filter.field, value, OPERATORS['='], fieldAt));
      const among = sql<boolean>`(${sql.join(found, sql` or `)})`;
      return filter.negated ? sql<boolean>`(not ${among})` : among;
    }
    case 'compare':
      return compared(filter.left, filter.right, OPERATORS[filter.operator], fieldAt);
  }
}

function compared(
  left: FilterOperand,
  right: FilterOperand,
  operator: RawBuilder<unknown>,
  fieldAt: FieldAt,
): RawBuilder<boolean> {
  const kind = kindOf(left, right, fieldAt);
  const [one, other] = [left, right].map((operand) => as(kind, operand, fieldAt));
  return sql<boolean>`coalesce(${one} ${operator} ${other}, false)`;
}

/** What both sides are compared as. */
type Kind = 'text' | 'number' | 'boolean' | 'day';

const KINDS: Readonly<Record<FieldType, Kind>> = {
  text: 'text',
  integer: 'number',
  decimal: 'number',
  boolean: 'boolean',
  date: 'day',
  datetime: 'day',
};

/** A standard field decides, since what is beside it has to fit; else the value that a custom one is compared with. */
function kindOf(left: FilterOperand, right: FilterOperand, fieldAt: FieldAt): Kind {
  const operands = [left, right];
  const types = operands.flatMap((operand) =>
    operand.kind === 'field' ? (fieldAt(operand.path).type ?? []) : [],
  );
  const [type] = types;
  if (type !== undefined) return KINDS[type];
  return operands.some(({ kind }) => kind === 'number') ? 'number' : 'text';
}

const SQL_TYPES = { text: 'text', number: 'numeric', boolean: 'boolean', day: 'date' } as const;

function as(kind: Kind, operand: FilterOperand, fieldAt: FieldAt): RawBuilder<unknown> {
  if (operand.kind !== 'field') return literal(kind, operand);
  const { value, type } = fieldAt(operand.path);
  if (type === undefined) return customValue(CUSTOM_TYPES[kind], value);
  // An instant is compared by its day in the entity's time zone, as it is mapped.
  return type === 'datetime' ? sql`(${value} at time zone coalesce("Entity".timezone, 'UTC'))::date` : value;
}

const literal = (kind: Kind, { value }: FilterLiteral): RawBuilder<unknown> =>
  sql`${value}::${sql.raw(SQL_TYPES[kind])}`;

const CUSTOM_TYPES = { text: 'text', number: 'decimal', boolean: 'boolean', day: 'date' } as const;
