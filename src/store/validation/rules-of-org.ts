import { rulesInForce } from '../../domain/validation/rules-in-force.ts';
import type { ValidationSet } from '../../domain/validation/validation-set.ts';
import type { ValidationRule } from '../../domain/validation/validation-rule.ts';
import type { Db } from '../database.ts';
import { defaultSetup } from '../setups/default-setup.ts';

/** Rules with the values of the lookups they name. */
export interface RuleBook {
  readonly rules: readonly ValidationRule[];
  readonly codesOf: (lookup: string) => readonly string[];
}

/** The rules that an organisation's lines are judged by: the predefined ones and those of its default set. */
export async function rulesOfOrg(db: Db, org: string): Promise<RuleBook> {
  const found = await defaultSetup<ValidationSet>(db, 'validation', org);
  return ruleBook(db, found?.body ?? null);
}

/** The rules in force with a set, or with none. A rule whose lookup is gone stops all lines it is about, and says so. */
export async function ruleBook(db: Db, set: ValidationSet | null): Promise<RuleBook> {
  const rules = rulesInForce(set);
  const names = rules.flatMap(({ requires }) =>
    requires.kind === 'lookup' && 'lookup' in requires.among ? [requires.among.lookup] : [],
  );
  const rows =
    names.length === 0
      ? []
      : await db
          .selectFrom('control.lookup')
          .select(['lookup', 'code'])
          .where('lookup', 'in', names)
          .orderBy('code')
          .execute();
  const codesOf = (lookup: string): string[] =>
    rows.filter((row) => row.lookup === lookup).map(({ code }) => code);
  const there = new Set(rows.map(({ lookup }) => lookup));
  return { rules: rules.map((rule) => judgeable(rule, there)), codesOf };
}

function judgeable(rule: ValidationRule, lookups: ReadonlySet<string>): ValidationRule {
  const { id, requires } = rule;
  if (requires.kind !== 'lookup' || !('lookup' in requires.among) || lookups.has(requires.among.lookup)) {
    return rule;
  }
  // Braces would stand for a label.
  const name = requires.among.lookup.replaceAll(/[{}]/g, '');
  return {
    ...rule,
    requires: { ...requires, among: [], listed: true },
    message: `The rule ${id} goes by the lookup ${name}, which does not exist any more.`,
    remedy: `Restore the lookup ${name}, or make a set without the rule the default; the line goes on by itself then.`,
  };
}
