import { keepRunning } from './keep-running.ts';
import { startPostgres } from './postgres.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { type Environment, type Report, setting } from './report.ts';
import type { SearchAttributes } from './search-attribute-errors.ts';
import type { StateFolder } from './state-folder.ts';
import { resolveTemporalCli } from './temporal-cli.ts';
import { type RunningTemporal, startTemporal } from './temporal.ts';

export interface EmbeddedOptions {
  readonly state: StateFolder;
  readonly env: Environment;
  readonly report: Report;
  readonly needs: { readonly database: boolean; readonly temporal: boolean };
  readonly searchAttributes: SearchAttributes;
  /** On 127.0.0.1; free ones where left out. */
  readonly ports: { readonly database?: number; readonly temporal?: number; readonly ui?: number };
  /** Told of every process that is started, also when it is one in place of another that ended. */
  readonly started: (kind: 'postgres' | 'temporal', process: ProcessIdentity) => void;
}

export interface EmbeddedServers {
  readonly database: string | null;
  readonly temporal: { readonly address: string; readonly namespace: string; readonly ui: string } | null;
  stop(): Promise<void>;
}

/** Starts what is needed, both at once; when one cannot be started, the other is stopped again. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServers> {
  const starts = await Promise.allSettled([
    options.needs.database ? startDatabase(options) : null,
    options.needs.temporal ? startWorkflows(options) : null,
  ]);
  const stop = async (): Promise<void> => {
    await Promise.all(starts.map(async (start) => start.status === 'fulfilled' && start.value?.stop()));
  };
  const [database, temporal] = starts;
  if (database.status === 'rejected' || temporal.status === 'rejected') {
    await stop();
    throw starts.find((start) => start.status === 'rejected')?.reason;
  }
  return {
    database: database.value?.first.url ?? null,
    temporal: temporal.value === null ? null : targetOf(temporal.value.first),
    stop,
  };
}

function targetOf({ address, namespace, ui }: RunningTemporal): EmbeddedServers['temporal'] {
  return { address, namespace, ui };
}

function startDatabase({ state, report, ports, started }: EmbeddedOptions) {
  return keepRunning({
    what: 'PostgreSQL',
    start: (before: { port: number } | null) => {
      const port = before?.port ?? ports.database;
      return startPostgres({ state, report, ...(port !== undefined && { port }) });
    },
    started: (postgres) => started('postgres', postgres),
    report,
  });
}

async function startWorkflows({ state, env, report, searchAttributes, ports, started }: EmbeddedOptions) {
  const cli = await resolveTemporalCli({ env, state, report });
  const namespace = setting(env, 'TEMPORAL_NAMESPACE') ?? 'default';
  const firstPorts = {
    ...(ports.temporal !== undefined && { grpc: ports.temporal }),
    ...(ports.ui !== undefined && { ui: ports.ui }),
  };
  return keepRunning({
    what: 'Temporal',
    start: (before: { ports: { grpc: number; ui: number } } | null) =>
      startTemporal({ cli, state, report, searchAttributes, namespace, ports: before?.ports ?? firstPorts }),
    started: (temporal) => started('temporal', temporal),
    report,
  });
}
