import type { Command } from 'commander';

import { RevsyncError } from '../../domain/errors.ts';
import { TEMPLATE_TYPES } from '../../domain/mapping/transaction-template.ts';
import { TEMPLATE_STATUSES } from '../../store/templates/template-versions.ts';
import { choice, wholeNumber, withListOptions } from '../list-options.ts';
import { byOption } from '../reasoned-options.ts';
import { checkAction } from '../template/check-action.ts';
import { diffAction } from '../template/diff-action.ts';
import { fieldsAction } from '../template/fields-action.ts';
import { loadAction } from '../template/load-action.ts';
import { exportAction, listAction, schemaAction, showAction } from '../template/show-actions.ts';
import { defaultAction, freezeAction } from '../template/state-actions.ts';
import { TEMPLATE_FORMATS } from '../template/write-template.ts';

const MOST_SAMPLES = 1000;
const REFERENCE = 'NAME for its newest version, NAME@3, or a type such as INV for the default';
const ENTITY = 'the entity whose default a type means';

/** `revsync template`: what transaction lines are formed by. */
export function registerTemplate(program: Command): void {
  const template = program
    .command('template')
    .description('Transaction templates: what the fields of lines are filled with.');
  registerReading(template);
  registerKeeping(template);
}

function registerReading(template: Command): void {
  withListOptions(template.command('list').description('Every version of every template.'), 'template')
    .option('--entity <entity>', 'only templates of this entity: its key, Billing id or display name')
    .addOption(choice('--type <type>', 'only this type', TEMPLATE_TYPES))
    .addOption(choice('--status <status>', 'only this status', TEMPLATE_STATUSES))
    .action(listAction);
  template
    .command('show')
    .description('One version with its rows, constants, filter and policies.')
    .argument('<template>', REFERENCE)
    .option('--entity <entity>', ENTITY)
    .option('--json', 'print one JSON document')
    .action(showAction);
  template
    .command('export')
    .description('Print a version as a file that `load` takes.')
    .argument('<template>', REFERENCE)
    .addOption(choice('--format <format>', 'yaml unless said; csv has the rows only', TEMPLATE_FORMATS))
    .option('--entity <entity>', ENTITY)
    .option('--json', 'print one JSON document, as --format json')
    .action(exportAction);
  template
    .command('diff')
    .description(
      'Compare two templates, or one with the default that it would replace: what they say, and what the next sync ' +
        'would form by one instead of the other. It changes nothing.',
    )
    .argument('<a>', `${REFERENCE}; or a file`)
    .argument('[b]', 'the same')
    .option('--entity <entity>', 'only lines of this entity; unless said, of all that would use the template')
    .option('--samples <n>', 'lines to show of each kind, 5 unless said', (text) => samples(text))
    .option('--json', 'print one JSON document')
    .action(diffAction);
  template
    .command('fields')
    .description('The objects and fields that rows can name, custom ones with how many rows have them.')
    .addOption(choice('--type <type>', 'only for templates of this type', TEMPLATE_TYPES))
    .option('--object <object>', 'only this object, by name or by the path to it')
    .option('--entity <entity>', 'only custom fields of this entity')
    .option('--limit <n>', 'at most that many', (text) => wholeNumber('--limit', text))
    .option('--json', 'print one JSON document')
    .action(fieldsAction);
  template
    .command('schema')
    .description('Print the JSON Schema of template files.')
    .option('--json', 'the same')
    .action(schemaAction);
}

function registerKeeping(template: Command): void {
  withFile(template.command('load').description('Keep a file as the next version of its template.'))
    .requiredOption('--file <file>', 'YAML, JSON, or CSV with the rows')
    .action(loadAction);
  withFile(template.command('check').description('Everything that is wrong with a file or a version.'))
    .argument('[template]', REFERENCE)
    .option('--file <file>', 'check this file instead and keep nothing')
    .action(checkAction);
  withName(
    template.command('freeze').description('Freeze a version without mistakes; it never changes again.'),
  )
    .argument('<template>', REFERENCE)
    .option('--default', 'also make it the default')
    .action(freezeAction);
  withName(
    template.command('default').description('Form the lines of its type and entity by a frozen version.'),
  )
    .argument('<template>', REFERENCE)
    .action(defaultAction);
}

/** As many as somebody reads. */
function samples(text: string): number {
  const number = wholeNumber('--samples', text);
  if (number <= MOST_SAMPLES) return number;
  throw new RevsyncError(`--samples takes at most ${MOST_SAMPLES}, not ${text}.`, {
    code: 'USAGE',
    fate: 'fix-input',
    remedy: 'After the sync, `revsync line list` has every line.',
  });
}

/** What reading a file takes. */
function withFile(command: Command): Command {
  return withName(command)
    .option('--like <template>', 'for CSV: the template that has the rest')
    .option('--name <name>', 'instead of the name in the file')
    .option('--entity <entity>', 'instead of the entity in the file, by its key');
}

const withName = (command: Command): Command =>
  command.addOption(byOption('who does this')).option('--json', 'print one JSON document');
