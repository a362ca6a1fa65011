import type { Command } from 'commander';

import type { Servers } from '../../servers/servers.ts';
import { migrate } from '../database.ts';
import { openOutput, type Output } from '../output.ts';
import { startDemoSandbox } from '../sandbox.ts';
import { type Closing, closeLater, type Ground, openGround, openServers } from '../session.ts';
import { startSupervisedWorker } from '../supervised-worker.ts';

type Up = Servers<{ database: true; temporal: true }>;

/** What runs, as `up --json` prints it. */
interface UpDocument {
  readonly database: string;
  readonly temporal: string;
  readonly namespace: string;
  readonly ui: string | null;
  readonly billing: string;
  /** Process id of the worker. */
  readonly worker: number;
}

/** `revsync up`: servers, worker and, without a Billing, the sandbox; stays until it is stopped. */
export function registerUp(program: Command): void {
  program
    .command('up')
    .description('Start PostgreSQL, Temporal with its UI, a worker and, without ZUORA_BASE_URL, the sandbox.')
    .option('--json', 'print one JSON document once everything is ready')
    .action(async ({ json = false }: { json?: boolean }) => {
      const output = openOutput(json);
      const ground = await openGround(output);
      const closing = closeLater(output, () => 0);
      try {
        const servers = await openServers(ground, closing, { database: true, temporal: true }, 'up');
        if (servers.running !== null) return sayRunning(output, servers);
        const document = await bringUp(ground, servers, closing);
        output.result(document, upText(document));
        await new Promise(() => undefined); // until a signal ends the process
      } finally {
        await closing.now();
      }
    });
}

async function bringUp(
  { configuration, output }: Ground,
  servers: Up,
  closing: Closing,
): Promise<UpDocument> {
  const { report } = output;
  if (configuration.DATABASE_URL === undefined) await migrate(servers.database);
  const billing = configuration.ZUORA_BASE_URL ?? (await sandboxUrl(output, closing));
  const { address, namespace, ui } = servers.temporal;
  const worker = await startSupervisedWorker({
    env: {
      DATABASE_URL: servers.database,
      TEMPORAL_ADDRESS: address,
      TEMPORAL_NAMESPACE: namespace,
      ZUORA_BASE_URL: billing,
    },
    report,
    onStart: (pid) => {
      servers.own('worker', pid);
      servers.publish({ billing, worker: pid });
    },
  });
  closing.add(() => worker.stop());
  return { database: servers.database, temporal: address, namespace, ui, billing, worker: worker.pid };
}

async function sandboxUrl({ report }: Output, closing: Closing): Promise<string> {
  const sandbox = await startDemoSandbox(report);
  closing.add(() => sandbox.stop());
  return sandbox.url;
}

function sayRunning(output: Output, { running, database, temporal }: Up): void {
  const { billing, worker } = running?.extra ?? {};
  const document: UpDocument = {
    database,
    temporal: temporal.address,
    namespace: temporal.namespace,
    ui: temporal.ui,
    billing: String(billing),
    worker: Number(worker),
  };
  output.report(
    `An \`up\` is running here already (process ${running?.owner.pid}, since ${running?.since}).`,
  );
  output.result(document, upText(document));
}

function upText({ database, temporal, namespace, ui, billing, worker }: UpDocument): string[] {
  return [
    'revsync is up. Ctrl-C stops everything.',
    `  Temporal UI  ${ui ?? 'where your Temporal has it'}`,
    `  Temporal     ${temporal} (${namespace})`,
    `  PostgreSQL   ${database.replace(/:[^:@/]*@/, ':...@')}`,
    `  Billing      ${billing}`,
    `  worker       process ${worker}`,
    'In another terminal: npm run -s revsync -- sync run',
  ];
}
