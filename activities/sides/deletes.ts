import { CATALOGUE, objectOf } from '../../src/domain/catalogue/catalogue.ts';
import { markDeleted } from '../../src/store/load/tombstones.ts';
import { knownDeletes, planSideJobs, rememberSideJob, sideJobs } from '../../src/store/sides.ts';
import { askAnew, saysAbsent, settleQueries } from './data-query-jobs.ts';
import { bytesInto, type Reading } from './reading.ts';

/**
 * Deleted rows of the objects whose export cannot tell them (wire.md 2.2, fact 6): Data Query has those of the
 * last 30 days, whatever their UpdatedDate. State objects need no telling: they are read whole.
 */
export async function readDeletes(reading: Reading): Promise<string> {
  const { deps, billing, opened, side, signal } = reading;
  const { db, pool } = deps;
  const known = await knownDeletes(db, opened.entity);
  const untold = CATALOGUE.filter(({ name, kind }) => kind === 'transaction' && known.get(name) === false);
  await planSideJobs(
    db,
    opened,
    side,
    untold.map(({ name }) => ({ part: name, object: name, query: deps.dataQuery.idsQuery(name) })),
  );
  const failed = await settleQueries(reading);
  const [broken] = failed.filter(({ reason }) => !saysAbsent(reason));
  if (broken !== undefined) await askAnew(reading, broken);

  const absent = new Set(failed.map(({ job }) => job.part));
  let deleted = 0;
  for (const { part, object, job, rows, loaded } of await sideJobs(db, opened.run, side)) {
    if (absent.has(part) || loaded) continue;
    const id = job ?? '';
    const { changed } = await markDeleted(pool, {
      ...opened,
      object: objectOf(object),
      files: [{ id, open: () => billing.openDataQueryFile(id, signal) }],
      recordCount: rows ?? '0',
      onBytes: bytesInto(reading, object),
    });
    deleted += Number(changed);
    await rememberSideJob(db, opened.run, side, part, { loaded: true });
  }
  const silent = absent.size === 0 ? '' : `; nothing can be learnt of ${[...absent].join(', ')}`;
  return `${deleted} rows were deleted${silent}`;
}
