import type { Command } from 'commander';

import { type Contract, listContracts } from '../../store/contracts.ts';
import { showContract } from '../../store/contracts/show-contract.ts';
import { createAction } from '../contract/create-action.ts';
import { registerMassActions } from '../contract/mass-action-commands.ts';
import { contractText } from '../contract-text.ts';
import { knownOrg, type ListOptions, withListOptions } from '../list-options.ts';
import { clipped, type ListLook, printList } from '../list-output.ts';
import { openOutput } from '../output.ts';
import { byOption, reasonOption } from '../reasoned-options.ts';
import { withDatabase } from '../session.ts';

const LOOK: ListLook<Contract> = {
  header: ['id', 'org', 'key', 'version', 'bookings', 'billings', 'currency', 'lines', 'obligations'],
  cells: ({ id, org, key, version, bookings, billings, currency, mixed, lines, obligations }) => [
    id,
    clipped(org, 16),
    clipped(key, 24),
    String(version),
    bookings,
    billings,
    `${currency ?? ''}${mixed ? ', mixed' : ''}`,
    String(lines),
    String(obligations),
  ],
  empty: 'There are no revenue contracts that match; collection makes them (`revsync collect run`).',
  idOf: ({ id }) => id,
};

/** `revsync contract`: the revenue contracts. */
export function registerContract(program: Command): void {
  const contract = program.command('contract').description('Revenue contracts.');
  withListOptions(contract.command('list').description('The contracts, in id order.'), 'contract')
    .option('--subscription <name>', 'only those with lines of this subscription')
    .action(listAction);
  contract
    .command('show')
    .description('One contract with its lines, obligations and versions.')
    .argument('<id>', 'id of the contract')
    .option('--org <org>', 'the organisation, when several have a contract of that id')
    .option('--json', 'print one JSON document')
    .action(showAction);
  contract
    .command('create')
    .description('Make a contract by hand for SO lines that are stopped or wait.')
    .requiredOption('--lines <ids...>', 'ids of the lines, as SO:...')
    .option('--org <org>', 'the organisation; may be left out when there is one')
    .addOption(reasonOption().makeOptionMandatory())
    .addOption(byOption('who does this'))
    .option('--json', 'print one JSON document')
    .action(createAction);
  registerMassActions(contract);
}

async function listAction({
  json = false,
  limit,
  ...asked
}: ListOptions & { readonly subscription?: string }): Promise<void> {
  const output = openOutput(json);
  await withDatabase(output, async ({ database: { db } }) => {
    const filter = { ...asked, org: await knownOrg(db, asked.org) };
    await printList(
      output,
      async (most, take) => take(await listContracts(db, { ...filter, limit: most })),
      LOOK,
      limit,
    );
  });
}

async function showAction(
  id: string,
  { json = false, org }: { json?: boolean; org?: string },
): Promise<void> {
  const output = openOutput(json);
  await withDatabase(output, async ({ database: { db } }) => {
    const contract = await showContract(db, { id, org: await knownOrg(db, org) });
    output.result(contract, contractText(contract));
  });
}
