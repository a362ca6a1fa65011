import { userInfo } from 'node:os';

import type { Command } from 'commander';

import { RevsyncError } from '../../domain/errors.ts';
import { listPeriods, openPeriod } from '../../store/periods.ts';
import { knownOrg, oneOrg } from '../list-options.ts';
import { openOutput, table } from '../output.ts';
import { withDatabase } from '../session.ts';

/** `revsync period`: the accounting periods of the organisations. */
export function registerPeriod(program: Command): void {
  const period = program.command('period').description('Accounting periods.');
  period
    .command('list')
    .description('The periods, oldest first.')
    .option('--org <org>', 'only this organisation')
    .option('--json', 'print one JSON document')
    .action(listAction);
  period
    .command('open')
    .description('Open a period; the one that is open is closed.')
    .argument('<month>', 'YYYY-MM')
    .option('--org <org>', 'the organisation; may be left out when there is one')
    .option('--by <name>', 'who decides this')
    .option('--reason <text>', 'why; kept for the audit')
    .option('--json', 'print one JSON document')
    .action(openAction);
}

async function listAction({ json = false, org }: { json?: boolean; org?: string }): Promise<void> {
  const output = openOutput(json);
  await withDatabase(output, async ({ database: { db } }) => {
    const periods = await listPeriods(db, await knownOrg(db, org));
    const rows = periods.map((each) => [each.org, each.period, each.status]);
    output.result(
      periods,
      rows.length === 0
        ? 'No period has been opened; the first sync opens the month its window ends in.'
        : table(['org', 'period', 'status'], rows),
    );
  });
}

async function openAction(
  month: string,
  { json = false, org, by, reason }: { json?: boolean; org?: string; by?: string; reason?: string },
): Promise<void> {
  const output = openOutput(json);
  requireMonth(month);
  await withDatabase(output, async ({ database: { db } }) => {
    const opened = await openPeriod(db, {
      org: await oneOrg(db, org),
      period: month,
      by: by ?? userInfo().username,
      reason: reason ?? 'Opened by command.',
    });
    output.result(opened, `Period ${opened.period} of ${opened.org} is open.`);
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
