import type { ExportFile } from '../../src/billing/port.ts';
import { objectOf } from '../../src/domain/catalogue/catalogue.ts';
import { markVanished } from '../../src/store/load/vanished.ts';
import { exportedObjects } from '../../src/store/runs.ts';
import {
  forgetSideJob,
  planSideJobs,
  rememberSideJob,
  type SideJob,
  sideJobs,
} from '../../src/store/sides.ts';
import { exportFailed } from '../export-failed.ts';
import { stillRunning } from '../export.ts';
import { readHeader } from '../read-header.ts';
import { bytesInto, type Reading, type Told } from './reading.ts';

/**
 * The keys of everything, asked for after the export: what pre-staging has and Billing no longer shows vanished
 * without a tombstone (deleted longer ago than Billing remembers, or purged).
 */
export async function readKeys(reading: Reading): Promise<Told> {
  const { deps, billing, opened, side, signal } = reading;
  const { db, pool } = deps;
  const objects = (await exportedObjects(db, opened.run)).filter(isKeyedById);
  await planSideJobs(
    db,
    opened,
    side,
    objects.map((name) => ({ part: name, object: name, query: `select Id from ${name}` })),
  );
  const jobs = await sideJobs(db, opened.run, side);
  const files = await exported(reading, jobs);
  let vanished = 0;
  let back = 0;
  for (const { part, object, loaded } of jobs) {
    const file = files.get(object);
    if (loaded || file === undefined) continue;
    const { changed, returned } = await markVanished(pool, {
      ...opened,
      object: objectOf(object),
      files: file.fileIds.map((id) => ({ id, open: () => billing.openFile(id, signal) })),
      recordCount: file.recordCount,
      readHeader: (cells) => readHeader(deps.aqua, objectOf(object), cells),
      onBytes: bytesInto(reading, object),
    });
    vanished += Number(changed);
    back += Number(returned);
    await rememberSideJob(db, opened.run, side, part, { loaded: true });
  }
  const returns = back === 0 ? '' : `, ${back} are there again`;
  return { note: `${vanished} rows have vanished from ${objects.length} objects${returns}` };
}

/** What has no id of its own has nothing that Billing could list. */
function isKeyedById(name: string): boolean {
  const { key } = objectOf(name);
  return key.length === 1 && key[0] === 'Id';
}

/** The files of the one job that lists all keys, by object. Asked for once, however often this is tried. */
async function exported(
  { deps, billing, opened, side }: Reading,
  jobs: readonly SideJob[],
): Promise<ReadonlyMap<string, ExportFile>> {
  const [first] = jobs;
  if (first === undefined) return new Map();
  const queries = jobs.map(({ object, query }) => ({ name: object, query }));
  const job = first.job ?? (await billing.submitExport({ name: `revsync-${opened.run}-keys`, queries }));
  if (first.job === null) {
    // The first part stands for all of them: one job serves every object.
    await rememberSideJob(deps.db, opened.run, side, first.part, { job });
  }
  const status = await billing.exportStatus(job);
  if (status.state === 'running') throw stillRunning('The export of keys');
  if (status.state === 'completed') return new Map(status.files.map((file) => [file.name, file]));
  await forgetSideJob(deps.db, opened.run, side, first.part);
  throw exportFailed(job, status.reason);
}
