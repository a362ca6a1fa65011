import { closeSync, openSync, writeSync } from 'node:fs';

import { csvLine } from './csv-write.ts';
import { type ExportPlan } from './export-plan.ts';
import { canonicalInstant, pacificText } from './instants.ts';
import { type Row } from './tenant.ts';
import { type RowTest } from './zoql-filter.ts';

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
}

export interface ExportFile {
  /** Writes the row when the query asks for it. */
  offer(row: Row): void;
  /** Closes the file; answers how many rows it holds. */
  close(): number;
}

const CHUNK = 256 * 1024;
const SHUFFLED = 500;

/** Writes rows to a file on disk as they come; holds no more than one chunk of text. */
export function openExportFile(options: FileOptions): ExportFile {
  const { plan, test } = options;
  const file = openSync(options.path, 'wx', 0o600);
  let pending = [csvLine(headersOf(plan))];
  let size = 0;
  let rows = 0;
  const held: string[] = [];

  const write = (line: string): void => {
    pending.push(line);
    size += line.length;
    if (size >= CHUNK) flush();
  };
  const flush = (): void => {
    // A write to a file may take less than it was given.
    let bytes = Buffer.from(pending.join(''), 'utf8');
    while (bytes.length > 0) bytes = bytes.subarray(writeSync(file, bytes));
    pending = [];
    size = 0;
  };
  const shuffled = (line: string): void => {
    held.push(line);
    if (held.length < SHUFFLED) return;
    // The newest of a block first: any order will do, if it is not the tenant's.
    for (const one of held.splice(0).toReversed()) write(one);
  };

  return {
    offer(row) {
      const deleted = row['Deleted'] === 'true';
      if ((deleted && plan.deleted === null) || !test(row)) return;
      const line = lineOf(row, deleted, options);
      const copies = options.duplicate && rows === 0 ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        rows += 1;
        if (options.shuffle) shuffled(line);
        else write(line);
      }
    },
    close() {
      for (const line of held.toReversed()) write(line);
      flush();
      closeSync(file);
      return rows;
    },
  };
}

function headersOf({ columns, deleted }: ExportPlan): string[] {
  return [...columns.map(({ header }) => header), ...(deleted === null ? [] : [deleted.header])];
}

function lineOf(row: Row, deleted: boolean, { plan, dateTimeUtc, nullReplacement }: FileOptions): string {
  const cells: (string | null | undefined)[] = [];
  for (const { field, instant } of plan.columns) {
    const cell = row[field];
    cells.push(instant && !dateTimeUtc && cell ? pacificText(canonicalInstant(cell) ?? cell) : cell);
  }
  if (plan.deleted !== null) cells.push(deletedText(deleted, plan.deleted.numeric));
  return csvLine(cells, nullReplacement);
}

function deletedText(deleted: boolean, numeric: boolean): string {
  if (numeric) return deleted ? '1' : '0';
  return String(deleted);
}
