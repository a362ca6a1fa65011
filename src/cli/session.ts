import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';

import { startWorker } from '../../workers/main.ts';
import { exportQuery } from '../billing/aqua/export-query.ts';
import { headerTarget } from '../billing/aqua/header.ts';
import * as dataQuery from '../billing/data-query/queries.ts';
import { SEARCH_ATTRIBUTES } from '../domain/operator/search-attributes.ts';
import { WORKER_QUEUES, type WorkerQueue } from '../domain/operator/task-queues.ts';
import { createNotifier } from '../notices/webhook.ts';
import type { ServerRecord } from '../servers/server-record.ts';
import { type Servers, startServers, type Wanted } from '../servers/servers.ts';
import { openStateFolder, type StateFolder } from '../servers/state-folder.ts';
import { stopOnSignals } from '../servers/stop-on-signals.ts';
import { activitySeconds } from '../telemetry/activity-seconds.ts';
import { type BillingAccess, openBilling, statefulMode } from './billing-access.ts';
import { type Configuration, readConfiguration } from './configuration.ts';
import {
  type CommandDatabase,
  connectAsWorker,
  connectForCommand,
  migrate,
  WORKER_CONNECTIONS,
  requireMigrated,
} from './database.ts';
import type { Output } from './output.ts';
import { startDemoSandbox } from './sandbox.ts';
import { passingIdentity } from './task-queue-pollers.ts';
import { openTelemetry, type Telemetry } from './telemetry.ts';
import { connectTemporal, temporalAccess } from './temporal-access.ts';
import { openWorkerEndpoint } from './worker-endpoint.ts';
import { requireWorkerLogin } from './worker-login.ts';
import { workerForCommand } from './worker-of-command.ts';

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

export interface Ground extends Telemetry {
  readonly configuration: Configuration;
  readonly state: StateFolder;
  readonly output: Output;
}

/** Configuration, state folder and log: what every command stands on. */
export async function openGround(output: Output): Promise<Ground> {
  const configuration = readConfiguration(process.env);
  const state = await openStateFolder({ env: process.env, projectRoot: PROJECT, report: output.report });
  return { configuration, state, output, ...(await openTelemetry(configuration)) };
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

/** Commands migrate only the embedded database unasked; another one is for `revsync up` or `revsync migrate`. */
const ownsDatabase = ({ configuration }: Ground): boolean => configuration.DATABASE_URL === undefined;

/**
 * Runs `work` with everything a workflow needs: the servers, Billing (or the sandbox) and a worker: those
 * of a running `up`, those that serve an external Temporal, else its own for the while.
 */
export async function withWorkflows<Result>(
  output: Output,
  work: (session: WorkflowSession) => Promise<Result>,
): Promise<Result> {
  const ground = await openGround(output);
  await requireWorkerLogin(ground.configuration, { operators: DECIDES_ANYWAY });
  const closing = closeLater(output);
  closing.add(async () => ground.tracing?.stop());
  try {
    const servers = await openServers(ground, closing, { database: true, temporal: true });
    if (ownsDatabase(ground)) await migrate(servers.database);
    const database = await connectForCommand(servers.database);
    closing.add(() => database.db.destroy());

    const billing = await billingOf(ground, servers.running, closing);
    const temporal = await connectTemporal(
      temporalAccess(servers.temporal, ground.configuration),
      ground.tracing,
    );
    closing.add(() => temporal.connection.close());
    const own =
      servers.running === null &&
      (await workerForCommand(
        ground,
        closing,
        { client: temporal, namespace: servers.temporal.namespace },
        () =>
          openWorker(ground, {
            databaseUrl: servers.database,
            temporal: servers.temporal,
            url: billing.url,
            passing: true,
          }),
      ));
    return await work({
      ...ground,
      database,
      databaseUrl: servers.database,
      temporal,
      address: servers.temporal.address,
      ui: servers.temporal.ui,
      billing,
      own,
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
  /** The queues it serves; all of them where left out, as for the worker of a single command. */
  readonly queues?: readonly WorkerQueue[];
  /** Where it tells of itself; nowhere where left out, as for the worker of a single command. */
  readonly endpoint?: string | undefined;
  /** It ends with a command, so that others do not count on it. */
  readonly passing?: boolean;
}

export interface OpenWorker {
  readonly ended: Promise<void>;
  /** Where its metrics are, or null. */
  readonly metrics: string | null;
  stop(): Promise<void>;
}

/** A worker in this process. */
export async function openWorker(ground: Ground, target: WorkerTarget): Promise<OpenWorker> {
  const { configuration, state, log, tracing } = ground;
  const { endpoint: address, databaseUrl } = target;
  const measured = activitySeconds();
  const { pool, db } = connectAsWorker(target.databaseUrl);
  const { billing, windowPolicy } = openBilling(target.url, configuration);
  const close = async (): Promise<void> => {
    await billing.close();
    // A statement that waits for a lock may keep its connection for hours; the process ends without it.
    await Promise.race([db.destroy(), setTimeout(PATIENCE)]);
  };
  try {
    await requireMigrated(db);
    // Before it polls: a worker whose address is taken would leave work behind.
    const endpoint =
      address === undefined
        ? null
        : await openWorkerEndpoint(address, { configuration, databaseUrl, measured: measured.read, log });
    const worker = await startWorker({
      temporal: temporalAccess(target.temporal, configuration),
      taskQueue: configuration.REVSYNC_TASK_QUEUE,
      queues: target.queues ?? WORKER_QUEUES,
      databaseConnections: WORKER_CONNECTIONS,
      cacheDir: state.cacheDir,
      log,
      ...(target.passing === true ? { identity: passingIdentity() } : {}),
      telemetry: { observe: measured.observe, sdkMetrics: address !== undefined, tracing },
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
        notify: createNotifier({
          webhook: configuration.REVSYNC_WEBHOOK_URL,
          escalation: configuration.REVSYNC_ESCALATION_URL,
        }),
        now: Date.now,
      },
    }).catch(async (error: unknown) => {
      await endpoint?.stop();
      throw error;
    });
    endpoint?.tellOf(worker);
    return {
      ended: worker.ended,
      metrics: endpoint === null ? null : `${endpoint.url}/metrics`,
      async stop() {
        await worker.stop();
        await endpoint?.stop();
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
