import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { Command } from 'commander';

import { RevsyncError } from '../domain/errors.ts';
import { registerAccess } from './commands/access.ts';
import { registerBackfill } from './commands/backfill.ts';
import { registerBench } from './commands/bench.ts';
import { registerCollect } from './commands/collect.ts';
import { registerContract } from './commands/contract.ts';
import { registerDemo } from './commands/demo.ts';
import { registerDigest } from './commands/digest.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerEnable } from './commands/enable.ts';
import { registerEntity } from './commands/entity.ts';
import { registerFinding } from './commands/finding.ts';
import { registerGrouping } from './commands/grouping.ts';
import { registerHold } from './commands/hold.ts';
import { registerInstantOn } from './commands/instant-on.ts';
import { registerLimitations } from './commands/limitations.ts';
import { registerLine } from './commands/line.ts';
import { registerMigrate } from './commands/migrate.ts';
import { registerObligation } from './commands/obligation.ts';
import { registerPeriod } from './commands/period.ts';
import { registerProfile } from './commands/profile.ts';
import { registerRates } from './commands/rates.ts';
import { registerReadiness } from './commands/readiness.ts';
import { registerRequest } from './commands/request.ts';
import { registerRun } from './commands/run.ts';
import { registerSandbox } from './commands/sandbox.ts';
import { registerSchedule } from './commands/schedule.ts';
import { registerSettings } from './commands/settings.ts';
import { registerSync } from './commands/sync.ts';
import { registerTemplate } from './commands/template.ts';
import { registerUp } from './commands/up.ts';
import { registerValidation } from './commands/validation.ts';
import { registerWorker } from './commands/worker.ts';
import { failureOf } from './failure.ts';
import { version } from './version.ts';

const COMMANDS = [
  registerDemo,
  registerUp,
  registerSandbox,
  registerWorker,
  registerMigrate,
  registerDoctor,
  registerEnable,
  registerSync,
  registerCollect,
  registerRates,
  registerBackfill,
  registerSchedule,
  registerInstantOn,
  registerRun,
  registerLine,
  registerHold,
  registerFinding,
  registerContract,
  registerPeriod,
  registerSettings,
  registerProfile,
  registerTemplate,
  registerGrouping,
  registerObligation,
  registerValidation,
  registerReadiness,
  registerRequest,
  registerLimitations,
  registerEntity,
  registerAccess,
  registerDigest,
  registerBench,
];

/** Runs one command line; answers the exit code. Results go to stdout, everything else to stderr. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = await commandLine();
  try {
    requirePlainText(argv);
    await program.parseAsync([...argv], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return report(error, argv.includes('--json'));
  }
}

/** Every command with its options. */
export async function commandLine(): Promise<Command> {
  const program = new Command('revsync')
    .description('Revenue contracts from what Zuora Billing booked and billed.')
    .version(await version())
    .showSuggestionAfterError()
    .configureOutput({ outputError: () => undefined });
  for (const register of COMMANDS) register(program);
  exitWithUs(program);
  return program;
}

/** No shell can pass a NUL, and no text in the database has one. */
function requirePlainText(argv: readonly string[]): void {
  if (!argv.some((text) => text.includes('\0'))) return;
  throw new RevsyncError('An argument holds the character NUL.', {
    code: 'USAGE',
    fate: 'fix-input',
    remedy: 'Write it without.',
  });
}

function report(error: unknown, json: boolean): number {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'commander.helpDisplayed' || code === 'commander.version') return 0;
  if (code === 'commander.help') return 2;
  const { exit, ...failure } = failureOf(error);
  if (json) process.stdout.write(`${JSON.stringify({ error: failure }, null, 2)}\n`);
  else process.stderr.write(`${failure.message}\n${failure.remedy}\n`);
  return exit;
}

/** Commander ends the process itself unless every command is told not to. */
function exitWithUs(command: Command): void {
  command.exitOverride();
  command.configureOutput({ outputError: () => undefined });
  for (const child of command.commands) exitWithUs(child);
}

const [, script] = process.argv;
if (script !== undefined && realpathSync(script) === fileURLToPath(import.meta.url)) {
  process.exit(await main(process.argv.slice(2)));
}
