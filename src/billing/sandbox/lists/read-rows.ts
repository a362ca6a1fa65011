import { passesOf } from '../export-pass.ts';
import { type Call, type Services } from '../routes.ts';
import { type Row } from '../tenant.ts';
import { type RowTest } from '../zoql-filter.ts';

export type ReadRows = (object: string, test?: RowTest) => Promise<Row[]>;

/** Rows of a call's entity that are not deleted, of this moment, in memory: for what is small. */
export function rowReader({ tenant, changes, workshop }: Services, { scope }: Call): ReadRows {
  const pass = passesOf(tenant, scope, changes.freeze(), () => !workshop.stopping.aborted);
  return async (object, test = () => true) => {
    const rows: Row[] = [];
    await pass([object], (_, row) => {
      if (row['Deleted'] !== 'true' && test(row)) rows.push(row);
    });
    return rows;
  };
}

export interface CodeName {
  readonly name: string | null;
  readonly type: string | null;
}

/** Name and type of accounting codes by id, as `financeInformation` has them. */
export async function accountingCodes(read: ReadRows): Promise<(id: string | null | undefined) => CodeName> {
  const rows = await read('AccountingCode');
  const names = new Map(
    rows.map((row) => [row['Id'], { name: row['Name'] ?? null, type: row['Type'] ?? null }]),
  );
  return (id) => names.get(id ?? '') ?? { name: null, type: null };
}
