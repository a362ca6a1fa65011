import { userInfo } from 'node:os';

import { type Command, Option } from 'commander';

import { RevsyncError } from '../../domain/errors.ts';
import type { Db } from '../../store/database.ts';
import {
  beginClose,
  cancelClose,
  closePeriod,
  listPeriods,
  openPeriod,
  openPeriodOf,
  type Period,
  type PeriodChange,
} from '../../store/periods.ts';
import { knownOrg, oneOrg } from '../list-options.ts';
import { openOutput, table } from '../output.ts';
import { byOption, reasonOption } from '../reasoned-options.ts';
import { withDatabase } from '../session.ts';

interface ChangeFlags {
  readonly json?: boolean;
  readonly org?: string;
  readonly by?: string;
  readonly reason?: string;
}

type Change = (db: Db, change: PeriodChange) => Promise<Period>;

/** `revsync period`: the accounting periods of the organisations. */
export function registerPeriod(program: Command): void {
  const period = program.command('period').description('Accounting periods, one open per organisation.');
  period
    .command('list')
    .description('The periods, oldest first.')
    .option('--org <org>', 'only this organisation')
    .option('--json', 'print one JSON document')
    .action(listAction);
  withChangeFlags(period.command('open'))
    .description('Open a period; the one that is open is closed for good.')
    .argument('<month>', 'YYYY-MM')
    .action((month: string, flags: ChangeFlags) =>
      changeAction(month, flags, openPeriod, 'Opened by command.'),
    );
  withChangeFlags(period.command('pending-close'))
    .description('Begin to close the open period: nothing is collected meanwhile.')
    .argument('[month]', 'YYYY-MM; the open period when left out')
    .addOption(new Option('--cancel', 'take the close back'))
    .action((month: string | undefined, { cancel = false, ...flags }: ChangeFlags & { cancel?: boolean }) =>
      cancel
        ? changeAction(month, flags, cancelClose, 'Close cancelled by command.')
        : changeAction(month, flags, beginClose, 'Close begun by command.'),
    );
  withChangeFlags(period.command('close'))
    .description('Close the open period for good; nothing is collected until the next one is opened.')
    .argument('[month]', 'YYYY-MM; the open period when left out')
    .action((month: string | undefined, flags: ChangeFlags) =>
      changeAction(month, flags, closePeriod, 'Closed by command.'),
    );
}

const withChangeFlags = (command: Command): Command =>
  command
    .option('--org <org>', 'the organisation; may be left out when there is one')
    .addOption(byOption('who decides this'))
    .addOption(reasonOption())
    .option('--json', 'print one JSON document');

async function listAction({ json = false, org }: { json?: boolean; org?: string }): Promise<void> {
  const output = openOutput(json);
  await withDatabase(output, async ({ database: { db } }) => {
    const periods = await listPeriods(db, await knownOrg(db, org));
    const rows = periods.map((each) => [
      each.org,
      each.period,
      each.status,
      each.changedAt.slice(0, 10),
      each.changedBy,
    ]);
    output.result(
      periods.map((each) => ({ org: each.org, period: each.period, status: each.status })),
      rows.length === 0
        ? 'No period has been opened; the first sync opens the month its window ends in.'
        : table(['org', 'period', 'status', 'since', 'by'], rows),
    );
  });
}

async function changeAction(
  month: string | undefined,
  { json = false, org, by, reason }: ChangeFlags,
  change: Change,
  unsaid: string,
): Promise<void> {
  const output = openOutput(json);
  if (month !== undefined) requireMonth(month);
  await withDatabase(output, async ({ database: { db } }) => {
    const chosen = await oneOrg(db, org);
    const period = month ?? (await standingPeriod(db, chosen));
    const made = await change(db, {
      org: chosen,
      period,
      by: by ?? userInfo().username,
      reason: reason ?? unsaid,
    });
    output.result(
      { org: made.org, period: made.period, status: made.status },
      `Period ${made.period} of ${made.org} is ${made.status}.${WHAT_NOW[made.status]}`,
    );
  });
}

const WHAT_NOW: Readonly<Record<Period['status'], string>> = {
  open: '',
  'pending-close': ' Nothing is collected until the close is cancelled (--cancel) or another period opens.',
  closed: ' Nothing is collected until the next period opens.',
};

async function standingPeriod(db: Db, org: string): Promise<string> {
  const standing = await openPeriodOf(db, org);
  if (standing !== undefined) return standing.period;
  throw new RevsyncError(`No accounting period of ${org} is open.`, {
    code: 'PERIOD_NOT_OPEN',
    fate: 'fix-input',
    remedy: 'Open one with `revsync period open YYYY-MM`.',
    context: { org },
  });
}

function requireMonth(month: string): void {
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) return;
  throw new RevsyncError(`"${month}" is not a month.`, {
    code: 'USAGE',
    fate: 'fix-input',
    remedy: 'Write the month as YYYY-MM, for example 2024-01.',
  });
}
