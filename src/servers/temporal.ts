import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { reasonOf, RevsyncError } from '../domain/errors.ts';
import { endLeftBehind, recordOwned } from './owned-process.ts';
import { freePorts, isListening, requireFreePort } from './ports.ts';
import type { Signals } from './process-identity.ts';
import { type Report, tookSince } from './report.ts';
import type { SearchAttributes } from './search-attribute-errors.ts';
import { registerSearchAttributes } from './search-attributes.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';
import type { StateFolder } from './state-folder.ts';

export interface RunningTemporal {
  /** Host and port of the gRPC frontend. */
  readonly address: string;
  readonly namespace: string;
  /** Address of the web interface. */
  readonly ui: string;
  readonly ports: { readonly grpc: number; readonly ui: number };
  readonly pid: number;
  readonly startTime: string;
  /** Settles when the server has ended, whoever ended it. */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

export interface TemporalOptions {
  /** Path of the CLI, from `resolveTemporalCli`. */
  readonly cli: string;
  readonly state: StateFolder;
  readonly report: Report;
  readonly searchAttributes: SearchAttributes;
  readonly namespace?: string;
  /** On 127.0.0.1; free ones when left out. */
  readonly ports?: { readonly grpc?: number; readonly ui?: number };
}

export const TEMPORAL_SIGNALS: Signals = [
  ['SIGTERM', 15_000],
  ['SIGKILL', 5_000],
];

const STARTS = 3;
const PATIENCE = 120_000;

/**
 * Starts Temporal's development server with its web interface on the database file of this state folder.
 * One that a killed revsync left behind is ended first.
 *
 * @throws RevsyncError `PORT_TAKEN`, `STATE_FOLDER_IN_USE`, `TEMPORAL_START_FAILED` (all fix-input)
 */
export async function startTemporal(options: TemporalOptions): Promise<RunningTemporal> {
  const { state, report, namespace = 'default', ports = {}, searchAttributes } = options;
  const start = performance.now();
  const record = join(state.dir, 'temporal-process.json');
  for (let attempt = 1; ; attempt += 1) {
    await endLeftBehind(record, { what: 'Temporal', signals: TEMPORAL_SIGNALS, report });
    const [grpc, web] = await choosePorts(ports);
    const server = await launch({ ...options, namespace }, grpc, web, record);
    const address = `127.0.0.1:${grpc}`;
    const problem = await whyNotReady(server, [grpc, web], { address, namespace, searchAttributes });
    if (problem === null) {
      report(`Temporal: listens on port ${grpc}, its web interface on ${web} (${tookSince(start)})`);
      const { pid, startTime, exited } = server;
      const ui = `http://127.0.0.1:${web}`;
      const used = { grpc, ui: web };
      return { address, namespace, ui, ports: used, pid, startTime, exited, stop: () => server.stop() };
    }
    await server.stop();
    // It listens on ports of its own besides ours, and gives up where the machine is slow: what it says of that has many words.
    if (!problem.ended || attempt === STARTS) throw startFailed(problem.text, logOf(state));
    await sleep(500);
  }
}

async function choosePorts(ports: { grpc?: number; ui?: number }): Promise<[number, number]> {
  const [first = 0, second = 0] = await freePorts(2);
  return [
    ports.grpc === undefined ? first : await requireFreePort(ports.grpc, 'Temporal'),
    ports.ui === undefined ? second : await requireFreePort(ports.ui, "Temporal's web interface"),
  ];
}

function launch(
  { cli, state, namespace, searchAttributes }: TemporalOptions & { namespace: string },
  grpc: number,
  web: number,
  record: string,
): Promise<ServerProcess> {
  const flags = {
    'db-filename': join(state.dir, 'temporal.db'),
    namespace,
    ip: '127.0.0.1',
    port: String(grpc),
    'ui-port': String(web),
    'log-level': 'error',
  };
  const attributes = Object.entries(searchAttributes).map(
    ([name, type]) => `--search-attribute=${name}=${type}`,
  );
  return startServerProcess({
    file: cli,
    args: [
      'server',
      'start-dev',
      ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
      ...attributes,
    ],
    // Its home is the state folder: a person's own profile for the CLI must not reach the server.
    env: { PATH: process.env['PATH'], HOME: state.dir, TZ: 'UTC' },
    cwd: state.dir,
    user: null,
    logFile: logOf(state),
    signals: TEMPORAL_SIGNALS,
    onSpawn: (identity) => recordOwned(record, identity),
  });
}

/** Waits until workflows can be started; when the server ended before that, the text is its own. */
async function whyNotReady(
  server: ServerProcess,
  ports: readonly number[],
  target: { address: string; namespace: string; searchAttributes: SearchAttributes },
): Promise<{ readonly text: string; readonly ended: boolean } | null> {
  let ended = false;
  void server.exited.then(() => (ended = true));
  let last: unknown;
  for (const deadline = Date.now() + PATIENCE; Date.now() < deadline; await sleep(25)) {
    if (ended) return { text: lastLines(await server.logged()), ended };
    // Asked first, because a gRPC connection that is refused waits a second before it tries again.
    if ((await Promise.all(ports.map(isListening))).includes(false)) continue;
    try {
      await registerSearchAttributes(target);
      return null;
    } catch (error) {
      last = error; // listening, but not ready
    }
  }
  return { text: `it did not become ready: ${reasonOf(last)}`, ended };
}

const lastLines = (log: string): string => log.trim().split('\n').slice(-3).join(' ') || 'it said nothing';

const logOf = (state: StateFolder): string => join(state.dir, 'logs', 'temporal.log');

function startFailed(problem: string, logFile: string): RevsyncError {
  return new RevsyncError(`Temporal did not start: ${problem}`, {
    code: 'TEMPORAL_START_FAILED',
    fate: 'fix-input',
    remedy: `Mend what the message says (more in ${logFile}), or set TEMPORAL_ADDRESS to a server that runs.`,
  });
}
