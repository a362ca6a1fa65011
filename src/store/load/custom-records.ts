import type pg from 'pg';

import { type BillingObject, defineObject } from '../../domain/catalogue/define-object.ts';
import { invariant } from '../../domain/errors.ts';
import type { LoadCounts } from './extract-checkpoint.ts';
import type { LandedColumn } from './landing.ts';
import { loadObject, type LoadRequest } from './load-object.ts';
import { CUSTOM_RECORDS } from './target.ts';
import { unreadableFile } from './unreadable.ts';

export interface CustomRecordsRequest extends Pick<
  LoadRequest,
  'run' | 'entity' | 'org' | 'files' | 'recordCount' | 'onBytes'
> {
  /** As Data Query names it: `default__project__c`. */
  readonly table: string;
}

/**
 * Brings records of a custom object into `prestaging.custom_record`, as `loadObject` does for the objects of the
 * catalogue: CSV with `id`, `updateddate` and any other columns, which are kept as text by name, nulls
 * left out. The object's name is the table's.
 */
export async function loadCustomRecords(pool: pg.Pool, request: CustomRecordsRequest): Promise<LoadCounts> {
  const object = customObject(request.table);
  return loadObject(pool, {
    ...request,
    object,
    source: 'data-query',
    destiny: { kind: 'reference' },
    readHeader: (cells) => readHeader(object, cells),
  });
}

/** A custom object, as the load knows objects: for deletions told of it, too. */
export function customObject(table: string): BillingObject {
  invariant(/^[a-z][a-z0-9_]*$/.test(table), 'a table of Data Query has lower-case letters and digits');
  const fields = { Id: 'text', UpdatedDate: 'datetime' } as const;
  return { ...defineObject({ name: table, kind: 'transaction', fields }), table: CUSTOM_RECORDS };
}

function readHeader({ name }: BillingObject, cells: readonly string[]): LandedColumn[] {
  const columns = cells.map((cell) => cell.trim().toLowerCase());
  if (new Set(columns).size < columns.length) throw unreadableFile(name, 'has a column twice');
  if (!columns.includes('id')) throw unreadableFile(name, 'lacks id');
  return columns.map((column) => {
    if (column === 'id') return { kind: 'field', field: 'Id' };
    if (column === 'updateddate') return { kind: 'field', field: 'UpdatedDate' };
    return column === 'deleted' ? { kind: 'deleted' } : { kind: 'custom', field: column };
  });
}
