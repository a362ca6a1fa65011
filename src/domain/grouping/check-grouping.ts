import type { Mistake } from '../mapping/checks/mistake.ts';
import { findStagingField } from '../mapping/staging-fields.ts';
import { labelFilterMistakes, noSuchLabel } from '../setups/label-filter.ts';
import type { GroupingRule, GroupingTemplate } from './grouping-template.ts';

/** What only billing lines have; SO lines are what is grouped, their billings follow them. */
const OF_BILLINGS = new Set([
  'Billing Id',
  'Billing Item Id',
  'Invoice Num',
  'Invoice Date',
  'Invoice Qty',
  'Invoice Line Id',
  'Original SO Line Id',
  'Original Invoice Line Id',
]);

/** The text that a template with a given label for the organisation would be understood to mean. */
const ORGANIZATION = /^(org|organi[sz]ation|business unit|company code|sec_?atr_?val)$/i;

/** All that is wrong with a grouping template. */
export function checkGrouping({ rules, secondary, filter, validFrom, validTo }: GroupingTemplate): Mistake[] {
  return [
    ...rules.flatMap((rule, index) => ruleMistakes(rule, `rules[${index}]`)),
    ...repeatedSeqs(rules),
    ...noneEnabled(rules),
    ...(secondary == null ? [] : labelMistakes('secondary.label', secondary.label)),
    ...(filter == null ? [] : labelFilterMistakes('filter', filter)),
    ...emptyValidity(validFrom, validTo),
  ];
}

function ruleMistakes({ keys, window, filter }: GroupingRule, at: string): Mistake[] {
  return [
    ...keys.flatMap((label, index) =>
      keyMistakes(label, keys.indexOf(label) < index, `${at}.keys[${index}]`),
    ),
    ...(window == null ? [] : windowMistakes(window.field, `${at}.window.field`)),
    ...(filter == null ? [] : labelFilterMistakes(`${at}.filter`, filter)),
  ];
}

function keyMistakes(label: string, repeated: boolean, path: string): Mistake[] {
  if (repeated) {
    return [{ path, message: `${label} is in the key already.`, suggestion: 'Name each label once.' }];
  }
  if (findStagingField(label) === undefined && ORGANIZATION.test(label)) {
    const suggestion = 'Leave it out.';
    return [{ path, message: 'The organisation is part of every key and cannot be removed.', suggestion }];
  }
  return labelMistakes(path, label);
}

function labelMistakes(path: string, label: string): Mistake[] {
  if (findStagingField(label) === undefined) return [{ path, ...noSuchLabel(label) }];
  if (!OF_BILLINGS.has(label)) return [];
  return [
    {
      path,
      message: `${label} is of billing lines, and SO lines are grouped.`,
      suggestion: 'Name a field that SO lines have; billing lines follow their SO line.',
    },
  ];
}

function windowMistakes(label: string, path: string): Mistake[] {
  const wrong = labelMistakes(path, label);
  if (wrong.length > 0 || findStagingField(label)?.type === 'Date') return wrong;
  return [{ path, message: `${label} is no date.`, suggestion: 'Write a date: SO Book Date.' }];
}

function repeatedSeqs(rules: readonly GroupingRule[]): Mistake[] {
  return rules.flatMap(({ seq }, index) =>
    rules.findIndex((other) => other.seq === seq) < index
      ? [
          {
            path: `rules[${index}].seq`,
            message: `Rule ${seq} is there already.`,
            suggestion: `Give it a number of its own, for example ${Math.max(...rules.map((rule) => rule.seq)) + 1}.`,
          },
        ]
      : [],
  );
}

function noneEnabled(rules: readonly GroupingRule[]): Mistake[] {
  if (rules.length === 0 || rules.some(({ enabled }) => enabled)) return [];
  const suggestion = 'Write enabled: true in at least one of them.';
  return [{ path: 'rules', message: 'No rule is enabled, so every line would be held.', suggestion }];
}

function emptyValidity(from: string | null | undefined, to: string | null | undefined): Mistake[] {
  if (from == null || to == null || from < to) return [];
  const message = `The template would be for no day: ${from} is not before ${to}.`;
  return [{ path: 'validTo', message, suggestion: 'Write the first day that it is not for any more.' }];
}
