import { OPTIONAL_RULES, PREDEFINED_RULES } from '../../domain/validation/rules/predefined-rules.ts';
import type { ValidationRule } from '../../domain/validation/validation-rule.ts';
import { clipped } from '../list-output.ts';
import { openOutput, table } from '../output.ts';

/** Prints the predefined rules: what each asks of which lines. */
export function rulesAction({ json = false }: { readonly json?: boolean }): void {
  const rules = [
    ...PREDEFINED_RULES.map((rule) => listed(rule, false)),
    ...OPTIONAL_RULES.map((rule) => listed(rule, true)),
  ];
  openOutput(json).result(
    rules,
    table(
      ['rule', 'code', 'lines', 'override', 'has to be so'],
      rules.map(({ id, code, appliesTo, overridable, expression, optional }) => [
        id,
        code ?? '',
        appliesTo.join(' '),
        overridable ? 'yes' : 'no',
        `${optional ? '(off unless switched on) ' : ''}${clipped(expression, 80)}`,
      ]),
    ),
  );
}

const listed = (rule: ValidationRule, optional: boolean) => ({
  id: rule.id,
  code: rule.code,
  appliesTo: rule.appliesTo,
  when: rule.when,
  expression: rule.requires.kind === 'expression' ? rule.requires.expression : rule.requires.label,
  message: rule.message,
  remedy: rule.remedy,
  overridable: rule.overridable,
  optional,
});
