import type { Command } from 'commander';

import { VALIDATION } from '../../domain/validation/validation-setup.ts';
import { registerSetup } from '../setup/register-setup.ts';
import { rulesAction } from '../validation/rules-action.ts';
import { testAction } from '../validation/test-action.ts';

/** `revsync validation`: what lines have to keep before they are collected. */
export function registerValidation(program: Command): void {
  const validation = registerSetup(
    program,
    VALIDATION,
    'Validation rules: what lines have to keep before they are collected.',
  );
  validation
    .command('rules')
    .description('The predefined rules, which are always in force.')
    .option('--json', 'print one JSON document')
    .action(rulesAction);
  validation
    .command('test')
    .description('Show which lines now in Staging break the rules; changes nothing.')
    .option('--file <file>', 'the rules of this file')
    .option('--rules <name>', 'the rules of this set, NAME or NAME@3; else those in force')
    .option('--org <org>', 'the organisation; may be left out when there is one')
    .option('--collected', 'also judge the lines that are collected')
    .option('--json', 'print one JSON document')
    .action(testAction);
}
