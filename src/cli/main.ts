import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Command } from 'commander';

import { registerBench } from './commands/bench.ts';
import { registerCollect } from './commands/collect.ts';
import { registerContract } from './commands/contract.ts';
import { registerDemo } from './commands/demo.ts';
import { registerDigest } from './commands/digest.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerFinding } from './commands/finding.ts';
import { registerGrouping } from './commands/grouping.ts';
import { registerHold } from './commands/hold.ts';
import { registerLine } from './commands/line.ts';
import { registerMigrate } from './commands/migrate.ts';
import { registerObligation } from './commands/obligation.ts';
import { registerPeriod } from './commands/period.ts';
import { registerRequest } from './commands/request.ts';
import { registerRun } from './commands/run.ts';
import { registerSandbox } from './commands/sandbox.ts';
import { registerSync } from './commands/sync.ts';
import { registerTemplate } from './commands/template.ts';
import { registerUp } from './commands/up.ts';
import { registerValidation } from './commands/validation.ts';
import { registerWorker } from './commands/worker.ts';
import { failureOf } from './failure.ts';

const COMMANDS = [
  registerDemo,
  registerUp,
  registerSandbox,
  registerWorker,
  registerMigrate,
  registerDoctor,
  registerSync,
  registerCollect,
  registerRun,
  registerLine,
  registerHold,
  registerFinding,
  registerContract,
  registerPeriod,
  registerTemplate,
  registerGrouping,
  registerObligation,
  registerValidation,
  registerRequest,
  registerDigest,
  registerBench,
];

/** Runs one command line; answers the exit code. Results go to stdout, everything else to stderr. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('revsync')
    .description('Revenue contracts from what Zuora Billing booked and billed.')
    .version(await version())
    .showSuggestionAfterError()
    .configureOutput({ outputError: () => undefined });
  for (const register of COMMANDS) register(program);
  exitWithUs(program);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return report(error, argv.includes('--json'));
  }
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

async function version(): Promise<string> {
  for (const up of ['../..', '../../..']) {
    try {
      const text = await readFile(join(import.meta.dirname, up, 'package.json'), 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      continue;
    }
  }
  return 'unknown';
}

const [, script] = process.argv;
if (script !== undefined && realpathSync(script) === fileURLToPath(import.meta.url)) {
  process.exit(await main(process.argv.slice(2)));
}
