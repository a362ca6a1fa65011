import { customTable } from '../../src/domain/sync/side.ts';
import { loadCustomRecords } from '../../src/store/load/custom-records.ts';
import { planSideJobs, sideJobs } from '../../src/store/sides.ts';
import { askAnew, requireWhole, settleQueries } from './data-query-jobs.ts';
import { bytesInto, type Reading, type Told } from './reading.ts';

/** Records of a custom object that a template maps, by Data Query since the side's own mark. */
export async function readCustomObject(reading: Reading): Promise<Told> {
  const { deps, billing, opened, side, span, signal } = reading;
  const table = customTable(side);
  const query = deps.dataQuery.customObjectQuery(table, span);
  await planSideJobs(deps.db, opened, side, [{ part: 'rows', object: table, query }]);
  const failed = await settleQueries(reading);
  const [first] = failed;
  if (first?.absent === true) {
    return { note: `Billing has no ${table} for these credentials: ${first.reason}`, absent: true };
  }
  if (failed.length > 0) await askAnew(reading, failed);
  const jobs = await sideJobs(deps.db, opened.run, side);
  requireWhole(jobs);
  const [job] = jobs;
  const id = job?.job ?? '';
  const { extracted, changed } = await loadCustomRecords(deps.pool, {
    ...opened,
    table,
    files: [{ id, open: () => billing.openDataQueryFile(id, signal) }],
    recordCount: job?.rows ?? '0',
    onBytes: bytesInto(reading, table),
  });
  return { note: `${extracted} records, ${changed} of them new` };
}
