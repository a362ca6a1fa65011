import type { Command } from 'commander';

import { generateTenant } from '../../billing/sandbox/generate-tenant.ts';
import { loadTenant } from '../../billing/sandbox/load-tenant.ts';
import { startSandbox } from '../../billing/sandbox/server.ts';
import { DEFAULT_SPEC, parseTenantSpec } from '../../billing/sandbox/tenant-spec.ts';
import { RevsyncError } from '../../domain/errors.ts';
import { openOutput } from '../output.ts';
import { closeLater } from '../session.ts';

interface SandboxFlags {
  readonly port?: string;
  readonly host: string;
  readonly data?: string;
  readonly generate?: string;
  readonly entities?: string;
  readonly json?: boolean;
}

/** `revsync sandbox`: only the Billing sandbox. */
export function registerSandbox(program: Command): void {
  program
    .command('sandbox')
    .description('Serve a Billing sandbox: a generated tenant, or rows of your own. Not Zuora.')
    .option('--port <port>', 'the port to listen on; 0, or left out: any free one')
    .option('--host <host>', 'the address to listen on', '127.0.0.1')
    .option('--data <dir>', 'serve the CSV files of a folder, <Object>.csv each')
    .option('--generate <spec>', 'generate a tenant, for example items=1000,seed=1; or a JSON file')
    .option('--entities <list>', 'limit the credentials to some entities, by id or name, with commas')
    .option('--json', 'print one JSON document once it listens')
    .action(async (flags: SandboxFlags) => {
      const output = openOutput(flags.json ?? false);
      if (flags.data !== undefined && flags.generate !== undefined) {
        throw new RevsyncError('--data and --generate exclude each other.', {
          code: 'USAGE',
          fate: 'fix-input',
          remedy: 'Give one of them, or none for the demo tenant.',
        });
      }
      const tenant =
        flags.data === undefined
          ? generateTenant(flags.generate === undefined ? DEFAULT_SPEC : parseTenantSpec(flags.generate))
          : await loadTenant(flags.data, output.report);
      const closing = closeLater(output, () => 0);
      const sandbox = await startSandbox({
        tenant,
        host: flags.host,
        report: output.report,
        ...(flags.port === undefined ? {} : { port: portOf(flags.port) }),
        ...(flags.entities === undefined
          ? {}
          : { entities: flags.entities.split(',').map((name) => name.trim()) }),
      });
      closing.add(() => sandbox.stop());
      output.result(
        { url: sandbox.url, clientId: 'sandbox', clientSecret: 'sandbox' },
        `Billing sandbox at ${sandbox.url} (client id and secret: sandbox); Ctrl-C stops it.`,
      );
      await new Promise(() => undefined); // until a signal ends the process
    });
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new RevsyncError(`"${text}" is no port.`, {
    code: 'USAGE',
    fate: 'fix-input',
    remedy: 'Give a number from 1 to 65535, or 0 for any free one.',
  });
}
