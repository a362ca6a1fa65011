import type { Readable } from 'node:stream';

import { sql } from 'kysely';
import type pg from 'pg';

import type { BillingObject } from '../../domain/catalogue/define-object.ts';
import { RevsyncError } from '../../domain/errors.ts';
import type { Db } from '../database.ts';
import { copyRows, takeHeader } from './copy-file.ts';
import { cellColumn, createLanding, type LandedColumn, type Landing, landingOf } from './landing.ts';
import { unreadableFile } from './unreadable.ts';

/** A file of Billing's. `id` names it in the checkpoint; it may be opened more than once. */
export interface SourceFile {
  readonly id: string;
  readonly open: () => Promise<Readable>;
}

export interface LandRequest {
  readonly object: BillingObject;
  /** Segments or slices of one whole: each has a header of its own, with the same columns in any order. */
  readonly files: readonly SourceFile[];
  /** Rows that Billing says the files hold together. */
  readonly recordCount: string;
  /** What a header cell means; throws when the file lacks a column it was asked for. */
  readonly readHeader: (cells: readonly string[]) => readonly LandedColumn[];
  /** Called with the size of each chunk; bytes that are read again count again. */
  readonly onBytes: (bytes: number) => void;
}

/** A file that breaks off is opened this often before the load gives up. */
const OPENINGS = 3;

/**
 * Streams the files, one after the other, into the table `landing`. A file that breaks off is read again
 * alone: what the files before it brought stays.
 *
 * @throws RevsyncError `BILLING_UNREACHABLE` when a file breaks off each time; `BILLING_FILE_UNREADABLE` when a
 *   file has other columns than the first; `RECORD_COUNT_MISMATCH` when the rows of all files together
 *   differ from Billing's count (wire.md 2.2, fact 13)
 */
export async function landFiles(db: Db, client: pg.ClientBase, request: LandRequest): Promise<Landing> {
  let header: readonly LandedColumn[] | null = null;
  for (const file of request.files) header = await landFile(db, client, request, file, header);
  const landing = landingOf(request.object, header ?? keysOnly(request.object));
  if (header === null) await createLanding(landing).execute(db);
  await requireCount(db, request);
  return landing;
}

/** Nothing at all is no rows, of whatever columns. */
const keysOnly = ({ key }: BillingObject): LandedColumn[] => key.map((field) => ({ kind: 'field', field }));

async function landFile(
  db: Db,
  client: pg.ClientBase,
  request: LandRequest,
  file: SourceFile,
  before: readonly LandedColumn[] | null,
): Promise<readonly LandedColumn[] | null> {
  await sql`savepoint file`.execute(db);
  for (let opening = 1; ; opening += 1) {
    try {
      const header = await copyFile(db, client, request, file, before);
      await sql`release savepoint file`.execute(db);
      return header;
    } catch (error) {
      if (opening === OPENINGS || !isBrokenOff(error)) throw error;
      await sql`rollback to savepoint file`.execute(db);
      if (before !== null) await numberOn(db);
    }
  }
}

/** Answers the columns as the landing has them: those of the first file that is not empty. */
async function copyFile(
  db: Db,
  client: pg.ClientBase,
  request: LandRequest,
  file: SourceFile,
  before: readonly LandedColumn[] | null,
): Promise<readonly LandedColumn[] | null> {
  const stream = await file.open();
  try {
    const { cells, rest } = await takeHeader(stream);
    if (cells.length === 0) return before;
    const header = request.readHeader(cells);
    if (before === null) await createLanding(landingOf(request.object, header)).execute(db);
    const landed = before ?? header;
    const columns = columnsIn(landed, header, request.object);
    await copyRows(client, { table: 'landing', columns }, rest, request.onBytes);
    return landed;
  } finally {
    stream.destroy();
  }
}

const isBrokenOff = (error: unknown): boolean =>
  error instanceof RevsyncError && error.code === 'BILLING_UNREACHABLE';

/** Sequences do not roll back: without this the rows would be numbered past their place in the files. */
async function numberOn(db: Db): Promise<void> {
  await sql`select setval(pg_get_serial_sequence('landing', 'file_row'), coalesce(max(file_row), 0) + 1, false)
    from landing`.execute(db);
}

/** The landing's column of each cell of a file's header. */
function columnsIn(
  landed: readonly LandedColumn[],
  header: readonly LandedColumn[],
  { name }: BillingObject,
): string[] {
  const places = new Map(named(landed).map((each, index) => [each, cellColumn(index)]));
  const own = named(header);
  const lacking = [...places.keys()].filter((each) => !own.includes(each));
  const besides = own.filter((each) => !places.has(each));
  if (lacking.length + besides.length > 0) {
    const differences = [
      ...(lacking.length > 0 ? [`lacks ${lacking.join(', ')}`] : []),
      ...(besides.length > 0 ? [`has ${besides.join(', ')} besides`] : []),
    ];
    throw unreadableFile(name, `has other columns than the file before it: it ${differences.join(' and ')}`);
  }
  return own.flatMap((each) => places.get(each) ?? []);
}

/** A name for each column, the same wherever it stands; twins are numbered. */
function named(header: readonly LandedColumn[]): string[] {
  const seen = new Map<string, number>();
  return header.map((column) => {
    const name = 'field' in column ? column.field : `${column.kind} column`;
    const twin = (seen.get(name) ?? 0) + 1;
    seen.set(name, twin);
    return twin === 1 ? name : `${name} (${twin})`;
  });
}

async function requireCount(db: Db, { object, files, recordCount }: LandRequest): Promise<void> {
  const { rows } = await sql<{ count: string }>`select count(*) as count from landing`.execute(db);
  const landed = rows[0]?.count ?? '0';
  if (landed === recordCount) return;
  const what =
    files.length === 1
      ? `The file of ${object.name} holds`
      : `The ${files.length} files of ${object.name} hold`;
  throw new RevsyncError(`${what} ${landed} rows, but Billing counted ${recordCount}.`, {
    code: 'RECORD_COUNT_MISMATCH',
    fate: 'retry',
    remedy: 'Nothing of the file was kept; the export is asked for again.',
    context: { object: object.name, file: filesText(files) },
  });
}

/** The files as the checkpoint names them. */
export const filesText = (files: readonly SourceFile[]): string => files.map(({ id }) => id).join(' ');
