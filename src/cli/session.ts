import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import type { Client } from '@temporalio/client';
import pino, { type Logger } from 'pino';

import { type RunningWorker, startWorker } from '../../workers/main.ts';
import { exportQuery } from '../billing/aqua/export-query.ts';
import { headerTarget } from '../billing/aqua/header.ts';
import * as dataQuery from '../billing/data-query/queries.ts';
import { SEARCH_ATTRIBUTES } from '../domain/operator/search-attributes.ts';
import type { ServerRecord } from '../servers/server-record.ts';
import { type Servers, startServers, type Wanted } from '../servers/servers.ts';
import { openStateFolder, type StateFolder } from '../servers/state-folder.ts';
import { stopOnSignals } from '../servers/stop-on-signals.ts';
import { type BillingAccess, openBilling, statefulMode } from './billing-access.ts';
import { type Configuration, readConfiguration } from './configuration.ts';
import { type CommandDatabase, connectAsWorker, connectForCommand, migrate } from './database.ts';
import type { Output } from './output.ts';
import { startDemoSandbox } from './sandbox.ts';
import { connectTemporal, temporalAccess } from './temporal-access.ts';
import { requireWorkerLogin } from './worker-login.ts';

/** What a worker that stops waits for connections still in use, in milliseconds. */
const PATIENCE = 5_000;

const DECIDES_ANYWAY =
  'a decision on held lines is kept with --no-collect, and the next collection acts on it';

const PROJECT = join(import.meta.dirname, '..', '..');

/** What a command works with; whatever it does not ask for is not started. */
export interface Session {
  readonly configuration: Configuration;
  readonly state: StateFolder;
  readonly output: Output;
  readonly log: Logger;
  /** Open as whoever the user is to the database: readers see their organisations only. */
  readonly database: CommandDatabase;
  readonly databaseUrl: string;
}

/** A session that can also run workflows. */
export interface WorkflowSession extends Session {
  readonly temporal: Client;
  readonly address: string;
  readonly ui: string | null;
  readonly billing: BillingAccess;
  /** The worker is this command's own and ends with it. */
  readonly own: boolean;
}

const openLog = ({ REVSYNC_LOG_LEVEL: level }: Configuration): Logger =>
  pino({ level, redact: ['*.clientSecret', '*.password', '*.apiKey'] }, pino.destination(2));

export interface Ground {
  readonly configuration: Configuration;
  readonly state: StateFolder;
  readonly output: Output;
  readonly log: Logger;
}

/** Configuration, state folder and log: what every command stands on. */
export async function openGround(output: Output): Promise<Ground> {
  const configuration = readConfiguration(process.env);
  const state = await openStateFolder({ env: process.env, projectRoot: PROJECT, report: output.report });
  return { configuration, state, output, log: openLog(configuration) };
}

/** The servers a command wants: those given or running, else its own until `closing`. */
export async function openServers<const Want extends Wanted>(
  { state, output }: Ground,
  closing: Closing,
  want: Want,
  role: 'up' | 'command' = 'command',
): Promise<Servers<Want>> {
  const servers = await startServers({
    state,
    env: process.env,
    report: output.report,
    role,
    want,
    searchAttributes: SEARCH_ATTRIBUTES,
  });
  closing.add(() => servers.stop());
  return servers;
}

/** Runs `work` with a database: that of a running `up`, of `DATABASE_URL`, or an embedded one for the while. */
export async function withDatabase<Result>(
  output: Output,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const ground = await openGround(output);
  const closing = closeLater(output);
  try {
    const servers = await openServers(ground, closing, { database: true, temporal: false });
    if (ownsDatabase(ground)) await migrate(servers.database);
    const database = await connectForCommand(servers.database);
    closing.add(() => database.db.destroy());
    return await work({ ...ground, database, databaseUrl: servers.database });
  } finally {
    await closing.now();
  }
}

/** Only the embedded database is migrated unasked; another one by `revsync migrate`. */
const ownsDatabase = ({ configuration }: Ground): boolean => configuration.DATABASE_URL === undefined;

/**
 * Runs `work` with everything a workflow needs: the servers, Billing (or the sandbox) and a worker: those
 * of a running `up`, else its own for the while.
 */
export async function withWorkflows<Result>(
  output: Output,
  work: (session: WorkflowSession) => Promise<Result>,
): Promise<Result> {
  const ground = await openGround(output);
  await requireWorkerLogin(ground.configuration, { operators: DECIDES_ANYWAY });
  const closing = closeLater(output);
  try {
    const servers = await openServers(ground, closing, { database: true, temporal: true });
    if (ownsDatabase(ground)) await migrate(servers.database);
    const database = await connectForCommand(servers.database);
    closing.add(() => database.db.destroy());

    const billing = await billingOf(ground, servers.running, closing);
    const temporal = await connectTemporal(temporalAccess(servers.temporal, ground.configuration));
    closing.add(() => temporal.connection.close());
    if (servers.running === null) {
      const worker = await openWorker(ground, {
        databaseUrl: servers.database,
        temporal: servers.temporal,
        url: billing.url,
      });
      closing.add(() => worker.stop());
    }
    return await work({
      ...ground,
      database,
      databaseUrl: servers.database,
      temporal,
      address: servers.temporal.address,
      ui: servers.temporal.ui,
      billing,
      own: servers.running === null,
    });
  } finally {
    await closing.now();
  }
}

/** A session that can also ask Billing, and runs no workflow. */
export interface BillingSession extends Session {
  readonly billing: BillingAccess;
}

/** Runs `work` with a database and Billing (or the sandbox): what it learns there it may record. */
export async function withBilling<Result>(
  output: Output,
  work: (session: BillingSession) => Promise<Result>,
): Promise<Result> {
  const ground = await openGround(output);
  await requireWorkerLogin(ground.configuration);
  const closing = closeLater(output);
  try {
    const servers = await openServers(ground, closing, { database: true, temporal: false });
    if (ownsDatabase(ground)) await migrate(servers.database);
    const database = await connectForCommand(servers.database);
    closing.add(() => database.db.destroy());
    const billing = await billingOf(ground, servers.running, closing);
    return await work({ ...ground, database, databaseUrl: servers.database, billing });
  } finally {
    await closing.now();
  }
}

/** The Billing of the environment, else that of the `up` that runs here, else a sandbox for the while. */
async function billingOf(
  ground: Ground,
  running: ServerRecord | null,
  closing: Closing,
): Promise<BillingAccess> {
  const published = running?.extra['billing'];
  const url =
    ground.configuration.ZUORA_BASE_URL ??
    (typeof published === 'string' ? published : await ownSandbox(ground, closing));
  const billing = openBilling(url, ground.configuration);
  closing.add(() => billing.billing.close());
  return billing;
}

async function ownSandbox({ output }: Ground, closing: Closing): Promise<string> {
  const sandbox = await startDemoSandbox(output.report);
  closing.add(() => sandbox.stop());
  return sandbox.url;
}

export interface WorkerTarget {
  readonly databaseUrl: string;
  readonly temporal: { readonly address: string; readonly namespace: string };
  /** Where Billing answers. */
  readonly url: string;
}

/** A worker in this process. */
export async function openWorker(ground: Ground, target: WorkerTarget): Promise<RunningWorker> {
  const { configuration, state, log } = ground;
  const { pool, db } = connectAsWorker(target.databaseUrl);
  const { billing, windowPolicy } = openBilling(target.url, configuration);
  const close = async (): Promise<void> => {
    await billing.close();
    // A statement that waits for a lock may keep its connection for hours; the process ends without it.
    await Promise.race([db.destroy(), setTimeout(PATIENCE)]);
  };
  try {
    const worker = await startWorker({
      temporal: temporalAccess(target.temporal, configuration),
      taskQueue: configuration.REVSYNC_TASK_QUEUE,
      cacheDir: state.cacheDir,
      log,
      dependencies: {
        pool,
        db,
        billing: (entityId, trackId) => billing.forEntity(entityId).withTrackId(trackId),
        aqua: { exportQuery, headerTarget },
        dataQuery,
        stateful: statefulMode(configuration),
        tenant: {
          tenant: configuration.REVSYNC_TENANT,
          tenantName: configuration.REVSYNC_TENANT_NAME ?? null,
        },
        windowPolicy,
        openPeriod: configuration.REVSYNC_OPEN_PERIOD ?? null,
        now: Date.now,
      },
    });
    return {
      ended: worker.ended,
      async stop() {
        await worker.stop();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

export interface Closing {
  add(close: () => Promise<unknown>): void;
  /** Closes in reverse order, once; a part that fails does not keep the others open. */
  now(): Promise<void>;
}

/** Collects what has to be closed, and closes it at the end or when the process is asked to stop. */
export function closeLater(output: Output, exitCode?: () => number): Closing {
  const parts: (() => Promise<unknown>)[] = [];
  let closed: Promise<void> | undefined;
  const closeAll = async (): Promise<void> => {
    for (const close of parts.toReversed()) {
      await close().catch((error: unknown) => output.report(`While stopping: ${String(error)}`));
    }
  };
  const now = (): Promise<void> => (closed ??= closeAll());
  const forget = stopOnSignals(now, {
    report: output.report,
    ...(exitCode === undefined ? {} : { exitCode }),
  });
  return {
    add: (close) => void parts.push(close),
    async now() {
      await now();
      forget();
    },
  };
}
