import type { Command } from 'commander';

import { eachFinding, type Finding } from '../../store/list-findings.ts';
import { entityKey, knownOrg, type ListOptions, numberAfter, withListOptions } from '../list-options.ts';
import { clipped, type ListLook, printList } from '../list-output.ts';
import { openOutput } from '../output.ts';
import { withDatabase } from '../session.ts';

interface FindingListOptions extends ListOptions {
  readonly entity?: string;
  readonly finding?: string;
  readonly line?: string;
  readonly open?: boolean;
}

const LOOK: ListLook<Finding> = {
  header: ['id', 'finding', 'since', 'resolved', 'amount', 'message', 'line'],
  cells: ({ id, finding, since, resolved, amount, currency, message, line }) => [
    id,
    clipped(finding, 24),
    since.slice(0, 10),
    resolved?.slice(0, 10) ?? '',
    amount === null ? '' : `${amount} ${currency ?? ''}`.trim(),
    clipped(message, 38),
    line ?? '',
  ],
  empty: 'Nothing was found.',
  idOf: ({ id }) => id,
};

/** `revsync finding`: what a person should know of, though it keeps no line from going on. */
export function registerFinding(program: Command): void {
  const finding = program
    .command('finding')
    .description('What a person should know of, with the amounts at stake.');
  withListOptions(
    finding.command('list').description('The findings, in id order, resolved ones included.'),
    'finding',
  )
    .option('--entity <entity>', 'only this entity: its key, Billing id or display name')
    .option('--finding <id>', 'only findings of this kind, for example deleted-in-billing')
    .option('--line <id>', 'only findings about this line')
    .option('--open', 'only what is not resolved')
    .action(listAction);
}

async function listAction({ json = false, limit, ...asked }: FindingListOptions): Promise<void> {
  const output = openOutput(json);
  const after = numberAfter(asked.after);
  await withDatabase(output, async ({ database: { db } }) => {
    const org = await knownOrg(db, asked.org);
    const entity = await entityKey(db, asked.entity);
    const filter = { ...asked, org, entity, after };
    await printList(output, (most, take) => eachFinding(db, { ...filter, limit: most }, take), LOOK, limit);
  });
}
