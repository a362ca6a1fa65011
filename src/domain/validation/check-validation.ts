import type { Mistake } from '../mapping/checks/mistake.ts';
import { OTHER_ENTITY } from '../duplicates.ts';
import { BLANK_KEY, CONTRACT_CLOSED } from '../grouping/stops.ts';
import { HOLD_TEXTS } from '../holds.ts';
import { LIMITATION_IDS } from '../limitations.ts';
import type { KnownNames } from '../setups/setup-kind.ts';
import { labelFilterMistakes, noSuchLabel } from '../setups/label-filter.ts';
import { nearestName } from '../nearest-name.ts';
import { OPTIONAL_RULES, PREDEFINED_RULES } from './rules/predefined-rules.ts';
import { findRuleField, placeholdersOf, SCOPES } from './scopes.ts';
import type { ValidatedType } from './validation-rule.ts';
import type { CustomRule, ValidationSet } from './validation-set.ts';

const PREDEFINED_IDS = [...PREDEFINED_RULES, ...OPTIONAL_RULES].map(({ id }) => id);

/** Ids that say something else: what waits, what lacks a part when it is formed, how a line can end, and other stops. */
const TAKEN =
  /^(waits-for|missing|orphan)-|^(collected|superseded|rejected|stale-version|evergreen-conversion)$/;
const STOPS: readonly string[] = [
  ...Object.keys(HOLD_TEXTS),
  ...LIMITATION_IDS,
  BLANK_KEY,
  CONTRACT_CLOSED,
  OTHER_ENTITY,
];

/** All that is wrong with a set of validation rules; lookups are looked for where it is known which there are. */
export function checkValidation(
  { rules, predefined }: ValidationSet,
  { lookups }: KnownNames = {},
): Mistake[] {
  return [
    ...rules.flatMap((rule, index) => ruleMistakes(rule, `rules[${index}]`)),
    ...rules.flatMap(({ lookup }, index) => unknownLookup(lookup, lookups, `rules[${index}].lookup`)),
    ...rules.flatMap(({ id }, index) =>
      idMistakes(id, rules.findIndex((rule) => rule.id === id) < index, `rules[${index}].id`),
    ),
    ...predefined.flatMap((choice, index) => choiceMistakes(choice, `predefined[${index}]`)),
  ];
}

function idMistakes(id: string, repeated: boolean, path: string): Mistake[] {
  const suggestion = 'Give it an id of its own, for example price-below-floor.';
  if (repeated) return [{ path, message: `There are several rules "${id}".`, suggestion }];
  if (PREDEFINED_IDS.includes(id)) return [{ path, message: `"${id}" is a predefined rule.`, suggestion }];
  return TAKEN.test(id) || STOPS.includes(id)
    ? [{ path, message: `"${id}" means something else already.`, suggestion }]
    : [];
}

function ruleMistakes(rule: CustomRule, at: string): Mistake[] {
  const { when, message, from, to } = rule;
  const condition = (name: string, text: string | null | undefined): Mistake[] =>
    text == null ? [] : conditionMistakes(`${at}.${name}`, text, rule.appliesTo);
  return [
    ...condition('when', when),
    ...(rule.type === 'expression'
      ? requiredPart(at, 'expression', rule.expression)
      : lookupMistakes(rule, at)),
    ...(rule.type === 'expression' ? condition('expression', rule.expression) : []),
    ...needless(rule, at),
    ...placeholdersOf(message).flatMap((name) => labelMistakes(`${at}.message`, name, rule.appliesTo)),
    ...(from != null && to != null && from >= to
      ? [
          {
            path: `${at}.to`,
            message: `The rule would be about no day: ${from} is not before ${to}.`,
            suggestion: 'Write the first day that it is not about any more.',
          },
        ]
      : []),
  ];
}

function requiredPart(at: string, name: string, value: unknown): Mistake[] {
  if (value != null) return [];
  return [{ path: at, message: `A rule of this type needs ${name}.`, suggestion: EXAMPLES[name] ?? '' }];
}

const EXAMPLES: Readonly<Record<string, string>> = {
  expression: 'For example expression: "[Ext Sell Price] > 0".',
  label: 'For example label: ATR1.',
  'values or lookup': 'For example values: [EMEA, APAC].',
};

function lookupMistakes({ label, values, lookup, appliesTo }: CustomRule, at: string): Mistake[] {
  return [
    ...requiredPart(at, 'label', label),
    ...(label == null ? [] : labelMistakes(`${at}.label`, label, appliesTo)),
    ...requiredPart(at, 'values or lookup', values ?? lookup),
    ...(values != null && lookup != null
      ? [
          {
            path: `${at}.lookup`,
            message: 'The values are given already.',
            suggestion: 'Leave one of the two out.',
          },
        ]
      : []),
  ];
}

function unknownLookup(
  lookup: string | null | undefined,
  lookups: readonly string[] | undefined,
  path: string,
): Mistake[] {
  if (lookup == null || lookups === undefined || lookups.includes(lookup)) return [];
  const near = nearestName(lookup, lookups);
  const suggestion =
    near === null ? 'Write the values here, or name a lookup that exists.' : `Did you mean ${near}?`;
  return [{ path, message: `There is no lookup ${lookup}.`, suggestion }];
}

/** Parts of the other type of rule, which would be overlooked. */
function needless(rule: CustomRule, at: string): Mistake[] {
  const others =
    rule.type === 'expression'
      ? (['label', 'values', 'lookup', 'listed'] as const)
      : (['expression'] as const);
  return others.flatMap((name) =>
    rule[name] == null
      ? []
      : [
          {
            path: `${at}.${name}`,
            message: `A rule of type ${rule.type} has no ${name}.`,
            suggestion: 'Leave it out, or write the other type.',
          },
        ],
  );
}

function conditionMistakes(path: string, text: string, types: readonly ValidatedType[]): Mistake[] {
  return labelFilterMistakes(path, text, {
    typeOf: (name) => findRuleField(name)?.type,
    wrong: (name) => labelMistakes('', name, types)[0] ?? null,
  });
}

/** A label that no line of these types has beside it. */
function labelMistakes(path: string, name: string, types: readonly ValidatedType[]): Mistake[] {
  const field = findRuleField(name);
  const scope = field?.scope ?? null;
  if (field === undefined || (scope !== null && SCOPES[scope].own)) return [{ path, ...noSuchLabel(name) }];
  if (scope === null) return [];
  const without = types.filter((type) => !SCOPES[scope].types.includes(type));
  if (without.length === 0) return [];
  return [
    {
      path,
      message: `${without.join(', ')} lines have no ${scope}.`,
      suggestion: `Write appliesTo: [${SCOPES[scope].types.join(', ')}].`,
    },
  ];
}

function choiceMistakes({ id, filter }: ValidationSet['predefined'][number], at: string): Mistake[] {
  const rule = [...PREDEFINED_RULES, ...OPTIONAL_RULES].find((each) => each.id === id);
  if (rule === undefined) {
    const near = nearestName(id, PREDEFINED_IDS);
    const suggestion = near === null ? 'See `revsync validation rules`.' : `Did you mean ${near}?`;
    return [{ path: `${at}.id`, message: `There is no predefined rule "${id}".`, suggestion }];
  }
  if (filter != null) return conditionMistakes(`${at}.filter`, filter, rule.appliesTo);
  if (OPTIONAL_RULES.includes(rule)) return [];
  return [
    {
      path: at,
      message: `"${id}" is in force without being named.`,
      suggestion: 'Give it a filter, or leave it out.',
    },
  ];
}
