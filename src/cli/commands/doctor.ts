import { join } from 'node:path';

import type { Command } from 'commander';

import { findRunning } from '../../servers/server-record.ts';
import { openStateFolder, type StateFolder } from '../../servers/state-folder.ts';
import { type BillingAccess, openBilling } from '../billing-access.ts';
import { type Configuration, readConfiguration } from '../configuration.ts';
import { type Check, exitOf, failedBy, passed } from '../doctor/check.ts';
import { checkBilling } from '../doctor/check-billing.ts';
import { checkDatabase } from '../doctor/check-database.ts';
import { checkNode } from '../doctor/check-machine.ts';
import { checkTemporal } from '../doctor/check-temporal.ts';
import { type Setting, settingsOf } from '../doctor/settings.ts';
import { openOutput, type Output, table } from '../output.ts';

const PROJECT = join(import.meta.dirname, '..', '..', '..');
const NOT_RUNNING = 'embedded, not running (started by `up` or a command).';

/** `revsync doctor`: everything configured, checked. Starts nothing. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('Show every setting and where it comes from, and check what revsync needs. Starts nothing.')
    .option('--json', 'print one JSON document')
    .action(async ({ json = false }: { json?: boolean }) => {
      const output = openOutput(json);
      const { configuration, checks } = await examine(readConfiguration(process.env), output);
      const document = { configuration, checks: checks.map(({ unusable: _, ...check }) => check) };
      output.result(document, [...settingsText(configuration), '', ...checks.flatMap(checkText)]);
      process.exitCode = exitOf(checks);
    });
}

interface Examination {
  readonly configuration: readonly Setting[];
  readonly checks: readonly Check[];
}

async function examine(configuration: Configuration, output: Output): Promise<Examination> {
  const { state, check: folder } = await stateFolder(output);
  const record = state === null ? null : await findRunning(state);
  const published = record?.extra['billing'];
  const running = record && { ...record, billing: typeof published === 'string' ? published : null };

  const database = configuration.DATABASE_URL ?? running?.database ?? null;
  const { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace } = configuration;
  const temporal = address === undefined ? (running?.temporal ?? null) : { address, namespace };
  const url = configuration.ZUORA_BASE_URL ?? running?.billing ?? null;
  const access = url === null ? null : openBilling(url, configuration);
  try {
    const [databaseChecks, temporalChecks, billingCheck, lagSeconds] = await Promise.all([
      database === null ? [passed('postgresql', `PostgreSQL: ${NOT_RUNNING}`)] : checkDatabase(database),
      temporal === null
        ? [passed('temporal', `Temporal: ${NOT_RUNNING}`)]
        : checkTemporal(temporal, configuration),
      access === null ? passed('billing', `The sandbox: ${NOT_RUNNING}`) : checkBilling(access),
      lagOf(access),
    ]);
    const settings = settingsOf({
      configuration,
      env: process.env,
      stateDir: state?.dir ?? null,
      running,
      lagSeconds,
    });
    const machine = [checkNode(process.versions.node), folder];
    return {
      configuration: settings,
      checks: [...machine, ...databaseChecks, ...temporalChecks, billingCheck],
    };
  } finally {
    await access?.billing.close();
  }
}

async function stateFolder({ report }: Output): Promise<{ state: StateFolder | null; check: Check }> {
  try {
    const state = await openStateFolder({ env: process.env, projectRoot: PROJECT, report });
    return { state, check: passed('state-folder', `The state folder is ${state.dir}.`) };
  } catch (error) {
    return { state: null, check: failedBy('state-folder', error) };
  }
}

/** Against the sandbox that a command would start, nothing lags. */
async function lagOf(access: BillingAccess | null): Promise<number> {
  return access === null ? 0 : (await access.windowPolicy()).lagSeconds;
}

function settingsText(settings: readonly Setting[]): string[] {
  const rows = settings.map(({ name, value, source }) => [name, value ?? '(not set)', source]);
  return table(['variable', 'value', 'source'], rows);
}

function checkText({ check, ok, message, remedy }: Check): string[] {
  return [
    `${ok ? 'ok    ' : 'FAILED'}  ${check}: ${message}`,
    ...(remedy === null ? [] : [`        ${remedy}`]),
  ];
}
