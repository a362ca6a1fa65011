import { type Activities, createActivities } from '../../activities/activities.ts';
import type { Dependencies } from '../../activities/dependencies.ts';
import { exportQuery } from '../../src/billing/aqua/export-query.ts';
import { headerTarget } from '../../src/billing/aqua/header.ts';
import * as dataQuery from '../../src/billing/data-query/queries.ts';
import type { Billing } from '../../src/billing/port.ts';
import { connectBilling } from '../../src/billing/rest/billing.ts';
import type { Timeouts } from '../../src/billing/rest/wire.ts';
import type { Fault } from '../../src/billing/sandbox/fault-kinds.ts';
import { generateTenant } from '../../src/billing/sandbox/generate-tenant.ts';
import { startSandbox } from '../../src/billing/sandbox/server.ts';
import type { Tenant } from '../../src/billing/sandbox/tenant.ts';
import { parseTenantSpec } from '../../src/billing/sandbox/tenant-spec.ts';
import { type Balance, readBalance } from '../../src/store/balance/read-balance.ts';
import { type Digest, digest } from '../../src/store/digest.ts';
import { NO_LOOPS, NO_SCHEDULES, NOW } from '../support/activities.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

const MINUTE = 60_000;

/** What lines need, and nothing else: a run over fewer objects is a faster one. */
const OBJECTS = new Set([
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
]);

/** As `POST /__sandbox/faults` takes it. */
export type FaultRequest = Pick<Fault, 'kind'> & Partial<Omit<Fault, 'kind' | 'id'>>;

export interface SceneOptions {
  /** Of the generated tenant. */
  readonly spec?: string;
  /** Another one, with all that it has. */
  readonly tenant?: Tenant;
  readonly schedules?: Dependencies['schedules'];
  readonly loops?: Dependencies['loops'];
  /** Without it every owner is over. */
  readonly isOver?: Dependencies['isOver'];
  /** How long the adapter waits for Billing. */
  readonly timeouts?: Partial<Timeouts>;
  readonly exportFormat?: 'gzip' | 'zip' | 'csv';
  readonly stateful?: Dependencies['stateful'];
}

/** What runs leave behind, but for their names. */
export interface Left {
  readonly digest: Digest['tables'];
  /** Of each completed run. */
  readonly balances: readonly Omit<Balance, 'run'>[];
}

/** A tenant behind a sandbox of its own, and a database of its own. */
export interface Scene {
  readonly tenant: Tenant;
  readonly database: TestDatabase;
  readonly activities: Activities;
  /** Calls of the port so far, by method. */
  readonly calls: ReadonlyMap<string, number>;
  /** Stands between the activities and Billing; a test puts its own here. */
  billing: (real: Billing) => Billing;
  /** Lets the clock of Billing and worker go on. */
  pass(minutes: number): void;
  /** When it is, as Billing writes it, so many minutes from now. */
  time(minutes: number): string;
  fault(...faults: readonly FaultRequest[]): Promise<void>;
  /** Faults that have not struck as often as they should; lasting ones are not among them. */
  pending(): Promise<readonly string[]>;
  /** Takes faults away: those of a kind, or all. */
  unfault(kind?: Fault['kind']): Promise<void>;
  change(object: string, change: object): Promise<void>;
  /** Limits the credentials to entities, by id or name; null: no longer. */
  grant(entities: readonly string[] | null): Promise<void>;
  left(): Promise<Left>;
  close(): Promise<void>;
}

export async function openScene(options: SceneOptions): Promise<Scene> {
  const world = { now: NOW };
  const now = (): number => world.now;
  const tenant = options.tenant ?? tenantOf(options.spec ?? 'items=40,seed=7');
  const database = await openTestDatabase();
  const sandbox = await startSandbox({ tenant, report: () => undefined, jobDelay: 0, now });
  const { timeouts, exportFormat = 'csv' } = options;
  const credentials = { clientId: 'sandbox', clientSecret: 'sandbox' };
  const real = connectBilling({ baseUrl: sandbox.url, ...credentials, timeouts, exportFormat, now });
  const calls = new Map<string, number>();
  const tell = tellAt(sandbox.url);

  const scene: Scene = {
    tenant,
    database,
    calls,
    activities: createActivities({
      pool: database.pool,
      db: database.db,
      billing: (entityId, trackId) =>
        counted(scene.billing(real.forEntity(entityId).withTrackId(trackId)), calls),
      aqua: { exportQuery, headerTarget },
      dataQuery,
      stateful: options.stateful ?? null,
      tenant: { tenant: 'demo', tenantName: 'Demo Inc.' },
      windowPolicy: async () => POLICY,
      openPeriod: null,
      notify: async () => false,
      schedules: options.schedules ?? NO_SCHEDULES,
      loops: options.loops ?? NO_LOOPS,
      isOver: options.isOver ?? (async () => true),
      now,
    }),
    billing: (port) => port,
    pass: (minutes) => void (world.now += minutes * MINUTE),
    time: (minutes) => new Date(world.now + minutes * MINUTE).toISOString(),
    async fault(...faults) {
      for (const fault of faults) await tell('POST', 'faults', fault);
    },
    async pending() {
      const { pending } = (await tell('GET', 'faults')) as { pending: readonly Fault[] };
      return pending
        .filter(({ times }) => typeof times === 'number')
        .map(({ kind, match, times }) => `${kind} ${match} ${times}`);
    },
    unfault: async (kind) => void (await tell('DELETE', kind === undefined ? 'faults' : `faults/${kind}`)),
    change: async (object, change) => void (await tell('POST', 'changes', { object, ...change })),
    grant: async (entities) => void (await tell('POST', 'access', { entities })),
    left: () => leftIn(database),
    async close() {
      await real.close();
      await sandbox.stop();
      await database.close();
    },
  };
  return scene;
}

const POLICY = { lagSeconds: 0, overlapSeconds: 300, lookBackDays: 35, lookBackEveryHours: 168 };

function tenantOf(spec: string): Tenant {
  const whole = generateTenant(parseTenantSpec(spec));
  return { ...whole, objects: whole.objects.filter((object) => OBJECTS.has(object)) };
}

function tellAt(url: string): (method: string, path: string, body?: object) => Promise<unknown> {
  return async (method, path, body) => {
    const reply = await fetch(new URL(`/__sandbox/${path}`, url), {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!reply.ok) throw new Error(`the sandbox refused ${path}: ${await reply.text()}`);
    return reply.json();
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

async function leftIn({ db }: TestDatabase): Promise<Left> {
  const runs = await db
    .selectFrom('control.run')
    .select('run')
    .where('state', '=', 'completed')
    .orderBy('run')
    .execute();
  const balances = await Promise.all(
    runs.map(async ({ run }) => {
      const balance = await readBalance(db, run);
      if (balance === undefined) throw new Error(`run ${run} has no balance`);
      const { run: _run, ...rest } = balance;
      return rest;
    }),
  );
  return { digest: (await digest(db)).tables, balances };
}
