import { isValueOf } from '../mapping/input-values.ts';
import type { Mistake } from '../mapping/checks/mistake.ts';
import { findStagingField } from '../mapping/staging-fields.ts';
import { noSuchLabel } from '../setups/label-filter.ts';
import { type Assignment, MOST_ATTRIBUTES } from './obligation-setup-form.ts';

type Attributes = Extract<Assignment, { readonly kind: 'attributes' }>;

const KINDS = { Character: 'value', Number: 'number', Date: 'day' } as const;

/** What is wrong with the attributes of an assignment: how many, which labels, which values. */
export function matchMistakes(
  { match }: Attributes,
  index: number,
  assignment: readonly Assignment[],
): Mistake[] {
  const path = `assignment[${index}].match`;
  const labels = Object.keys(match);
  const twin = assignment.findIndex((other) => other.kind === 'attributes' && same(other.match, match));
  return [
    ...(labels.length === 0
      ? [{ path, message: `${path} is empty.`, suggestion: 'For example match: {ATR1: hardware}.' }]
      : []),
    ...(labels.length > MOST_ATTRIBUTES
      ? [
          {
            path,
            message: `${labels.length} attributes are too many.`,
            suggestion: `Name at most ${MOST_ATTRIBUTES}, or write a rule.`,
          },
        ]
      : []),
    ...(labels.length > 0 && twin < index
      ? [
          {
            path,
            message: `assignment[${twin}] has the same attributes and comes first.`,
            suggestion: 'Take one of them out.',
          },
        ]
      : []),
    ...Object.entries(match).flatMap(([label, value]) => valueMistakes(`${path}.${label}`, label, value)),
  ];
}

function valueMistakes(path: string, label: string, value: string): Mistake[] {
  const field = findStagingField(label);
  if (field === undefined) return [{ path, ...noSuchLabel(label) }];
  if (isValueOf(field.type, value)) return [];
  const suggestion = { Character: 'Write a text.', Number: 'Write 12 or 12.50.', Date: 'Write 2024-01-31.' };
  return [
    {
      path,
      message: `${value || 'An empty text'} is no ${KINDS[field.type]}.`,
      suggestion: suggestion[field.type],
    },
  ];
}

function same(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const labels = Object.keys(a);
  return labels.length === Object.keys(b).length && labels.every((label) => a[label] === b[label]);
}
