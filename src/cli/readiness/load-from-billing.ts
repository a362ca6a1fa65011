import { randomUUID } from 'node:crypto';

import { readHeader } from '../../../activities/read-header.ts';
import { exportQuery } from '../../billing/aqua/export-query.ts';
import { headerTarget } from '../../billing/aqua/header.ts';
import type { Billing, ExportFile } from '../../billing/port.ts';
import { objectOf } from '../../domain/catalogue/catalogue.ts';
import { RevsyncError } from '../../domain/errors.ts';
import { syncWindow, type WindowPolicy } from '../../domain/sync/window.ts';
import type { Report } from '../../servers/report.ts';
import { destinyOf } from '../../store/balance/destiny.ts';
import { ensureHistoryMonth } from '../../store/load/history-month.ts';
import { loadObject } from '../../store/load/load-object.ts';
import { closeReadinessRun, openReadinessRun } from '../../store/readiness/readiness-run.ts';
import { type OpenRun, readMark } from '../../store/runs.ts';
import type { KnownEntity } from '../../store/tenancy.ts';
import type { OpenDatabase } from '../database.ts';
import { fewAtATime } from '../doctor/asking.ts';
import { awaitExport } from './await-export.ts';
import { loadPrices, PRICES } from './load-prices.ts';
import { submitExport } from './submit-export.ts';

const LOADS_AT_ONCE = 2;
/** Billing tells its time in whole seconds, so it may be that much further than it says. */
const A_SECOND = 1_000;

export interface Loading {
  readonly database: OpenDatabase;
  /** In the name of the entity. */
  readonly billing: Billing;
  readonly policy: WindowPolicy;
  readonly entity: Pick<KnownEntity, 'entity' | 'org'>;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/**
 * Brings what a sync would extract of an entity into pre-staging, and nothing else: no mark moves, no line is formed, and
 * the run it needs is never completed (design 9 (29)). Deleted rows that only a comparison would find stay: the next sync
 * finds those, and counts them.
 *
 * @throws RevsyncError `RUN_REFUSED`, `READINESS_OVERTAKEN` when a sync started meanwhile, and what exports and loads throw
 */
export async function loadFromBilling(loading: Loading): Promise<void> {
  const { database, billing, policy, entity, report } = loading;
  const { db } = database;
  await ensureHistoryMonth(db);
  const now = Math.min(Date.now(), (await billing.serverTime()) + A_SECOND);
  const window = syncWindow(await readMark(db, entity.entity), now, policy);
  const run = await openReadinessRun(db, { ...entity, window, caller: randomUUID() });
  try {
    report(`Readiness reads ${entity.entity} from Billing; no mark moves.`);
    await loadExport(loading, run);
  } catch (error) {
    throw error instanceof RevsyncError && error.code === 'RUN_IS_OVER'
      ? overtaken(entity.entity, error)
      : error;
  } finally {
    await closeReadinessRun(db, run.run);
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
  const { database, billing, report, signal } = loading;
  const { job, objects } = await submitExport(database.db, billing, run);
  const files = await awaitExport(billing, job, { report, signal });
  await fewAtATime(LOADS_AT_ONCE, files, (file) => loadFile(loading, run, file));
  if (!objects.includes(PRICES)) await loadPrices({ database, billing, run, report, signal });
}

async function loadFile(
  { database, billing, report, signal }: Loading,
  { run, entity, org }: OpenRun,
  file: ExportFile,
): Promise<void> {
  const object = objectOf(file.name);
  const { extracted, changed } = await loadObject(database.pool, {
    run,
    entity,
    org,
    object,
    destiny: destinyOf(object),
    files: file.fileIds.map((id) => ({ id, open: () => billing.openFile(id, signal) })),
    recordCount: file.recordCount,
    readHeader: (cells) => readHeader({ exportQuery, headerTarget }, object, cells),
    onBytes: () => undefined,
  });
  report(`  ${file.name}: ${extracted} rows, ${changed} of them new`);
}
