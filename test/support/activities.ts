import type { Info } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger } from '@temporalio/worker';

import { type Activities, createActivities } from '../../activities/activities.ts';
import type { Dependencies, Loops, Schedules } from '../../activities/dependencies.ts';
import type { ExportedFile } from '../../activities/export.ts';
import { failureInterceptor } from '../../activities/failure.ts';
import type { FinishedRun } from '../../activities/finish-run.ts';
import type { OpenedRun, OpenRunRequest } from '../../activities/open-run.ts';
import { exportQuery } from '../../src/billing/aqua/export-query.ts';
import { headerTarget } from '../../src/billing/aqua/header.ts';
import * as dataQuery from '../../src/billing/data-query/queries.ts';
import type { Billing } from '../../src/billing/port.ts';
import { connectBilling } from '../../src/billing/rest/billing.ts';
import { generateTenant } from '../../src/billing/sandbox/generate-tenant.ts';
import { startSandbox } from '../../src/billing/sandbox/server.ts';
import type { Tenant } from '../../src/billing/sandbox/tenant.ts';
import { parseTenantSpec } from '../../src/billing/sandbox/tenant-spec.ts';
import type { WindowPolicy } from '../../src/domain/sync/window.ts';
import type { Owner } from '../../src/store/runs.ts';
import { openTestDatabase, type TestDatabase } from './database.ts';

/** A Temporal without schedules. */
export const NO_SCHEDULES: Schedules = {
  ensure: async (wanted) =>
    wanted.map(({ id, definition: { kind, workflow }, entity, org, notNeeded }) => ({
      id,
      kind,
      entity,
      org,
      workflow,
      ...(notNeeded === null
        ? { action: 'created', note: 'It was made.' }
        : { action: 'not-needed', note: notNeeded }),
    })),
  standing: async () => null,
  pause: async () => 'absent',
  resume: async () => false,
  note: async () => 'absent',
};

/** A Temporal without loops of Instant On. */
export const NO_LOOPS: Loops = {
  start: async () => ({ outcome: 'started' }),
  pause: async () => ({ became: 'absent', underWay: false }),
  resume: async () => false,
};

/** The clock of the sandbox and of the worker alike. */
export const NOW = Date.parse('2025-08-01T12:00:00Z');

/** A database, the sandbox behind HTTP, and activities that a worker would run between the two. */
export interface ActivityGround {
  readonly database: TestDatabase;
  readonly activities: Activities;
  /** What they work with. */
  readonly deps: Dependencies;
  /** What another worker would run: it keeps nothing of what this one knows. */
  anotherWorker(): Activities;
  /** Calls of Billing so far, by method of the port. */
  readonly calls: ReadonlyMap<string, number>;
  /** What the next calls go through; a test replaces parts of it. */
  readonly world: World;
  /** Changes the tenant or breaks the sandbox, as `POST /__sandbox/<what>` does. */
  sandbox(what: 'changes' | 'faults', body: object): Promise<void>;
  close(): Promise<void>;
}

/** What a test may turn. */
export interface World {
  now: number;
  isOver: Dependencies['isOver'];
  schedules: Schedules;
  loops: Loops;
  openPeriod: string | null;
  notify: Dependencies['notify'];
  /** REVSYNC_TENANT_NAME. */
  tenantName: string | null;
  windowPolicy: WindowPolicy;
  stateful: Dependencies['stateful'];
  /** Stands between the activities and Billing. */
  billing: (real: Billing) => Billing;
}

/** What lines need; a run over fewer objects is a faster one. */
const NEEDED = [
  'Account',
  'AccountingCode',
  'Product',
  'ProductRatePlan',
  'ProductRatePlanCharge',
  'Subscription',
  'RatePlan',
  'RatePlanCharge',
  'ChargeContractualValueAllCharges',
  'Invoice',
  'InvoiceItem',
];

/** A generated tenant that has only the objects that lines are formed from. */
export function smallTenant(spec = 'items=40,seed=7'): Tenant {
  return { ...generateTenant(parseTenantSpec(spec)), objects: NEEDED };
}

export async function openActivityGround(tenant: string | Tenant = smallTenant()): Promise<ActivityGround> {
  const world: World = {
    now: NOW,
    isOver: async () => false,
    schedules: NO_SCHEDULES,
    loops: NO_LOOPS,
    openPeriod: null,
    notify: async () => false,
    tenantName: 'Demo Inc.',
    windowPolicy: { lagSeconds: 0, overlapSeconds: 300, lookBackDays: 35, lookBackEveryHours: 168 },
    stateful: null,
    billing: (real) => real,
  };
  const database = await openTestDatabase();
  const sandbox = await startSandbox({
    tenant: typeof tenant === 'string' ? generateTenant(parseTenantSpec(tenant)) : tenant,
    report: () => undefined,
    jobDelay: 0,
    now: () => world.now,
  });
  const real = connectBilling({
    baseUrl: sandbox.url,
    clientId: 'sandbox',
    clientSecret: 'sandbox',
    exportFormat: 'csv',
  });
  const calls = new Map<string, number>();
  const deps: Dependencies = {
    pool: database.pool,
    db: database.db,
    billing: (entityId, trackId) =>
      world.billing(counted(real.forEntity(entityId).withTrackId(trackId), calls)),
    aqua: { exportQuery, headerTarget },
    dataQuery,
    get stateful() {
      return world.stateful;
    },
    get tenant() {
      return { tenant: 'demo', tenantName: world.tenantName };
    },
    windowPolicy: async () => world.windowPolicy,
    get openPeriod() {
      return world.openPeriod;
    },
    get schedules() {
      return world.schedules;
    },
    get loops() {
      return world.loops;
    },
    isOver: (owner) => world.isOver(owner),
    notify: (notice) => world.notify(notice),
    now: () => world.now,
  };
  return {
    database,
    activities: createActivities(deps),
    deps,
    anotherWorker: () => createActivities(deps),
    calls,
    world,
    async sandbox(what, body) {
      const reply = await fetch(new URL(`/__sandbox/${what}`, sandbox.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!reply.ok) throw new Error(await reply.text());
    },
    async close() {
      await real.close();
      await sandbox.stop();
      await database.close();
    },
  };
}

/** The same Billing, with its calls counted by name. */
function counted(billing: Billing, calls: Map<string, number>): Billing {
  return new Proxy(billing, {
    get(target, name: keyof Billing) {
      calls.set(name, (calls.get(name) ?? 0) + 1);
      return target[name];
    },
  });
}

/** Failures are what many tests are about; nobody has to read them. */
const QUIET = new DefaultLogger('ERROR', () => undefined);

/** Runs one activity, by its name. */
export type Run = <Name extends keyof Activities>(
  name: Name,
  ...args: Parameters<Activities[Name]>
) => Promise<Awaited<ReturnType<Activities[Name]>>>;

/** Runs activities for a workflow run, on one attempt, as the worker does. */
export function runFor({ activities }: Pick<ActivityGround, 'activities'>, owner: Owner, attempt = 1): Run {
  return <Name extends keyof Activities>(name: Name, ...args: Parameters<Activities[Name]>) => {
    type Result = Awaited<ReturnType<Activities[Name]>>;
    const activity = activities[name] as (...values: unknown[]) => Promise<unknown>;
    const work = () => activity(...args) as Promise<Result>;
    return inActivity<Result>(work, { workflowExecution: owner, attempt });
  };
}

/** Does the work in an activity's context; its failures come out as Temporal's. */
export async function inActivity<Result>(
  work: () => Promise<Result>,
  info: Partial<Info> = {},
): Promise<Result> {
  const environment = new MockActivityEnvironment(info, {
    interceptors: [() => ({ inbound: failureInterceptor })],
    logger: QUIET,
  });
  return environment.run<[], Result, typeof work>(work);
}

let owners = 0;

/** A workflow that no other test is. */
export function newOwner(workflowId = 'revenue-sync/demo'): Owner {
  owners += 1;
  return { workflowId, runId: `run-${owners}` };
}

/** Waits for the export as Temporal does, by trying again. */
export async function exported(
  ground: ActivityGround,
  owner: Owner,
  opened: OpenedRun,
  again = false,
): Promise<ExportedFile[]> {
  const run = runFor(ground, owner);
  const { jobId } = await run('submitExport', { ...opened, again });
  return whenReady(() => run('awaitExport', { ...opened, jobId }));
}

/** Tries again while Billing is not ready, as Temporal does. */
export async function whenReady<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if ((error as ApplicationFailure).type !== 'EXPORT_RUNNING') throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  throw new Error('the export never ended');
}

/** Reads what the export lacks; answers what came of each side. */
export async function sidesRead(
  ground: ActivityGround,
  owner: Owner,
  opened: OpenedRun,
): Promise<Record<string, string>> {
  const run = runFor(ground, owner);
  const { sides = [] } = await run('submitExport', { ...opened, again: false });
  const notes: Record<string, string> = {};
  for (const side of sides) {
    const read = () => whenReady(() => run('readSide', opened, side));
    // As the workflow does: asked again where Billing could not run a query.
    notes[side] = await read().catch((error: ApplicationFailure) => {
      if (error.type !== 'EXPORT_FAILED') throw error;
      return read();
    });
  }
  return notes;
}

/** Opens a run and brings it to where its balance can be proven, as the workflow does. */
export async function extractedAndTransformed(
  ground: ActivityGround,
  owner: Owner = newOwner(),
  request: OpenRunRequest = {},
): Promise<OpenedRun> {
  const run = runFor(ground, owner);
  const opened = await run('openSyncRun', request);
  const files = await exported(ground, owner, opened);
  const first = (file: ExportedFile): number => Number(file.object !== 'Account');
  for (const file of files.toSorted((a, b) => first(a) - first(b))) await run('loadFile', opened, file);
  await sidesRead(ground, owner, opened);
  await transformAll(ground, owner, opened);
  return opened;
}

export async function transformAll(ground: ActivityGround, owner: Owner, opened: OpenedRun): Promise<void> {
  const run = runFor(ground, owner);
  for (const type of await run('templateTypes', { entity: opened.entity }))
    await run('transform', opened, type);
}

/** A whole run. */
export async function synced(
  ground: ActivityGround,
  owner: Owner = newOwner(),
  request: OpenRunRequest = {},
): Promise<OpenedRun & { finished: FinishedRun }> {
  const opened = await extractedAndTransformed(ground, owner, request);
  return { ...opened, finished: await runFor(ground, owner)('finishRun', opened) };
}

/** The failure an activity ends with; an activity that does well fails the test. */
export async function failureOf(work: Promise<unknown>): Promise<ApplicationFailure> {
  const failure = await work.then(
    () => null,
    (error: unknown) => error as ApplicationFailure,
  );
  if (failure === null) throw new Error('the activity did well');
  return failure;
}
