import { type RawBuilder, sql } from 'kysely';

import { invariant } from '../../domain/errors.ts';
import { filterFields } from '../../domain/mapping/filter/filter.ts';
import type { InputValueType } from '../../domain/mapping/staging-fields.ts';
import { labelFilter } from '../../domain/setups/label-filter.ts';
import { findRuleField, placeholdersOf, type RuleField } from '../../domain/validation/scopes.ts';
import type { Requirement, ValidationRule } from '../../domain/validation/validation-rule.ts';
import { filterCondition } from '../transform/filter.ts';

type Sql<Value = unknown> = RawBuilder<Value>;

/** Where a rule finds the values it names. */
export interface Judged {
  /** Type of the line, and the day that a rule's validity goes by. */
  readonly type: Sql;
  readonly day: Sql;
  readonly valueOf: (field: RuleField) => Sql;
  /** The values of a lookup by its name. */
  readonly codesOf: (lookup: string) => readonly string[];
}

const FIELD_TYPES = { Character: 'text', Number: 'decimal', Date: 'date' } as const satisfies Record<
  InputValueType,
  string
>;

/** Every field that a rule names, those of its message included. */
export function fieldsOf({ when, requires, message }: ValidationRule): RuleField[] {
  const conditions = [when, requires.kind === 'expression' ? requires.expression : null];
  const names = [
    ...conditions.flatMap((text) =>
      text === null ? [] : filterFields(labelFilter(text)).map(({ path }) => path),
    ),
    ...(requires.kind === 'lookup' ? [requires.label] : []),
    ...placeholdersOf(message),
  ];
  return names.map(fieldNamed);
}

/** True for a line that breaks the rule; never null. */
export function breaks(rule: ValidationRule, judged: Judged): Sql<boolean> {
  const { appliesTo, when, requires, from, to } = rule;
  const concerned = [
    sql`${judged.type} in (${sql.join(appliesTo.map((type) => sql.lit(type)))})`,
    ...(from === null ? [] : [sql`coalesce(${judged.day} >= ${from}::date, false)`]),
    ...(to === null ? [] : [sql`coalesce(${judged.day} < ${to}::date, false)`]),
    ...(when === null ? [] : [condition(when, judged)]),
  ];
  return sql<boolean>`(${sql.join(concerned, sql` and `)} and not ${holds(requires, judged)})`;
}

/** The message of a rule with the values of the line, and Zuora's code. */
export function messageOf({ message, code }: ValidationRule, { valueOf }: Judged): Sql<string> {
  const pieces = message.split(/\{([^{}]+)\}/).map((piece, index) => {
    if (index % 2 === 0) return sql`${piece}::text`;
    const field = fieldNamed(piece);
    return sql`coalesce(${valueOf(field)}::text, '(empty)')`;
  });
  const parts = code === null ? pieces : [...pieces, sql`${` (${code})`}::text`];
  return sql<string>`concat(${sql.join(parts)})`;
}

function holds(requires: Requirement, judged: Judged): Sql<boolean> {
  if (requires.kind === 'expression') return condition(requires.expression, judged);
  const { label, among, listed } = requires;
  const field = fieldNamed(label);
  const values = 'lookup' in among ? judged.codesOf(among.lookup) : among;
  const found = sql<boolean>`coalesce(${textOf(field, judged.valueOf(field))} = any(${values}::text[]), false)`;
  return listed ? found : sql<boolean>`(not ${found})`;
}

const condition = (text: string, { valueOf }: Judged): Sql<boolean> =>
  filterCondition(labelFilter(text), (name) => {
    const field = fieldNamed(name);
    return { value: valueOf(field), type: FIELD_TYPES[field.type] };
  });

const textOf = ({ type }: RuleField, value: Sql): Sql =>
  type === 'Number' ? sql`trim_scale(${value})::text` : sql`${value}::text`;

function fieldNamed(name: string): RuleField {
  const field = findRuleField(name);
  invariant(field !== undefined, `a rule names ${name}, which is no field`);
  return field;
}
