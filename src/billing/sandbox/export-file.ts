import { csvLine } from './csv-write.ts';
import { eachRow } from './each-row.ts';
import { type ExportPlan } from './export-plan.ts';
import { canonicalInstant, pacificText } from './instants.ts';
import { sortRows } from './row-sorter.ts';
import { type Lines, openLines } from './segment-lines.ts';
import { type Row } from './tenant.ts';
import { type RowTest, cellOrder } from './zoql-filter.ts';

export interface FileOptions {
  readonly path: string;
  readonly plan: ExportPlan;
  /** The plan's conditions with the related objects looked up. */
  readonly test: RowTest;
  readonly dateTimeUtc: boolean;
  readonly nullReplacement: string;
  /** A fault: the first row is written twice. */
  readonly duplicate: boolean;
  /** A fault: rows come in another order. */
  readonly shuffle: boolean;
  /** A full load of the stateful mode contains no deleted rows, whatever its deleted column. */
  readonly withoutDeleted?: boolean;
  /** What more than this many rows do not fit in goes on in further files, each with its header. */
  readonly segmentRows?: number;
}

export interface ExportFile {
  /** Writes the row when the query asks for it. */
  offer(row: Row): void;
  /** Whether no further row can be asked for: the limit of the query is reached. */
  readonly full: boolean;
  /** Closes the file; answers how many rows it holds. */
  close(): number;
  /** The same, with pauses where rows still have to be put in order. */
  finish(): Promise<number>;
  /** Lets go of what is not finished. */
  drop(): void;
  /** Where it was written: one file, or its segments. */
  readonly paths: readonly string[];
}

/** Writes rows to a file on disk as they come. */
export function openExportFile(options: FileOptions): ExportFile {
  const { plan, test, path, withoutDeleted = false, segmentRows = Number.POSITIVE_INFINITY } = options;
  const { order } = plan;
  const limit = plan.limit ?? Number.POSITIVE_INFINITY;
  const lines = openLines(path, csvLine(headersOf(plan)), segmentRows);
  const output = options.shuffle ? shuffled(lines) : lines;
  const sorter = order === null ? null : sortRows(path, orderOf(order));
  let asked = 0;
  let rows = 0;

  const write = (line: string): void => {
    if (asked >= limit) return;
    const copies = options.duplicate && asked === 0 ? 2 : 1;
    asked += 1;
    rows += copies;
    for (let copy = 0; copy < copies; copy += 1) output.write(line);
  };
  const close = (): number => {
    for (const line of sorter?.sorted() ?? []) write(line);
    output.close();
    return rows;
  };
  return {
    paths: lines.paths,
    get full() {
      return sorter === null && asked >= limit;
    },
    offer(row) {
      const deleted = row['Deleted'] === 'true';
      if ((deleted && (plan.deleted === null || withoutDeleted)) || !test(row)) return;
      const line = lineOf(row, deleted, options);
      if (sorter === null || order === null) write(line);
      else sorter.add(row[order.field] ?? null, line);
    },
    close,
    async finish() {
      if (sorter !== null) await eachRow(sorter.sorted(), write);
      return close();
    },
    drop: () => lines.close(),
  };
}

const SHUFFLED = 500;

/** The newest of a block first: any order will do, if it is not the tenant's. */
function shuffled(lines: Lines): Pick<Lines, 'write' | 'close'> {
  const held: string[] = [];
  const flush = (): void => {
    for (const line of held.splice(0).toReversed()) lines.write(line);
  };
  return {
    write(line) {
      held.push(line);
      if (held.length >= SHUFFLED) flush();
    },
    close() {
      flush();
      lines.close();
    },
  };
}

function orderOf({ type, descending }: NonNullable<ExportPlan['order']>): ReturnType<typeof cellOrder> {
  const compare = cellOrder(type);
  return descending ? (one, other) => compare(other, one) : compare;
}

/** The deleted column comes first, as in Zuora's own example. */
function headersOf({ columns, deleted }: ExportPlan): string[] {
  return [...(deleted === null ? [] : [deleted.header]), ...columns.map(({ header }) => header)];
}

function lineOf(row: Row, deleted: boolean, { plan, dateTimeUtc, nullReplacement }: FileOptions): string {
  const cells: (string | null | undefined)[] = [];
  if (plan.deleted !== null) cells.push(deletedText(deleted, plan.deleted.numeric));
  for (const { field, instant } of plan.columns) {
    const cell = row[field];
    cells.push(instant && !dateTimeUtc && cell ? pacificText(canonicalInstant(cell) ?? cell) : cell);
  }
  return csvLine(cells, nullReplacement);
}

function deletedText(deleted: boolean, numeric: boolean): string {
  if (numeric) return deleted ? '1' : '0';
  return String(deleted);
}
