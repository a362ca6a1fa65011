import { join } from 'node:path';

import { RevsyncError } from '../domain/errors.ts';
import { startEmbedded } from './embedded-servers.ts';
import { endOrphans } from './end-orphans.ts';
import { acquireLock } from './lock.ts';
import { identify, type ProcessIdentity, thisProcess } from './process-identity.ts';
import { type Environment, type Report, setting, tookSince } from './report.ts';
import type { SearchAttributes } from './search-attribute-errors.ts';
import { findRunning, removeServerRecord, type ServerRecord, writeServerRecord } from './server-record.ts';
import type { StateFolder } from './state-folder.ts';

export interface TemporalTarget {
  /** Host and port of the gRPC frontend. */
  readonly address: string;
  readonly namespace: string;
  /** Address of the web interface; null when only the operator of the server knows it. */
  readonly ui: string | null;
}

export interface Wanted {
  readonly database: boolean;
  readonly temporal: boolean;
}

export interface ServersOptions<Want extends Wanted = Wanted> {
  readonly state: StateFolder;
  readonly env: Environment;
  readonly report: Report;
  readonly want: Want;
  /** `up` stays, and others may use it once it has published; a `command` is alone with what it starts. */
  readonly role: 'up' | 'command';
  readonly searchAttributes: SearchAttributes;
  /** Of embedded servers, on 127.0.0.1; free ones where left out. */
  readonly ports?: { readonly database?: number; readonly temporal?: number; readonly ui?: number };
}

type Part<IsWanted extends boolean, Value> = IsWanted extends true ? Value : null;

export interface Servers<Want extends Wanted = Wanted> {
  /** URL of the database, with its password. */
  readonly database: Part<Want['database'], string>;
  readonly temporal: Part<Want['temporal'], TemporalTarget>;
  /** The `up` that these belong to, when they were running already; `extra` is what it published. */
  readonly running: ServerRecord | null;
  /** Lets other commands use these servers, and tells them what else there is; for an `up` of our own. */
  publish(extra: Readonly<Record<string, unknown>>): void;
  /** Records a process of the caller's, so that it is ended should this process be killed. */
  own(kind: string, pid: number): void;
  /** Stops what was started here, once, however often it is called. */
  stop(): Promise<void>;
}

/**
 * Provides the servers: those that `DATABASE_URL` and `TEMPORAL_ADDRESS` name, else those of an `up` that
 * runs in this state folder, else new ones. New ones are started under the state folder's lock: a second
 * command waits for the first, or until the first turns out to be an `up` that it can use.
 *
 * @throws RevsyncError `STATE_FOLDER_IN_USE` (fix-input) when an `up` runs with other settings, and whatever
 *   finding and starting a server throws
 */
export async function startServers<const Want extends Wanted>(
  options: ServersOptions<Want>,
): Promise<Servers<Want>> {
  return (await provide(options)) as Servers<Want>;
}

async function provide(options: ServersOptions): Promise<Servers> {
  const { state, report, role, want } = options;
  const given = givenServers(options);
  const waiting = ({ pid }: ProcessIdentity): void =>
    report(`Process ${pid} uses the servers of ${state.dir}; waiting for it ...`);
  const upIsReady = async (): Promise<boolean> => (await findRunning(state)) !== null;

  for (;;) {
    const running = await findRunning(state);
    if (running !== null && fits(given, running, want)) return attached(running, want);
    if (role === 'command' && !given.needs.database && !given.needs.temporal) return standing(given);
    if (running !== null) throw inUse(state, running);

    const release = await acquireLock(join(state.dir, 'servers.lock'), { waiting, giveUp: upIsReady });
    if (release !== null) return startUnderLock(options, given, release);
  }
}

interface Given {
  readonly database: string | null;
  readonly temporal: TemporalTarget | null;
  /** What is wanted and was not given. */
  readonly needs: Wanted;
}

function givenServers({ env, want }: ServersOptions): Given {
  const database = setting(env, 'DATABASE_URL');
  const address = setting(env, 'TEMPORAL_ADDRESS');
  const namespace = setting(env, 'TEMPORAL_NAMESPACE') ?? 'default';
  const temporal = address === null ? null : { address, namespace, ui: setting(env, 'TEMPORAL_UI_URL') };
  return {
    database: want.database ? database : null,
    temporal: want.temporal ? temporal : null,
    needs: { database: want.database && database === null, temporal: want.temporal && temporal === null },
  };
}

/** An `up` on another database or another Temporal is not the one that this command is meant for. */
function fits({ database, temporal }: Given, running: ServerRecord, want: Wanted): boolean {
  const sameDatabase = database === null || database === running.database;
  const sameTemporal = temporal === null || temporal.address === running.temporal?.address;
  const complete =
    (!want.database || running.database !== null) && (!want.temporal || running.temporal !== null);
  return sameDatabase && sameTemporal && complete;
}

function attached(running: ServerRecord, want: Wanted): Servers {
  const database = want.database ? running.database : null;
  const temporal = want.temporal ? running.temporal : null;
  return { ...standing({ database, temporal }), running };
}

/** Servers that are not ours to record or to stop. */
function standing({ database, temporal }: Pick<Servers, 'database' | 'temporal'>): Servers {
  return { database, temporal, running: null, publish: () => {}, own: () => {}, stop: async () => {} };
}

async function startUnderLock(
  options: ServersOptions,
  given: Given,
  release: () => Promise<void>,
): Promise<Servers> {
  const { state, report, ports = {} } = options;
  const record = keepRecord(options, given);
  let stopped: Promise<void> | null = null;
  try {
    await endOrphans(state, report);
    const { needs } = given;
    const embedded = await startEmbedded({ ...options, ports, needs, started: record.remember });
    const database = given.database ?? embedded.database;
    const temporal = given.temporal ?? embedded.temporal;
    record.change({ database, temporal });

    const stop = async (): Promise<void> => {
      const start = performance.now();
      await embedded.stop();
      removeServerRecord(state);
      await release();
      if (needs.database || needs.temporal) report(`Stopped the servers (${tookSince(start)})`);
    };
    return {
      database,
      temporal,
      running: null,
      publish: (extra) => record.change({ published: true, extra }),
      own: (kind, pid) => record.remember(kind, identify(pid)),
      stop: () => (stopped ??= stop()),
    };
  } catch (error) {
    removeServerRecord(state);
    await release();
    throw error;
  }
}

/** The record of what this process started, written anew with every change. */
function keepRecord({ state, role }: ServersOptions, { database, temporal }: Given) {
  let record: ServerRecord = {
    owner: thisProcess(),
    role,
    published: false,
    since: new Date().toISOString(),
    database,
    temporal,
    processes: [],
    extra: {},
  };
  const change = (changed: Partial<ServerRecord>): void => {
    record = { ...record, ...changed };
    writeServerRecord(state, record);
  };
  const remember = (kind: string, process: ProcessIdentity | null): void => {
    const others = record.processes.filter((known) => known.kind !== kind);
    const { pid, startTime } = process ?? { pid: 0, startTime: '' };
    change({ processes: process === null ? others : [...others, { kind, pid, startTime }] });
  };
  return { change, remember };
}

function inUse(state: StateFolder, { owner }: ServerRecord): RevsyncError {
  return new RevsyncError(
    `Process ${owner.pid} runs revsync in ${state.dir} with another database or Temporal.`,
    {
      code: 'STATE_FOLDER_IN_USE',
      fate: 'fix-input',
      remedy: 'Use the same DATABASE_URL and TEMPORAL_ADDRESS, stop that process, or set REVSYNC_STATE_DIR.',
      context: { pid: owner.pid },
    },
  );
}
