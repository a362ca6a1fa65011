import { type RawBuilder, sql } from 'kysely';

import { invariant } from '../../domain/errors.ts';
import { findStagingField } from '../../domain/mapping/staging-fields.ts';
import { CHARGE_KINDS, RECURRING_KINDS } from '../../domain/obligations/charge-kinds.ts';
import {
  type Assignment,
  type ObligationSetup,
  releaseOf,
} from '../../domain/obligations/obligation-setup-form.ts';
import { labelCondition, labelValue } from '../setups/label-condition.ts';
import { chargeKind } from './charge-kind.ts';

interface Formed {
  readonly line: string;
  readonly template: string;
}

/** The assignments in the order they are tried in (domain.md 5.3): rules, then attributes, the most of them first, then items. */
function inOrder(assignment: readonly Assignment[]): readonly Assignment[] {
  const of = <Kind extends Assignment['kind']>(kind: Kind) =>
    assignment.filter((each): each is Extract<Assignment, { readonly kind: Kind }> => each.kind === kind);
  const attributes = of('attributes').toSorted(
    (a, b) => Object.keys(b.match).length - Object.keys(a.match).length,
  );
  return [...of('rule'), ...attributes, ...of('item')];
}

/** Every way to a template as the rows of a VALUES list: its number, the template and what assigned it, the terms. */
export function templateValues({ templates, assignment, automatic }: ObligationSetup): RawBuilder<unknown> {
  const ways = [
    ...inOrder(assignment).map((each) => ({ by: each.kind, name: each.template })),
    ...CHARGE_KINDS.map((kind) => ({ by: 'automatic', name: automatic[kind] })),
  ];
  return sql.join(
    ways.map(({ by, name }, index) => {
      const template = templates.find((each) => each.name === name);
      invariant(template !== undefined, `a frozen set-up assigns ${name ?? 'nothing'}`);
      const { event, processing } = releaseOf(template);
      return sql`(${index}::integer, ${template.name}, ${by}, ${template.ratableMethod}, ${event}, ${processing}::text,
        ${template.accounting}, ${template.retain})`;
    }),
  );
}

/**
 * The number of the way that an SO line takes. What recurs passes by assignments whose template releases by amount
 * (known limitations, "Event processing").
 */
export function chosenTemplate(
  { templates, assignment }: ObligationSetup,
  formed: Formed,
): RawBuilder<number> {
  const byAmount = new Set(
    templates.filter((each) => releaseOf(each).processing === 'by-amount').map(({ name }) => name),
  );
  const recurs = sql`${chargeKind(formed)} in (${sql.join(RECURRING_KINDS)})`;
  const ways = inOrder(assignment).map((each, index) => {
    const only = byAmount.has(each.template) ? sql`and not ${recurs}` : sql``;
    return sql`when ${conditionOf(each, formed.line)} ${only} then ${index}::integer`;
  });
  const kinds = CHARGE_KINDS.map(
    (kind, index) => sql`when ${kind} then ${assignment.length + index}::integer`,
  );
  const otherwise = sql`case ${chargeKind(formed)} ${sql.join(kinds, sql` `)} end`;
  if (ways.length === 0) return sql<number>`${otherwise}`;
  return sql<number>`case ${sql.join(ways, sql` `)} else ${otherwise} end`;
}

function conditionOf(each: Assignment, line: string): RawBuilder<boolean> {
  switch (each.kind) {
    case 'rule':
      return labelCondition(each.when, line);
    case 'attributes': {
      const equal = Object.entries(each.match).map(
        ([label, value]) => sql`${labelValue(label, line)} = ${typed(label, value)}`,
      );
      return sql<boolean>`coalesce(${sql.join(equal, sql` and `)}, false)`;
    }
    case 'item':
      return sql<boolean>`coalesce(${labelValue('Product Rate Plan Charge Id', line)} = any(${each.items}::text[])
        or ${labelValue('Rate Plan Charge Name', line)} = any(${each.items}::text[]), false)`;
  }
}

const SQL_TYPES = { Character: 'text', Number: 'numeric', Date: 'date' } as const;

const typed = (label: string, value: string): RawBuilder<unknown> =>
  sql`${value}::${sql.raw(SQL_TYPES[findStagingField(label)?.type ?? 'Character'])}`;
