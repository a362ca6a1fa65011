import { Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';

import { freePort } from '../src/servers/ports.ts';
import { sdkLogger } from '../src/telemetry/log.ts';

const TRIES = 5;

/** Answers the metrics of Temporal's SDK, as Prometheus reads them. */
export type SdkMetrics = () => Promise<string>;

let installed: Promise<SdkMetrics | null> | undefined;

/**
 * One logger and one runtime per process, whoever asks first; signals are the command line's business. The SDK serves
 * its metrics by itself: it does so where only this machine comes, and the worker's endpoint passes them on.
 */
export function installRuntime(log: Logger, withMetrics: boolean): Promise<SdkMetrics | null> {
  installed ??= install(log, withMetrics);
  return installed;
}

async function install(log: Logger, withMetrics: boolean, tries = 1): Promise<SdkMetrics | null> {
  const address = withMetrics ? `127.0.0.1:${await freePort()}` : null;
  try {
    Runtime.install({
      shutdownSignals: [],
      logger: sdkLogger(log),
      telemetryOptions: {
        logging: { filter: 'ERROR', forward: {} },
        ...(address === null ? {} : { metrics: { prometheus: { bindAddress: address } } }),
      },
    });
  } catch (error) {
    // Another process may have been quicker to take the port.
    if (address === null || tries === TRIES) throw error;
    return install(log, withMetrics, tries + 1);
  }
  return address === null ? null : () => readFrom(address);
}

async function readFrom(address: string): Promise<string> {
  const response = await fetch(`http://${address}/metrics`, { signal: AbortSignal.timeout(4_000) });
  return response.ok ? response.text() : '';
}
