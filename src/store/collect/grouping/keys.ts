import { type RawBuilder, sql } from 'kysely';

import type { GroupingRule, GroupingTemplate } from '../../../domain/grouping/grouping-template.ts';
import { invariant } from '../../../domain/errors.ts';
import { findStagingField, type InputValueType } from '../../../domain/mapping/staging-fields.ts';
import { labelCondition, labelValue } from '../../setups/label-condition.ts';

/** What a grouping template says of a line of `staging.line`, as SQL. */
export interface GroupingSql {
  /** Seq of the first rule that gives the line a key; null where none does. */
  readonly rule: RawBuilder<number | null>;
  /** By `rule`, a column of that name: the key without the organisation and the window. */
  readonly base: RawBuilder<string | null>;
  /** The date that has to lie in the window, and the window's length; null for a rule without one. */
  readonly day: RawBuilder<string | null>;
  readonly days: RawBuilder<number | null>;
  /** Associated Contract Reference. */
  readonly reference: RawBuilder<string | null>;
  /** Where they are part of the key. */
  readonly subscription: RawBuilder<string | null>;
  readonly customer: RawBuilder<string | null>;
  readonly term: RawBuilder<number | null>;
}

/** Compiles a template for lines under an alias; its parts but `rule` stand beside a column `rule`. */
export function groupingSql(template: GroupingTemplate, line: string): GroupingSql {
  const rules = template.rules.filter(({ enabled }) => enabled).toSorted((a, b) => a.seq - b.seq);
  const byRule = <Value>(type: string, valueOf: (rule: GroupingRule) => RawBuilder<unknown> | null) => {
    const cases = rules.flatMap((rule) => {
      const value = valueOf(rule);
      return value === null ? [] : [sql`when ${rule.seq}::integer then ${value}`];
    });
    const none = sql<Value>`null::${sql.raw(type)}`;
    return cases.length === 0 ? none : sql<Value>`case rule ${sql.join(cases, sql` `)} end`;
  };
  const ifKey = (label: string) => (rule: GroupingRule) =>
    rule.keys.includes(label) ? labelValue(label, line) : null;
  const whens = rules.map((rule) => sql`when ${applies(rule, line)} then ${rule.seq}::integer`);
  return {
    rule: sql`case when not ${isCovered(template, line)} then null ${sql.join(whens, sql` `)} end`,
    base: byRule('text', (rule) => keyText(rule, line)),
    day: byRule('date', ({ window }) => (window == null ? null : labelValue(window.field, line))),
    days: byRule('integer', ({ window }) => (window == null ? null : sql`${window.days}::integer`)),
    reference: template.secondary == null ? sql`null::text` : referenceText(template.secondary.label, line),
    subscription: byRule('text', ifKey('Subscription Name')),
    customer: byRule('text', ifKey('Customer Number')),
    term: sql`(${byRule('numeric', ifKey('Term Number'))})::integer`,
  };
}

/** Whether a template is for a line at all. */
export function isCovered(
  { filter, validFrom, validTo }: GroupingTemplate,
  line: string,
): RawBuilder<boolean> {
  const booked = sql.ref(`${line}.so_book_date`);
  return sql`(${labelCondition(filter ?? null, line)}
    and ${validFrom == null ? sql`true` : sql`coalesce(${booked} >= ${validFrom}::date, false)`}
    and ${validTo == null ? sql`true` : sql`coalesce(${booked} < ${validTo}::date, false)`})`;
}

/** A rule applies to the lines of its filter that have all it groups by. */
function applies({ keys, window, filter }: GroupingRule, line: string): RawBuilder<boolean> {
  const filled = [...keys, ...(window == null ? [] : [window.field])].map((label) => isFilled(label, line));
  return sql`(${labelCondition(filter ?? null, line)} and ${sql.join(filled, sql` and `)})`;
}

function isFilled(label: string, line: string): RawBuilder<boolean> {
  const value = labelValue(label, line);
  return typeOf(label) === 'Character' ? sql`${value} ~ '\\S'` : sql`${value} is not null`;
}

/** Shown as they are, since the keys of the pre-configured templates are known by them. */
const PLAIN = new Set(['Subscription Name', 'Customer Number', 'Term Number']);

/**
 * The values, with | between them; of other labels than the plain ones `label=value`, so that keys of different rules
 * do not meet. With one text among them no two keys read the same; where there are several, theirs are escaped.
 */
function keyText({ keys }: GroupingRule, line: string): RawBuilder<string> {
  const texts = keys.filter((label) => typeOf(label) === 'Character');
  const parts = keys.map((label) => {
    const text = textOf(label, line);
    const escaped =
      texts.length > 1 && texts.includes(label)
        ? sql`replace(replace(${text}, '\\', '\\\\'), '|', '\\|')`
        : text;
    return PLAIN.has(label) ? escaped : sql`${`${label}=`}::text || ${escaped}`;
  });
  return sql`${sql.join(parts, sql` || '|' || `)}`;
}

/** A line's reference to an associated contract; null for a blank one. */
export const referenceText = (label: string, line: string): RawBuilder<string | null> =>
  sql`nullif(btrim(${textOf(label, line)}), '')`;

function textOf(label: string, line: string): RawBuilder<string> {
  const value = labelValue(label, line);
  switch (typeOf(label)) {
    case 'Character':
      return sql`${value}`;
    case 'Number':
      return sql`trim_scale(${value})::text`;
    case 'Date':
      return sql`to_char(${value}, 'YYYY-MM-DD')`;
  }
}

function typeOf(label: string): InputValueType {
  const field = findStagingField(label);
  invariant(field !== undefined, `there is no staging field ${label}`);
  return field.type;
}
