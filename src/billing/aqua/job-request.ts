import { invariant } from '../../domain/errors.ts';
import type { ExportJob, StatefulMode } from '../port.ts';
import { incrementalTime } from './incremental-time.ts';

export type ExportFormat = 'gzip' | 'zip' | 'csv';

const MAX_QUERIES = 50;
const MAX_NAME = 32;

/** The body of `POST /v1/batch-query/` (wire.md 2.2); without partner and project Billing works stateless. */
export function exportRequest(job: ExportJob, format: ExportFormat, host: string) {
  const { queries, stateful = null } = job;
  invariant(queries.length > 0 && queries.length <= MAX_QUERIES, 'a job has 1 to 50 queries');
  return {
    format,
    version: '1.1',
    name: job.name.slice(0, MAX_NAME),
    encrypted: 'none',
    useQueryLabels: true,
    dateTimeUtc: true,
    ...(stateful === null ? {} : sessionOf(stateful, host)),
    queries: queries.map(({ name, query, deletedColumn }) => ({
      name,
      query,
      type: 'zoqlexport',
      ...(deletedColumn === undefined ? {} : { deleted: deletedOf(deletedColumn, stateful === null) }),
    })),
  };
}

function sessionOf({ partner, project, since }: StatefulMode, host: string) {
  // With one of them blank, Billing would silently work stateless.
  invariant(partner.trim() !== '' && project.trim() !== '', 'a stateful job has a partner and a project');
  return { partner, project, ...(since === null ? {} : { incrementalTime: incrementalTime(since, host) }) };
}

/**
 * Stateless jobs have the column only when it is forced: that is how Zuora's page on extracting deleted data in
 * AQuA queries has it, and why error 90012 speaks of none.
 */
function deletedOf(column: string, forced: boolean) {
  return { column, format: 'Boolean', ...(forced ? { forceExport: true } : {}) };
}
