import { CATALOGUE, objectOf } from '../../src/domain/catalogue/catalogue.ts';
import { markDeleted } from '../../src/store/load/tombstones.ts';
import { knownDeletes, planSideJobs, rememberSideJob, sideJobs } from '../../src/store/sides.ts';
import { askAnew, requireWhole, settleQueries } from './data-query-jobs.ts';
import { bytesInto, type Reading, type Told } from './reading.ts';

/**
 * Deleted rows of the objects whose export cannot tell them (wire.md 2.2, fact 6): Data Query has those of the
 * last 30 days, whatever their UpdatedDate. State objects need no telling: they are read whole.
 */
export async function readDeletes(reading: Reading): Promise<Told> {
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
  const broken = failed.filter(({ absent }) => !absent);
  if (broken.length > 0) await askAnew(reading, broken);

  const jobs = await sideJobs(db, opened.run, side);
  requireWhole(jobs);
  let deleted = 0;
  for (const { part, object, job, rows, loaded } of jobs) {
    if (rows === null || loaded) continue;
    const id = job ?? '';
    const { changed } = await markDeleted(pool, {
      ...opened,
      object: objectOf(object),
      files: [{ id, open: () => billing.openDataQueryFile(id, signal) }],
      recordCount: rows,
      onBytes: bytesInto(reading, object),
    });
    deleted += Number(changed);
    await rememberSideJob(db, opened.run, side, part, { loaded: true });
  }
  const silent = jobs.filter(({ rows }) => rows === null).map(({ object }) => object);
  const unknown = silent.length === 0 ? '' : `; nothing can be learnt of ${silent.join(', ')}`;
  return { note: `${deleted} rows were deleted${unknown}` };
}
