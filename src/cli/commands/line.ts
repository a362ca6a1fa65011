import type { Command } from 'commander';

import type { LineType } from '../../../schema/database.ts';
import type { Db } from '../../store/database.ts';
import { eachLine, LINE_TYPES } from '../../store/list-lines.ts';
import { type Line, LINE_STATUSES, type LineStatus } from '../../store/lines/read-lines.ts';
import { explainLine } from '../../store/explain/explain-line.ts';
import { showLine } from '../../store/show-line.ts';
import { explanationText } from '../explanation-text.ts';
import { lineText } from '../line-text.ts';
import { releaseAction } from '../hold/decision-action.ts';
import { asOption, type DecisionFlags, withDecisionOptions } from '../hold/decision-options.ts';
import { choice, entityKey, knownOrg, type ListOptions, withListOptions } from '../list-options.ts';
import { clipped, type ListLook, printList } from '../list-output.ts';
import { openOutput } from '../output.ts';
import { withDatabase } from '../session.ts';

interface LineListOptions extends ListOptions {
  readonly entity?: string;
  readonly type?: LineType;
  readonly status?: LineStatus;
  readonly subscription?: string;
  readonly hold?: string;
}

const LOOK: ListLook<Line> = {
  header: ['status', 'subscription', 'amount', 'currency', 'holds', 'id'],
  cells: ({ id, status, subscription, fields, holds }) => [
    status,
    clipped(subscription ?? '', 20),
    fields['Ext Sell Price'] ?? '',
    fields['Transaction Currency'] ?? '',
    clipped(holds.map(({ limitation }) => limitation).join(', '), 26),
    id,
  ],
  empty: 'No line matches; without filters, lines appear with the first sync (`revsync sync run`).',
  idOf: ({ id }) => id,
};

/** `revsync line`: the transaction lines, collected or not. */
export function registerLine(program: Command): void {
  const line = program
    .command('line')
    .description('Transaction lines: what they hold and where they come from.');
  withListOptions(line.command('list').description('The lines, in id order.'), 'line')
    .option('--entity <entity>', 'only this entity: its key, Billing id or display name')
    .addOption(choice('--type <type>', 'only this type', LINE_TYPES))
    .addOption(choice('--status <status>', 'only this status', LINE_STATUSES))
    .option('--subscription <name>', 'only this subscription')
    .option('--hold <id>', 'only lines that this limitation holds')
    .action(listAction);
  line
    .command('show')
    .description('One line: every field, its holds, and the billing rows and template rows behind it.')
    .argument('<id>', 'id of the line')
    .option('--entity <entity>', 'the entity, when several have a line of that id')
    .option('--org <org>', 'only this organisation')
    .option('--json', 'print one JSON document')
    .action(lineAction(showLine, lineText));
  line
    .command('explain')
    .description('Where a line stands in plain words: the rules it met, what it waits for, what releases it.')
    .argument('<id>', 'id of the line')
    .option('--entity <entity>', 'the entity, when several have a line of that id')
    .option('--org <org>', 'only this organisation')
    .option('--json', 'print one JSON document')
    .action(lineAction(explainLine, explanationText));
  withDecisionOptions(
    line.command('release').description('Let stopped or waiting lines go on, and collect them.'),
  )
    .argument('[ids...]', 'the lines; or say which by the options')
    .addOption(asOption())
    .action((ids: readonly string[], flags: DecisionFlags) =>
      releaseAction(ids.length === 0 ? flags : { ...flags, line: ids }),
    );
}

async function listAction({ json = false, limit, ...asked }: LineListOptions): Promise<void> {
  const output = openOutput(json);
  await withDatabase(output, async ({ database: { db } }) => {
    const org = await knownOrg(db, asked.org);
    const entity = await entityKey(db, asked.entity);
    const filter = { ...asked, org, entity };
    await printList(output, (most, take) => eachLine(db, { ...filter, limit: most }, take), LOOK, limit);
  });
}

interface OneLine {
  readonly json?: boolean;
  readonly entity?: string;
  readonly org?: string;
}

/** Prints what is found of one line. */
function lineAction<Found>(
  find: (db: Db, line: Parameters<typeof showLine>[1]) => Promise<Found>,
  text: (found: Found) => string[],
) {
  return async (id: string, { json = false, ...asked }: OneLine): Promise<void> => {
    const output = openOutput(json);
    await withDatabase(output, async ({ database: { db } }) => {
      const org = await knownOrg(db, asked.org);
      const found = await find(db, { id, entity: await entityKey(db, asked.entity), org });
      output.result(found, text(found));
    });
  };
}
