import type { Billing, ExportFile } from '../../src/billing/port.ts';
import { objectOf } from '../../src/domain/catalogue/catalogue.ts';
import { RevsyncError } from '../../src/domain/errors.ts';
import { syncWindow, type WindowPolicy } from '../../src/domain/sync/window.ts';
import { destinyOf } from '../../src/store/balance/destiny.ts';
import { ensureHistoryMonth } from '../../src/store/load/history-month.ts';
import { loadObject } from '../../src/store/load/load-object.ts';
import { closeReadinessRun, openReadinessRun } from '../../src/store/readiness/readiness-run.ts';
import { type OpenRun, readMark } from '../../src/store/runs.ts';
import type { KnownEntity } from '../../src/store/tenancy.ts';
import { fewAtATime } from '../few-at-a-time.ts';
import { readHeader } from '../read-header.ts';
import { awaitExport, type Patient } from './await-export.ts';
import { loadPrices, PRICES } from './load-prices.ts';
import type { Means } from './means.ts';
import { submitExport } from './submit-export.ts';

const LOADS_AT_ONCE = 2;
/** Billing tells its time in whole seconds, so it may be that much further than it says. */
const A_SECOND = 1_000;

export interface Loading extends Patient {
  readonly means: Means;
  /** In the name of the entity. */
  readonly billing: Billing;
  readonly policy: WindowPolicy;
  readonly entity: Pick<KnownEntity, 'entity' | 'org'>;
  /** Who reads: it tells this load from others. */
  readonly caller: string;
}

/**
 * Brings what a sync would extract of an entity into pre-staging, and nothing else: no mark moves, no line is formed, and
 * the run it needs is never completed (design 9 (29)). Deleted rows that only a comparison would find stay: the next sync
 * finds those, and counts them.
 *
 * @throws RevsyncError `RUN_REFUSED`, `READINESS_OVERTAKEN` when a sync started meanwhile, and what exports and loads throw
 */
export async function loadFromBilling(loading: Loading): Promise<void> {
  const { means, billing, policy, entity, report, caller } = loading;
  const { db } = means;
  await ensureHistoryMonth(db);
  const now = Math.min(means.now(), (await billing.serverTime()) + A_SECOND);
  const window = syncWindow(await readMark(db, entity.entity), now, policy);
  const run = await openReadinessRun(db, { ...entity, window, caller });
  let read: 'wholly' | 'in part' = 'in part';
  try {
    report(`Readiness reads ${entity.entity} from Billing; no mark moves.`);
    await loadExport(loading, run);
    read = 'wholly';
  } catch (error) {
    throw error instanceof RevsyncError && error.code === 'RUN_IS_OVER'
      ? overtaken(entity.entity, error)
      : error;
  } finally {
    await closeReadinessRun(db, run.run, read);
  }
}

/** The sync takes up what was read so far, and its own remedy speaks to a sync. */
function overtaken(entity: string, cause: RevsyncError): RevsyncError {
  return new RevsyncError(`A sync of ${entity} started while readiness read from Billing, and goes first.`, {
    code: 'READINESS_OVERTAKEN',
    fate: 'retry',
    remedy: 'Run readiness again after the sync.',
    context: { entity },
    cause,
  });
}

async function loadExport(loading: Loading, run: OpenRun): Promise<void> {
  const { means, billing, report, signal } = loading;
  const { job, objects } = await submitExport(means, billing, run);
  const files = await awaitExport(billing, job, { report, signal });
  await fewAtATime(LOADS_AT_ONCE, files, (file) => loadFile(loading, run, file));
  if (!objects.includes(PRICES)) await loadPrices({ means, billing, run, report, signal });
}

async function loadFile(
  { means, billing, report, signal }: Loading,
  { run, entity, org }: OpenRun,
  file: ExportFile,
): Promise<void> {
  signal.throwIfAborted();
  const object = objectOf(file.name);
  const { extracted, changed } = await loadObject(means.pool, {
    run,
    entity,
    org,
    object,
    destiny: destinyOf(object),
    files: file.fileIds.map((id) => ({ id, open: () => billing.openFile(id, signal) })),
    recordCount: file.recordCount,
    readHeader: (cells) => readHeader(means.aqua, object, cells),
    onBytes: () => undefined,
  });
  report(`  ${file.name}: ${extracted} rows, ${changed} of them new`);
}
