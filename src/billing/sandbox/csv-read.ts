export interface CsvRecord {
  /** The line on which the record begins; the first is 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** What is wrong with a CSV file, and where. */
export class CsvError extends Error {
  override readonly name = 'CsvError';
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

const LONGEST_CELL = 1_000_000;

/**
 * Reads CSV (RFC 4180, UTF-8 with or without mark, any line ends) record by record, whatever the
 * chunks. Empty lines are left out. Throws `CsvError` for quotes that do not match.
 */
export async function* readCsv(chunks: AsyncIterable<Buffer>): AsyncGenerator<CsvRecord> {
  // Takes a byte order mark away by itself.
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const reader = startReader();
  const decoded = (chunk?: Buffer): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw new CsvError('the text is not UTF-8', reader.line());
    }
  };
  for await (const chunk of chunks) yield* reader.take(decoded(chunk));
  yield* reader.take(decoded());
  yield* reader.end();
}

type Place = 'cell-start' | 'plain' | 'quoted' | 'quote-seen';

function startReader(): {
  take(text: string): Generator<CsvRecord>;
  end(): Generator<CsvRecord>;
  line(): number;
} {
  let place: Place = 'cell-start';
  let cell = '';
  let cells: string[] = [];
  let line = 1;
  let first = 1;

  const closeCell = (): void => {
    if (cell.length > LONGEST_CELL)
      throw new CsvError(`a cell is longer than ${LONGEST_CELL} characters`, first);
    cells.push(cell);
    cell = '';
    place = 'cell-start';
  };
  const closeRecord = (): CsvRecord | null => {
    const blank = cells.length === 0 && cell === '' && place === 'cell-start';
    closeCell();
    const record = { line: first, cells };
    cells = [];
    return blank ? null : record;
  };

  function* take(text: string): Generator<CsvRecord> {
    for (const character of text) {
      if (place === 'quoted') {
        if (character === '"') place = 'quote-seen';
        else cell += character;
        if (character === '\n') line += 1;
      } else if (character === '"' && place === 'quote-seen') {
        cell += '"';
        place = 'quoted';
      } else if (character === '"' && place === 'cell-start') {
        place = 'quoted';
      } else if (character === ',') {
        closeCell();
      } else if (character === '\n') {
        if (cell.endsWith('\r') && place === 'plain') cell = cell.slice(0, -1);
        if (cell === '' && cells.length === 0 && place === 'plain') place = 'cell-start';
        const record = closeRecord();
        line += 1;
        first = line;
        if (record !== null) yield record;
      } else if (place === 'quote-seen') {
        if (character !== '\r') throw new CsvError('text follows a closing quote', line);
      } else if (character === '"') {
        throw new CsvError('a quote stands inside an unquoted cell', line);
      } else {
        cell += character;
        place = 'plain';
      }
    }
  }

  function* end(): Generator<CsvRecord> {
    if (place === 'quoted') throw new CsvError('a quote is never closed', first);
    if (cell.endsWith('\r') && place === 'plain') cell = cell.slice(0, -1);
    const record = cells.length > 0 || cell !== '' || place === 'quote-seen' ? closeRecord() : null;
    if (record !== null) yield record;
  }

  return { take, end, line: () => line };
}
