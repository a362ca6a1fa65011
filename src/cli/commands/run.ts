import type { Command } from 'commander';

import { type ListedRun, listRuns } from '../../store/list-runs.ts';
import { entityKey, knownOrg, type ListOptions, numberAfter, withListOptions } from '../list-options.ts';
import { clipped, type ListLook, printList } from '../list-output.ts';
import { openOutput } from '../output.ts';
import { withDatabase } from '../session.ts';

const BALANCE = { true: 'equal', false: 'unequal', null: '' } as const;

const LOOK: ListLook<ListedRun> = {
  header: ['run', 'entity', 'state', 'outcome', 'from', 'to', 'balance', 'workflow'],
  cells: ({ run, entity, state, outcome, window, balanced, workflowId, idleRuns, idleSince }) => [
    run,
    clipped(entity, 14),
    state,
    outcomeText({ outcome, idleRuns, idleSince }),
    window.from?.slice(0, 16) ?? 'the beginning',
    window.to.slice(0, 16),
    BALANCE[`${balanced}`],
    clipped(workflowId, 28),
  ],
  empty: 'There are no runs that match; `revsync sync run` starts one.',
  idOf: ({ run }) => run,
};

/** How often a loop had nothing to do, where that is more than once. */
export function outcomeText({
  outcome,
  idleRuns,
  idleSince,
}: Pick<ListedRun, 'outcome' | 'idleRuns' | 'idleSince'>): string {
  if (idleSince === null) return outcome ?? '';
  return `nothing to do, ${idleRuns + 1} times since ${idleSince.slice(0, 16)}`;
}

/** `revsync run`: the runs of the Revenue Sync. */
export function registerRun(program: Command): void {
  const run = program.command('run').description('Runs of the Revenue Sync.');
  withListOptions(run.command('list').description('The runs, newest last.'), 'run')
    .option('--entity <entity>', 'only this entity: its key, Billing id or display name')
    .action(listAction);
}

async function listAction({
  json = false,
  limit,
  ...asked
}: ListOptions & { readonly entity?: string }): Promise<void> {
  const output = openOutput(json);
  const after = numberAfter(asked.after);
  await withDatabase(output, async ({ database: { db } }) => {
    const org = await knownOrg(db, asked.org);
    const filter = { org, entity: await entityKey(db, asked.entity), after };
    await printList(
      output,
      async (most, take) => take(await listRuns(db, { ...filter, limit: most })),
      LOOK,
      limit,
    );
  });
}
