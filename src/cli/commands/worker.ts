import { type Command, InvalidArgumentError } from 'commander';

import { RevsyncError } from '../../domain/errors.ts';
import { parseQueues, WORKER_QUEUES, type WorkerQueue } from '../../domain/operator/task-queues.ts';
import { findRunning } from '../../servers/server-record.ts';
import { openOutput } from '../output.ts';
import { closeLater, type Ground, openGround, openWorker, openServers } from '../session.ts';
import type { WorkerReady } from '../supervised-worker.ts';

/** `revsync worker`: the worker alone, for servers that are there already. */
export function registerWorker(program: Command): void {
  program
    .command('worker')
    .description('Run a worker against the servers of a running `up`, or those of the environment.')
    .option('--queues <list>', `some of ${WORKER_QUEUES.join(', ')}; else REVSYNC_WORKER_QUEUES`, queueList)
    .option('--json', 'print one JSON document once it works')
    .action(async ({ json = false, queues: asked }: { json?: boolean; queues?: WorkerQueue[] }) => {
      const output = openOutput(json);
      const ground = await openGround(output);
      const url = await billingUrl(ground);
      const closing = closeLater(output, () => 0);
      closing.add(async () => ground.tracing?.stop());
      try {
        const servers = await openServers(ground, closing, { database: true, temporal: true });
        const queues = asked ?? ground.configuration.REVSYNC_WORKER_QUEUES;
        const worker = await openWorker(ground, {
          databaseUrl: servers.database,
          temporal: servers.temporal,
          url,
          queues,
          endpoint: ground.configuration.REVSYNC_HTTP_ADDRESS,
        });
        closing.add(() => worker.stop());
        const { metrics } = worker;
        const { address, namespace } = servers.temporal;
        output.result(
          { temporal: address, namespace, queues, billing: url, worker: process.pid, metrics },
          `Working for ${address} (${namespace}) on ${queues.join(', ')}; Ctrl-C stops it.`,
        );
        // Started by an `up`: ready for it, and gone when it is, even killed.
        process.send?.({ metrics } satisfies WorkerReady);
        process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
        await worker.ended;
      } finally {
        await closing.now();
      }
    });
}

function queueList(list: string): WorkerQueue[] {
  const queues = parseQueues(list);
  if (queues !== null) return queues;
  throw new InvalidArgumentError(`It has to be some of ${WORKER_QUEUES.join(', ')}, with commas between.`);
}

/** Looked for before anything is started: without a Billing there is nothing to start for. */
async function billingUrl({ configuration, state }: Ground): Promise<string> {
  const published = (await findRunning(state))?.extra['billing'];
  const url = configuration.ZUORA_BASE_URL ?? (typeof published === 'string' ? published : undefined);
  if (url === undefined) throw nothingToWorkFor();
  return url;
}

function nothingToWorkFor(): RevsyncError {
  return new RevsyncError('No `up` is running here, and ZUORA_BASE_URL is not set.', {
    code: 'BILLING_UNKNOWN',
    fate: 'fix-input',
    remedy: 'Start `revsync up`, or set ZUORA_BASE_URL, DATABASE_URL and TEMPORAL_ADDRESS.',
  });
}
