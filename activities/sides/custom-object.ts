import { customTable } from '../../src/domain/sync/side.ts';
import { loadCustomRecords } from '../../src/store/load/custom-records.ts';
import { planSideJobs, sideJobs } from '../../src/store/sides.ts';
import { askAnew, saysAbsent, settleQueries } from './data-query-jobs.ts';
import { bytesInto, type Reading } from './reading.ts';

/** Records of a custom object that a template maps, by Data Query since the side's own mark. */
export async function readCustomObject(reading: Reading): Promise<string> {
  const { deps, billing, opened, side, span, signal } = reading;
  const table = customTable(side);
  const query = deps.dataQuery.customObjectQuery(table, span);
  await planSideJobs(deps.db, opened, side, [{ part: 'rows', object: table, query }]);
  const [failed] = await settleQueries(reading);
  if (failed !== undefined) {
    if (saysAbsent(failed.reason)) return `Billing has no ${table} for these credentials: ${failed.reason}`;
    await askAnew(reading, failed);
  }
  const [job] = await sideJobs(deps.db, opened.run, side);
  const id = job?.job ?? '';
  const { extracted, changed } = await loadCustomRecords(deps.pool, {
    ...opened,
    table,
    files: [{ id, open: () => billing.openDataQueryFile(id, signal) }],
    recordCount: job?.rows ?? '0',
    onBytes: bytesInto(reading, table),
  });
  return `${extracted} records, ${changed} of them new`;
}
