import type { Client } from '@temporalio/client';

import type { Closing, Ground, OpenWorker } from './session.ts';
import { isServed } from './task-queue-pollers.ts';

/** How often it is looked whether the workers there are still there, in milliseconds. */
const LOOK_EVERY = 15_000;

/**
 * Sees to a worker for a command: those that serve this Temporal already, else one of the command's own, which would take
 * work of others, and leave it behind when it ends. Should those go while the command waits, it brings one after all.
 *
 * @returns whether the worker is the command's own
 */
export async function workerForCommand(
  { configuration, output }: Ground,
  closing: Closing,
  { client, namespace }: { readonly client: Client; readonly namespace: string },
  open: () => Promise<OpenWorker>,
): Promise<boolean> {
  const { TEMPORAL_ADDRESS, ZUORA_BASE_URL, REVSYNC_TASK_QUEUE: base } = configuration;
  const served = (): Promise<boolean> => isServed({ client, namespace, base });
  // A Temporal or a Billing of the command's own has no other workers.
  if (TEMPORAL_ADDRESS === undefined || ZUORA_BASE_URL === undefined || !(await served())) {
    const worker = await open();
    closing.add(() => worker.stop());
    return true;
  }
  output.report('Workers serve this Temporal already; they do it.');
  const replacing = whenGone(served, async () => {
    output.report('The workers there are gone; this command brings one of its own.');
    return open();
  });
  closing.add(() => replacing.stop());
  return false;
}

/** Looks every now and then until they are gone, and opens a worker then, once. */
function whenGone(served: () => Promise<boolean>, open: () => Promise<OpenWorker>): Pick<OpenWorker, 'stop'> {
  let worker: OpenWorker | undefined;
  let stopped = false;
  let looking = Promise.resolve();
  const look = async (): Promise<void> => {
    if (stopped || worker !== undefined || (await served()) || stopped) return;
    worker = await open();
  };
  // One that does not start is tried again with the next look.
  const timer = setInterval(() => {
    looking = looking.then(look).catch(() => undefined);
  }, LOOK_EVERY);
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await looking;
      await worker?.stop();
    },
  };
}
