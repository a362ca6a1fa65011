import { userInfo } from 'node:os';

import type { Command } from 'commander';

import { RevsyncError } from '../../domain/errors.ts';
import type { Choice } from '../../store/contracts/chosen-contracts.ts';
import {
  closeContracts,
  CONTRACT_HOLDS,
  type ContractAction,
  type ContractHold,
  holdContracts,
  openContracts,
  type Reasoned,
  releaseContracts,
} from '../../store/contracts/mass-actions.ts';
import { regroupContracts } from '../../store/contracts/regroup-contracts.ts';
import type { Db } from '../../store/database.ts';
import { choice, oneOrg } from '../list-options.ts';
import { openOutput, table } from '../output.ts';
import { byOption, reasonOption } from '../reasoned-options.ts';
import { withDatabase } from '../session.ts';

interface Options {
  readonly org?: string;
  readonly subscription?: string;
  readonly hold?: ContractHold;
  readonly reason: string;
  readonly by?: string;
  readonly json?: boolean;
}

type Asked = Choice & Reasoned & { readonly hold?: ContractHold | undefined };

/** What is done, for a person; the one without change ends with "already". */
interface Says {
  readonly done: string;
  readonly already: string;
}

/** Adds the mass actions to `revsync contract`. */
export function registerMassActions(contract: Command): void {
  const hold = choice('--hold <hold>', 'which hold', CONTRACT_HOLDS);
  onContracts(
    contract,
    'hold',
    'Apply a hold to contracts.',
    { done: 'held', already: 'on that hold' },
    (db, asked) => holdContracts(db, { ...asked, hold: asked.hold ?? 'revenue' }),
  ).addOption(hold.default('revenue'));
  onContracts(
    contract,
    'release',
    'Release the holds of contracts.',
    { done: 'released', already: 'without that hold' },
    releaseContracts,
  ).addOption(choice('--hold <hold>', 'only this hold', CONTRACT_HOLDS));
  onContracts(
    contract,
    'close',
    'Close contracts: what comes for them is stopped.',
    { done: 'closed', already: 'closed' },
    closeContracts,
  );
  onContracts(
    contract,
    'open',
    'Open closed contracts: what was stopped goes on.',
    { done: 'opened', already: 'open' },
    openContracts,
  );
  onContracts(
    contract,
    'regroup',
    'Group the lines of contracts anew, by the default grouping template of today.',
    { done: 'changed', already: 'as the template has it' },
    regroupContracts,
  );
}

function onContracts(
  contract: Command,
  name: string,
  description: string,
  says: Says,
  act: (db: Db, asked: Asked) => Promise<ContractAction>,
): Command {
  return contract
    .command(name)
    .description(description)
    .argument('[ids...]', 'ids of contracts')
    .option('--subscription <name>', 'contracts with lines of this subscription')
    .option('--org <org>', 'the organisation; may be left out when there is one')
    .addOption(reasonOption().makeOptionMandatory())
    .addOption(byOption('who does this'))
    .option('--json', 'print one JSON document')
    .action(async (ids: string[], { json = false, by, org, ...options }: Options) => {
      const output = openOutput(json);
      if (ids.length === 0 && options.subscription === undefined) throw noContracts(name);
      await withDatabase(output, async ({ database: { db } }) => {
        const result = await act(db, {
          ...options,
          ids,
          org: await oneOrg(db, org),
          by: by ?? userInfo().username,
        });
        output.result(result, actionText(result, says));
      });
    });
}

const noContracts = (name: string): RevsyncError =>
  new RevsyncError('No contracts are named.', {
    code: 'USAGE',
    fate: 'fix-input',
    remedy: `Write \`revsync contract ${name} ID...\`, or name a subscription with --subscription.`,
  });

function actionText({ contracts }: ContractAction, { done, already }: Says): string[] {
  return table(
    ['contract', 'version', 'result'],
    contracts.map(({ id, version, changed }) => [
      id,
      String(version),
      changed ? done : `was ${already} already`,
    ]),
  );
}
