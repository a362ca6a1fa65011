import { RevsyncError } from '../../domain/errors.ts';
import { type Answering } from './answer-call.ts';
import { createAqua } from './aqua-routes.ts';
import { createChanges } from './changes.ts';
import { grantedEntities } from './control-routes.ts';
import { enabling } from './enabling.ts';
import { createFaults } from './faults.ts';
import { createOAuth } from './oauth.ts';
import { routesOf } from './routes.ts';
import { type Tenant } from './tenant.ts';
import { DEFAULT_LIMITS, type Limits, createTraffic } from './traffic.ts';
import { type Workshop } from './workshop.ts';

export interface SandboxOptions {
  readonly tenant: Tenant;
  /** 0, the default: any free port. */
  readonly port?: number;
  /** Only this machine unless told otherwise: the credentials are known to all. */
  readonly host?: string;
  readonly report: (line: string) => void;
  /** Milliseconds that an export job takes at least. */
  readonly jobDelay?: number;
  /** Rows of a file of a full load in AQuA's stateful mode; what is more comes in segments. */
  readonly segmentRows?: number;
  /** Partner ids that are granted for the stateful mode. */
  readonly partners?: readonly string[];
  /** Entities that the credentials are good for, by id or name; all when left out. */
  readonly entities?: readonly string[];
  /** Calls of one entity within a minute and at the same time. */
  readonly limits?: Partial<Limits>;
  /** The clock, in milliseconds; for tests. */
  readonly now?: () => number;
  /** The most rows of a data query's result; for tests. */
  readonly dataQueryRows?: number;
}

/** Fixed by Zuora (wire.md 2.2, fact 10). */
const SEGMENT_ROWS = 500_000;

/** Everything behind the server; `stop` waits for the jobs. Throws `SANDBOX_ENTITY_UNKNOWN`. */
export function createServices(
  options: SandboxOptions,
  folder: string,
  stopping: AbortSignal,
): { readonly answering: Answering; stop(): Promise<void> } {
  const { report, now = Date.now, limits, segmentRows = SEGMENT_ROWS } = options;
  const { tenant, enableSettlement } = enabling(options.tenant);
  const { partners = ['sandbox'] } = options;
  const workshop: Workshop = {
    folder,
    jobDelay: options.jobDelay ?? 300,
    now,
    stopping,
    files: new Map(),
    running: new Set(),
    dataQueryRows: options.dataQueryRows ?? 500_000,
  };
  const faults = createFaults();
  const changes = createChanges(tenant, now);
  const oauth = createOAuth(allowedEntities(options), now);
  const aqua = createAqua({ ...workshop, tenant, faults, segmentRows, partners }, changes);
  const routes = routesOf({ tenant, enableSettlement, oauth, aqua, changes, faults, workshop });
  const traffic = createTraffic({ ...DEFAULT_LIMITS, ...limits }, now);
  const objectsOf = (path: string): readonly string[] => {
    const file = /^\/v1\/files?\/([^/]+)$/.exec(path)?.[1];
    const object = file === undefined ? undefined : workshop.files.get(file)?.object;
    return object === undefined ? [] : [object];
  };
  return {
    answering: { routes, oauth, faults, tenant, report, traffic, objectsOf },
    async stop() {
      aqua.stop();
      await Promise.all(workshop.running);
    },
  };
}

function allowedEntities({ tenant, entities }: SandboxOptions): readonly string[] {
  const allowed = grantedEntities(tenant, entities ?? null);
  if (allowed !== null) return allowed;
  const names = tenant.entities.map(({ name }) => name).join(', ') || 'none: it has no Multi-entity';
  throw new RevsyncError(`The credentials cannot be limited to ${entities?.join(', ') ?? ''}`, {
    code: 'SANDBOX_ENTITY_UNKNOWN',
    fate: 'fix-input',
    remedy: `Name entities of the sandbox's tenant (${names}).`,
  });
}
