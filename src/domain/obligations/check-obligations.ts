import type { Mistake } from '../mapping/checks/mistake.ts';
import { nearestName } from '../nearest-name.ts';
import { labelFilterMistakes } from '../setups/label-filter.ts';
import { CHARGE_KINDS, type ChargeKind, RECURRING_KINDS } from './charge-kinds.ts';
import { matchMistakes } from './check-match.ts';
import {
  type Assignment,
  type ObligationSetup,
  type ObligationTemplate,
  releaseOf,
} from './obligation-setup-form.ts';

/** All that is wrong with an obligation set-up beyond its form. */
export function checkObligations({ templates, assignment, automatic }: ObligationSetup): Mistake[] {
  return [
    ...templates.flatMap((template, index) => templateMistakes(template, index, templates)),
    ...assignment.flatMap((each, index) => [
      ...templateNamed(each.template, `assignment[${index}].template`, templates),
      ...conditionMistakes(each, index, assignment, templates),
    ]),
    ...CHARGE_KINDS.flatMap((kind) => automaticMistakes(kind, automatic[kind], templates)),
  ];
}

function automaticMistakes(
  kind: ChargeKind,
  name: string | undefined,
  templates: readonly ObligationTemplate[],
): Mistake[] {
  const path = `automatic.${kind}`;
  if (name === undefined) {
    const suggestion = `Name a template for it: automatic: {${kind}: ${templates[0]?.name ?? '...'}}.`;
    return [{ path, message: `${path} is missing.`, suggestion }];
  }
  const refused = RECURRING_KINDS.includes(kind) && isByAmount(name, templates);
  return [...templateNamed(name, path, templates), ...(refused ? [byAmountMistake(path, name)] : [])];
}

function templateMistakes(
  template: ObligationTemplate,
  index: number,
  templates: readonly ObligationTemplate[],
): Mistake[] {
  const at = `templates[${index}]`;
  const twice = templates.findIndex(({ name }) => name === template.name) < index;
  const { processing } = releaseOf(template);
  return [
    ...(twice
      ? [
          {
            path: `${at}.name`,
            message: `There is a template ${template.name} already.`,
            suggestion: 'Give each template a name of its own.',
          },
        ]
      : []),
    ...(processing === 'by-quantity'
      ? [
          {
            path: `${at}.releaseEvent.processing`,
            message: 'Events by quantity are not supported (known limitation event-by-amount).',
            suggestion: 'Write by-percent; only that is fully supported.',
          },
        ]
      : []),
  ];
}

function templateNamed(name: string, path: string, templates: readonly ObligationTemplate[]): Mistake[] {
  const names = templates.map((template) => template.name);
  if (names.includes(name)) return [];
  const near = nearestName(name, names);
  return [
    {
      path,
      message: `There is no template ${name} in this file.`,
      suggestion: near === null ? `Its templates are ${names.join(', ')}.` : `Did you mean ${near}?`,
    },
  ];
}

function conditionMistakes(
  each: Assignment,
  index: number,
  assignment: readonly Assignment[],
  templates: readonly ObligationTemplate[],
): Mistake[] {
  const at = `assignment[${index}]`;
  switch (each.kind) {
    case 'rule':
      return labelFilterMistakes(`${at}.when`, each.when);
    case 'attributes':
      return [
        ...matchMistakes(each, index, assignment),
        ...(isRecurring(each.match) && isByAmount(each.template, templates)
          ? [byAmountMistake(`${at}.template`, each.template)]
          : []),
      ];
    case 'item': {
      const before = assignment
        .slice(0, index)
        .flatMap((other) => (other.kind === 'item' ? other.items : []));
      return each.items.flatMap((item, place) =>
        before.includes(item) || each.items.indexOf(item) < place
          ? [
              {
                path: `${at}.items[${place}]`,
                message: `${item} has a template already.`,
                suggestion: 'Name each item once.',
              },
            ]
          : [],
      );
    }
  }
}

const isRecurring = (match: Readonly<Record<string, string>>): boolean =>
  match['Rate Plan Charge Type']?.trim().toLowerCase() === 'recurring';

const isByAmount = (name: string, templates: readonly ObligationTemplate[]): boolean =>
  templates.some((template) => template.name === name && releaseOf(template).processing === 'by-amount');

const byAmountMistake = (path: string, name: string): Mistake => ({
  path,
  message: `${name} releases by amount, which is supported for one-time and usage charges only (known limitation event-by-amount).`,
  suggestion: 'Name a template that releases by percent, upon booking or upon billing.',
});
