import { join } from 'node:path';

import type { Command } from 'commander';

import { findRunning } from '../../servers/server-record.ts';
import { openStateFolder, type StateFolder } from '../../servers/state-folder.ts';
import { type BillingAccess, openBilling } from '../billing-access.ts';
import { type Configuration, readConfiguration } from '../configuration.ts';
import { billingText } from '../doctor/billing-text.ts';
import { type Check, exitOf, failedBy, passed } from '../doctor/check.ts';
import { checkBilling } from '../doctor/check-billing.ts';
import { checkDatabase } from '../doctor/check-database.ts';
import { checkFeatures } from '../doctor/check-features.ts';
import { checkNode } from '../doctor/check-machine.ts';
import { checkTemporal } from '../doctor/check-temporal.ts';
import type { BillingReport } from '../doctor/billing-report.ts';
import { examineBilling } from '../doctor/examine-billing.ts';
import { type Setting, settingsOf } from '../doctor/settings.ts';
import { openOutput, type Output, table } from '../output.ts';

const PROJECT = join(import.meta.dirname, '..', '..', '..');
const NOT_RUNNING = 'embedded, not running (started by `up` or a command).';

/** `revsync doctor`: everything configured, checked, and what the credentials may do in Billing. Starts nothing. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'Show every setting and where it comes from, check what revsync needs, and list what the credentials may do in Billing. Starts nothing.',
    )
    .option('--quick', 'leave out what the credentials may do in Billing')
    .option('--json', 'print one JSON document')
    .action(async ({ json = false, quick = false }: { json?: boolean; quick?: boolean }) => {
      const output = openOutput(json);
      const { configuration, checks, billing } = await examine(readConfiguration(process.env), output, quick);
      const document = {
        configuration,
        checks: checks.map(({ unusable: _, ...check }) => check),
        billing,
      };
      const text = [...settingsText(configuration), '', ...checks.flatMap(checkText)];
      output.result(document, billing === null ? text : [...text, '', ...billingText(billing)]);
      process.exitCode = exitOf(checks);
    });
}

interface Examination {
  readonly configuration: readonly Setting[];
  readonly checks: readonly Check[];
  /** Null without a Billing that takes the credentials, and where only the quick part is wanted. */
  readonly billing: BillingReport | null;
}

async function examine(configuration: Configuration, output: Output, quick: boolean): Promise<Examination> {
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
    const [databaseChecks, temporalChecks, { checks: billingChecks, report }, lagSeconds] = await Promise.all(
      [
        database === null ? [passed('postgresql', `PostgreSQL: ${NOT_RUNNING}`)] : checkDatabase(database),
        temporal === null
          ? [passed('temporal', `Temporal: ${NOT_RUNNING}`)]
          : checkTemporal(temporal, configuration),
        examineAccess(access, configuration, quick),
        lagOf(access),
      ],
    );
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
      checks: [...machine, ...databaseChecks, ...temporalChecks, ...billingChecks],
      billing: report,
    };
  } finally {
    await access?.billing.close();
  }
}

async function examineAccess(
  access: BillingAccess | null,
  { REVSYNC_TENANT: tenant, REVSYNC_TENANT_NAME: name }: Configuration,
  quick: boolean,
): Promise<{ checks: readonly Check[]; report: BillingReport | null }> {
  if (access === null) return { checks: [passed('billing', `The sandbox: ${NOT_RUNNING}`)], report: null };
  const check = await checkBilling(access);
  if (quick || !check.ok) return { checks: [check], report: null };
  const report = await examineBilling(access.billing, { tenant, tenantName: name ?? null });
  return { checks: [check, checkFeatures(report)], report };
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
