import { type Row } from '../tenant.ts';
import { type Compiled, type Lookup, type Scope } from './compiled.ts';
import { SqlError } from './sql-error.ts';
import { timestampOfCell } from './sql-times.ts';
import { type ColumnName, type Select, type SqlType } from './sql-tree.ts';
import { type Table } from './tables.ts';

export interface SourceScope extends Scope<Row> {
  /** Whether the column `deleted` was named. */
  namesDeleted(): boolean;
}

/** Names mean the columns of a table; all have besides `deleted`, which neither `*` nor `DESCRIBE` tells. */
export function sourceScope(
  table: Table | null,
  alias: string,
  lookup: (select: Select) => Lookup,
): SourceScope {
  let deleted = false;
  const columns = new Map(table?.columns.map((column) => [column.name, column]));
  return {
    lookup,
    namesDeleted: () => deleted,
    column(asked) {
      if (asked.table !== null && asked.table !== alias) throw unresolved(asked);
      const column = columns.get(asked.name);
      if (column !== undefined) return cellOf(column.field, column.type);
      if (asked.name !== 'deleted' || table === null) throw unresolved(asked);
      deleted = true;
      return { type: 'boolean', of: (row) => String(row['Deleted'] === 'true') };
    },
  };
}

function unresolved({ table, name, place }: ColumnName): SqlError {
  const full = table === null ? name : `${table}.${name}`;
  return new SqlError(`Column '${full}' cannot be resolved`, place);
}

function cellOf(field: string, type: SqlType): Compiled<Row> {
  const read = READ[type];
  return {
    type,
    of: (row) => {
      const cell = row[field];
      return cell === undefined || cell === null ? null : read(cell);
    },
  };
}

const asItIs = (cell: string): string => cell;

const READ: Readonly<Record<SqlType, (cell: string) => string>> = {
  varchar: asItIs,
  unknown: asItIs,
  bigint: asItIs,
  'decimal(22,9)': asItIs,
  boolean: (cell) => cell.toLowerCase(),
  date: (cell) => cell.slice(0, 10),
  'timestamp with time zone': timestampOfCell,
};
