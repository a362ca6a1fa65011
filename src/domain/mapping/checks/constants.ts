import { isAttribute, isValueOf } from '../input-values.ts';
import { findStagingField } from '../staging-fields.ts';
import type { Draft, DraftConstant } from './draft.ts';
import type { Mistake } from './mistake.ts';

/** What is wrong with constants and defaults, but for labels that two of them or a row fill. */
export function checkConstants({ rows, constants, defaults }: Draft): Mistake[] {
  const mapped = new Set(rows.map(({ value }) => value.to));
  const seen = new Map<string, string>();
  return [
    ...constants.flatMap(valueMistakes),
    ...defaults.flatMap((each): Mistake[] => {
      const { to } = each.value;
      if (to === null) return valueMistakes(each);
      const before = seen.get(to);
      seen.set(to, before ?? each.at);
      return [...placeOfDefault(`${each.at}.to`, to, mapped, before), ...valueMistakes(each)];
    }),
  ];
}

function placeOfDefault(
  path: string,
  to: string,
  mapped: ReadonlySet<string | null>,
  before: string | undefined,
): Mistake[] {
  if (before !== undefined) {
    return [
      { path, message: `${to} has a default in ${before} already.`, suggestion: 'Keep one of the two.' },
    ];
  }
  if (mapped.has(to)) return [];
  return [
    {
      path,
      message: `No row fills ${to}, so its default is never used.`,
      suggestion: 'Add a row for it, or make this a constant.',
    },
  ];
}

function valueMistakes({ at, value: { to, type, value } }: DraftConstant): Mistake[] {
  if (type === null) return [];
  const field = findStagingField(to ?? '');
  if (field !== undefined && field.type !== type && !isAttribute(field.label)) {
    return [
      {
        path: `${at}.type`,
        message: `${field.label} is a ${field.type}, and this says ${type}.`,
        suggestion: `Write type: ${field.type}.`,
      },
    ];
  }
  if (value === null || isValueOf(type, value)) return [];
  return [
    { path: `${at}.value`, message: `"${value}" is no ${type}.`, suggestion: `Write ${EXAMPLE[type]}.` },
  ];
}

const EXAMPLE = {
  Character: 'some text',
  Number: 'a number such as "12.50", with a point and without separators',
  Date: 'a day as "2024-01-31"',
} as const;
