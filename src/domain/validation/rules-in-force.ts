import { OPTIONAL_RULES, PREDEFINED_RULES } from './rules/predefined-rules.ts';
import type { ValidationRule } from './validation-rule.ts';
import { customRule, type ValidationSet } from './validation-set.ts';

/** The rules that lines are judged by: the predefined ones, as a set narrows them, and its own. */
export function rulesInForce(set: ValidationSet | null): ValidationRule[] {
  if (set === null) return [...PREDEFINED_RULES];
  const choices = new Map(set.predefined.map(({ id, filter }) => [id, filter ?? null]));
  const narrowed = (rule: ValidationRule): ValidationRule => ({
    ...rule,
    when: both(rule.when, choices.get(rule.id) ?? null),
  });
  const optional = OPTIONAL_RULES.filter(({ id }) => choices.has(id));
  return [...[...PREDEFINED_RULES, ...optional].map(narrowed), ...set.rules.map(customRule)];
}

const both = (one: string | null, other: string | null): string | null =>
  one === null ? other : other === null ? one : `(${one}) and (${other})`;
