import type { Command } from 'commander';

import type { LineType } from '../../../schema/database.ts';
import { eachHold, type Hold, HOLD_KINDS, type HoldKind } from '../../store/list-holds.ts';
import { LINE_TYPES } from '../../store/list-lines.ts';
import { rejectAction, releaseAction } from '../hold/decision-action.ts';
import { asOption, lineOption, withDecisionOptions } from '../hold/decision-options.ts';
import {
  choice,
  entityKey,
  knownOrg,
  type ListOptions,
  numberAfter,
  withListOptions,
} from '../list-options.ts';
import { clipped, type ListLook, printList } from '../list-output.ts';
import { openOutput } from '../output.ts';
import { withDatabase } from '../session.ts';

interface HoldListOptions extends ListOptions {
  readonly entity?: string;
  readonly kind?: HoldKind;
  readonly hold?: string;
  readonly line?: string;
  readonly type?: LineType;
  readonly subscription?: string;
}

const LOOK: ListLook<Hold> = {
  header: ['id', 'hold', 'since', 'message', 'line'],
  cells: ({ id, limitation, line, since, message }) => [
    id,
    clipped(limitation, 28),
    since.slice(0, 10),
    clipped(message, 38),
    line,
  ],
  empty: 'Nothing is held.',
  idOf: ({ id }) => id,
};

/** `revsync hold`: what keeps lines from going on. */
export function registerHold(program: Command): void {
  const hold = program
    .command('hold')
    .description('What keeps lines from going on, and what to do about it.');
  withListOptions(hold.command('list').description('The holds, in id order.'), 'hold')
    .option('--entity <entity>', 'only this entity: its key, Billing id or display name')
    .addOption(choice('--kind <kind>', 'only this kind', HOLD_KINDS))
    .option('--hold <id>', 'only holds of this limitation or rule')
    .option('--line <id>', 'only holds of this line')
    .addOption(choice('--type <type>', 'only holds of lines of this type', LINE_TYPES))
    .option('--subscription <name>', 'only holds of lines of this subscription')
    .action(listAction);
  withDecisionOptions(
    hold.command('release').description('Let stopped or waiting lines go on, and collect them.'),
  )
    .addOption(lineOption())
    .addOption(asOption())
    .action(releaseAction);
  withDecisionOptions(hold.command('reject').description('Keep stopped lines from ever being collected.'))
    .addOption(lineOption())
    .action(rejectAction);
}

async function listAction({ json = false, limit, ...asked }: HoldListOptions): Promise<void> {
  const output = openOutput(json);
  const after = numberAfter(asked.after);
  await withDatabase(output, async ({ database: { db } }) => {
    const org = await knownOrg(db, asked.org);
    const entity = await entityKey(db, asked.entity);
    const { kind, hold: limitation, line, type, subscription } = asked;
    const filter = { org, entity, kind, limitation, line, type, subscription, after };
    await printList(output, (most, take) => eachHold(db, { ...filter, limit: most }, take), LOOK, limit);
  });
}
