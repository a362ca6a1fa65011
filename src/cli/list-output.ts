import { type Output, table } from './output.ts';

/** How a list looks to a person. */
export interface ListLook<Row> {
  readonly header: readonly string[];
  readonly cells: (row: Row) => readonly string[];
  /** A sentence for a list without rows. */
  readonly empty: string;
  readonly idOf: (row: Row) => string;
}

/** Hands out rows in order, at most `limit`. */
export type Source<Row> = (
  limit: number | undefined,
  take: (rows: readonly Row[]) => Promise<void>,
) => Promise<void>;

/** What a terminal shows unless `--limit` says otherwise. */
const SHOWN = 100;

/**
 * Prints a list: all rows as one JSON array, written as they come; or a table, cut where nobody would
 * read on, with the way to the rest.
 */
export async function printList<Row>(
  output: Output,
  source: Source<Row>,
  look: ListLook<Row>,
  limit?: number,
): Promise<void> {
  if (output.json) return printArray(source, limit);
  const rows: Row[] = [];
  await source(limit ?? SHOWN + 1, async (batch) => void rows.push(...batch));
  const more = limit === undefined && rows.length > SHOWN;
  const shown = more ? rows.slice(0, SHOWN) : rows;
  output.result(shown, shown.length === 0 ? look.empty : table(look.header, shown.map(look.cells)));
  const last = shown.at(-1);
  if (more && last !== undefined) {
    output.report(`There are more: go on with --after '${look.idOf(last)}', or use --json for all of them.`);
  }
}

/** One JSON array, a row a line: the whole need not fit in memory here, and any line can be read alone there. */
async function printArray<Row>(source: Source<Row>, limit: number | undefined): Promise<void> {
  let started = false;
  // Without a listener, a reader that closes the pipe would end the process before anything is closed.
  process.stdout.on('error', () => undefined);
  try {
    await source(limit, async (rows) => {
      if (rows.length === 0) return;
      const items = rows.map((row) => JSON.stringify(row));
      await write(`${started ? ',\n' : '[\n'}${items.join(',\n')}`);
      started = true;
    });
    await write(started ? '\n]\n' : '[]\n');
  } catch (error) {
    if (!isClosedPipe(error)) throw error;
  }
}

/** Waits until the reader has taken it. */
function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** A reader that has seen enough (`| head`) is no failure. */
const isClosedPipe = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'EPIPE';

/** Text that fits into a column. */
export function clipped(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
