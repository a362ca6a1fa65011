import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { ClientOptions } from '@temporalio/client';
import type { WorkerOptions } from '@temporalio/worker';

import { within } from './kept.ts';

const WORKFLOW_TRACING = ['ts', 'js']
  .map((ending) => join(import.meta.dirname, `workflow-tracing.${ending}`))
  .find((file) => existsSync(file)) as string;

/** What a process that stops waits for its last spans, in milliseconds. */
const PATIENCE = 3_000;

export interface TracingOptions {
  /** The collector's address, as OTEL_EXPORTER_OTLP_ENDPOINT has it: without `/v1/traces`. */
  readonly endpoint: string;
  readonly serviceName: string;
  readonly version: string;
  /** Takes secrets out of text. */
  readonly redact: (text: string) => string;
}

/** Traces that are on. */
export interface Tracing {
  /** What a client of Temporal is made with. */
  readonly client: Pick<ClientOptions, 'interceptors'>;
  /** Files of the interceptors that workflow code is bundled with. */
  readonly workflowInterceptors: readonly string[];
  /** Adds what a worker needs, around the interceptors that it has. */
  readonly worker: (options: WorkerOptions) => WorkerOptions;
  /** Sends what was not sent yet. A collector that does not answer is not waited for. */
  stop(): Promise<void>;
}

/**
 * Turns traces on, or answers null where no collector is configured: then nothing of OpenTelemetry is loaded. Spans
 * wait in a bounded queue and are dropped when the collector is down; work never waits for it.
 */
export async function startTracing({
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_SERVICE_NAME: serviceName,
  ...others
}: {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  readonly OTEL_SERVICE_NAME: string;
} & Pick<TracingOptions, 'version' | 'redact'>): Promise<Tracing | null> {
  if (endpoint === undefined) return null;
  const { openTelemetry } = await import('./open-telemetry.ts');
  const { plugin, shutdown } = openTelemetry({ endpoint, serviceName, ...others });
  return {
    client: { interceptors: plugin.configureClient({}).interceptors ?? {} },
    workflowInterceptors: [WORKFLOW_TRACING],
    worker: (options) => {
      // Outermost, so that a span ends with the failure that Temporal sees, whose text is ours.
      const { interceptors, ...rest } = options;
      const traced = plugin.configureWorker(rest);
      const activity = [...(traced.interceptors?.activity ?? []), ...(interceptors?.activity ?? [])];
      return { ...traced, interceptors: { ...traced.interceptors, activity } };
    },
    stop: () => within(PATIENCE, shutdown()).catch(() => undefined),
  };
}
