import { RevsyncError, reasonOf } from '../../domain/errors.ts';
import { CsvError } from './csv-read.ts';

/** A mistake in a data file, with the place and what to do. */
export function dataError(path: string, line: number, wrong: string, remedy: string): RevsyncError {
  return new RevsyncError(`${path}, line ${line}: ${wrong}`, {
    code: 'SANDBOX_DATA_INVALID',
    fate: 'fix-input',
    remedy,
    context: { line },
  });
}

/** What went wrong with a file or folder; our own errors pass through. */
export function pathError(path: string, error: unknown): unknown {
  if (error instanceof RevsyncError) return error;
  if (error instanceof CsvError) {
    return dataError(path, error.line, error.message, 'Write the file as CSV (RFC 4180) in UTF-8.');
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [wrong, remedy] = REASONS[code] ?? [reasonOf(error), 'Make it readable.'];
  return new RevsyncError(`${path} ${wrong}`, {
    code: 'SANDBOX_DATA_INVALID',
    fate: 'fix-input',
    remedy,
    cause: error,
  });
}

const REASONS: Readonly<Record<string, readonly [wrong: string, remedy: string]>> = {
  ENOENT: ['does not exist', 'Name an existing folder with --data.'],
  ENOTDIR: ['is not a folder', 'Name the folder that holds the CSV files with --data.'],
  EISDIR: ['is a folder, not a file', 'Remove it or put a CSV file in its place.'],
  EACCES: ['may not be read', 'Give the user who runs this the right to read it.'],
};
