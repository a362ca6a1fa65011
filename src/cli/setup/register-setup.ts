import type { Command } from 'commander';

import type { SetupDefinition } from '../../domain/setups/setup-kind.ts';
import { SETUP_STATUSES } from '../../store/setups/setup-versions.ts';
import { choice, withListOptions } from '../list-options.ts';
import { byOption } from '../reasoned-options.ts';
import { checkAction } from './check-action.ts';
import { diffAction } from './diff-action.ts';
import { loadAction } from './load-action.ts';
import { REFERENCE } from './setup-reference.ts';
import { exportAction, listAction, schemaAction, showAction } from './show-actions.ts';
import { defaultAction, freezeAction } from './state-actions.ts';
import { SETUP_FORMATS } from './write-setup.ts';

const ORG = 'the organisation whose default is meant';

/** Adds the command of a kind with what all kinds have; answers it for what only that kind has. */
export function registerSetup(program: Command, definition: SetupDefinition, description: string): Command {
  const command = program.command(definition.command).description(description);
  registerReading(command, definition);
  registerKeeping(command, definition);
  return command;
}

function registerReading(command: Command, definition: SetupDefinition): void {
  const { noun } = definition;
  withListOptions(command.command('list').description(`Every version of every ${noun}.`), noun)
    .addOption(choice('--status <status>', 'only this status', SETUP_STATUSES))
    .action(listAction(definition));
  command
    .command('show')
    .description('One version with all that is in it.')
    .argument('<name>', REFERENCE)
    .option('--org <org>', ORG)
    .option('--json', 'print one JSON document')
    .action(showAction(definition));
  command
    .command('export')
    .description('Print a version as a file that `load` takes.')
    .argument('<name>', REFERENCE)
    .addOption(choice('--format <format>', 'yaml unless said', SETUP_FORMATS))
    .option('--org <org>', ORG)
    .option('--json', 'print one JSON document, as --format json')
    .action(exportAction(definition));
  command
    .command('diff')
    .description('Compare two, or one with the default that it would replace.')
    .argument('<a>', `${REFERENCE}; or a file`)
    .argument('[b]', 'the same')
    .option('--org <org>', ORG)
    .option('--json', 'print one JSON document')
    .action(diffAction(definition));
  command
    .command('schema')
    .description('Print the JSON Schema of the files.')
    .option('--json', 'the same')
    .action(schemaAction(definition));
}

function registerKeeping(command: Command, definition: SetupDefinition): void {
  withFile(command.command('load').description('Keep a file as the next version of its name.'))
    .requiredOption('--file <file>', 'YAML or JSON')
    .action(loadAction(definition));
  withFile(command.command('check').description('Everything that is wrong with a file or a version.'))
    .argument('[name]', REFERENCE)
    .option('--file <file>', 'check this file instead and keep nothing')
    .action(checkAction(definition));
  withBy(command.command('freeze').description('Freeze a version without mistakes; it never changes again.'))
    .argument('<name>', REFERENCE)
    .option('--default', 'also make it the default')
    .action(freezeAction(definition));
  withBy(command.command('default').description('Let collections go by a frozen version.'))
    .argument('<name>', REFERENCE)
    .action(defaultAction(definition));
}

/** What reading a file takes. */
function withFile(command: Command): Command {
  return withBy(command)
    .option('--name <name>', 'instead of the name in the file')
    .option('--org <org>', 'instead of the organisation in the file, by its key');
}

const withBy = (command: Command): Command =>
  command.addOption(byOption('who does this')).option('--json', 'print one JSON document');
