import type { Command } from 'commander';

import type { Servers } from '../../servers/servers.ts';
import { migrateIfAllowed } from '../database.ts';
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
  /** Where the worker's metrics are. */
  readonly metrics: string | null;
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
  await migrateIfAllowed(servers.database, report);
  const billing = configuration.ZUORA_BASE_URL ?? (await sandboxUrl(output, closing));
  const { address, namespace, ui } = servers.temporal;
  const worker = await startSupervisedWorker({
    env: {
      DATABASE_URL: servers.database,
      TEMPORAL_ADDRESS: address,
      TEMPORAL_NAMESPACE: namespace,
      ZUORA_BASE_URL: billing,
      REVSYNC_HTTP_ADDRESS: configuration.REVSYNC_HTTP_ADDRESS ?? '127.0.0.1:0',
    },
    report,
    onStart: (pid, metrics) => {
      servers.own('worker', pid);
      servers.publish({ billing, worker: pid, metrics });
    },
  });
  closing.add(() => worker.stop());
  const { pid, metrics } = worker;
  return { database: servers.database, temporal: address, namespace, ui, billing, worker: pid, metrics };
}

async function sandboxUrl({ report }: Output, closing: Closing): Promise<string> {
  const sandbox = await startDemoSandbox(report);
  closing.add(() => sandbox.stop());
  return sandbox.url;
}

function sayRunning(output: Output, { running, database, temporal }: Up): void {
  const { billing, worker, metrics } = running?.extra ?? {};
  const document: UpDocument = {
    database,
    temporal: temporal.address,
    namespace: temporal.namespace,
    ui: temporal.ui,
    billing: String(billing),
    worker: Number(worker),
    metrics: typeof metrics === 'string' ? metrics : null,
  };
  output.report(
    `An \`up\` is running here already (process ${running?.owner.pid}, since ${running?.since}).`,
  );
  output.result(document, upText(document));
}

function upText({ database, temporal, namespace, ui, billing, worker, metrics }: UpDocument): string[] {
  return [
    'revsync is up. Ctrl-C stops everything.',
    `  Temporal UI  ${ui ?? 'where your Temporal has it'}`,
    `  Temporal     ${temporal} (${namespace})`,
    `  PostgreSQL   ${database.replace(/:[^:@/]*@/, ':...@')}`,
    `  Billing      ${billing}`,
    `  worker       process ${worker}`,
    `  metrics      ${metrics ?? 'none'}`,
    'In another terminal: npm run -s revsync -- sync run',
  ];
}
