import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

import { RevsyncError, reasonOf } from '../../domain/errors.ts';

/** A header longer than this is no header. */
const LONGEST_HEADER = 1024 * 1024;

const NEWLINE = 10;
const QUOTE = 34;

/** Where the first record ends: the first line break outside quotes, or -1. */
function endOfRecord(bytes: Buffer): number {
  let quoted = false;
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === QUOTE) quoted = !quoted;
    else if (bytes[at] === NEWLINE && !quoted) return at;
  }
  return -1;
}

/** `a,"b ""c"""` -> `a`, `b "c"`. */
function cellsOf(record: string): string[] {
  const cells = record.replace(/\r$/, '').matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return [...cells].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}

/**
 * Reads the header of a CSV stream and leaves the rest to be read on. Nothing but the header ever
 * becomes a JavaScript value. A result without rows may end with its header, or be empty: then there are no cells.
 *
 * @throws RevsyncError `BILLING_FILE_BROKEN` when the first line grows too long for a header
 */
export async function takeHeader(file: Readable): Promise<{ cells: string[]; rest: AsyncIterable<Buffer> }> {
  const chunks = file[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head = Buffer.alloc(0);
  for (;;) {
    const end = endOfRecord(head);
    if (end >= 0) {
      return { cells: headerCells(head.subarray(0, end)), rest: followedBy(head.subarray(end + 1), chunks) };
    }
    const next = await chunks.next();
    if (head.length > LONGEST_HEADER) throw brokenFile('it has no header line');
    if (next.done === true) return { cells: headerCells(head), rest: followedBy(Buffer.alloc(0), chunks) };
    head = Buffer.concat([head, next.value]);
  }
}

function headerCells(record: Buffer): string[] {
  const text = record.toString('utf8').replace(/^\uFEFF/, '');
  return text.trim() === '' ? [] : cellsOf(text);
}

async function* followedBy(first: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
}

/**
 * Streams the rows of a CSV file into `table (columns)`. An empty cell is null, quoted or not.
 *
 * @param onBytes called with the number of bytes of each chunk, so that a caller can report progress
 * @throws RevsyncError `BILLING_FILE_BROKEN` when PostgreSQL cannot read the rows as CSV of that width
 */
export async function copyRows(
  client: pg.ClientBase,
  target: { table: string; columns: readonly string[] },
  rows: AsyncIterable<Buffer>,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const columns = target.columns.map((column) => `"${column}"`).join(', ');
  const sink = client.query(
    copyFrom(`copy ${target.table} (${columns}) from stdin (format csv, force_null (${columns}))`),
  );
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  try {
    await pipeline(rows, meter, sink);
  } catch (error) {
    // Classes 22 and 54: the data, not the connection, is at fault.
    const state = (error as { code?: unknown }).code;
    if (typeof state === 'string' && /^(22|54)/.test(state)) throw brokenFile(reasonOf(error), error);
    throw error;
  }
}

function brokenFile(why: string, cause?: unknown): RevsyncError {
  return new RevsyncError(`A file from Billing cannot be read: ${why}.`, {
    code: 'BILLING_FILE_BROKEN',
    fate: 'retry',
    remedy: 'The export is asked for again; if it stays broken, send the file to Zuora Support.',
    cause,
  });
}
