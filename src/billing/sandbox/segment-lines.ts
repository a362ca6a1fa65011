import { closeSync, openSync, writeSync } from 'node:fs';

const CHUNK = 256 * 1024;

export interface Lines {
  /** Where they are written: one file, or its segments. */
  readonly paths: readonly string[];
  write(line: string): void;
  /** Also when it is closed already. */
  close(): void;
}

/**
 * Writes lines under a header to the disk as they come, in as many files as segments of so many lines need;
 * holds no more than one chunk of text.
 */
export function openLines(path: string, header: string, segmentRows: number): Lines {
  const paths = [path];
  let file = openSync(path, 'wx', 0o600);
  let pending = [header];
  let size = 0;
  let rows = 0;
  let isOpen = true;

  const flush = (): void => {
    // A write to a file may take less than it was given.
    let bytes = Buffer.from(pending.join(''), 'utf8');
    while (bytes.length > 0) bytes = bytes.subarray(writeSync(file, bytes));
    pending = [];
    size = 0;
  };
  const nextSegment = (): void => {
    flush();
    closeSync(file);
    const next = `${path}.${paths.length + 1}`;
    paths.push(next);
    file = openSync(next, 'wx', 0o600);
    pending = [header];
    rows = 0;
  };
  return {
    paths,
    write(line) {
      if (rows >= segmentRows) nextSegment();
      rows += 1;
      pending.push(line);
      size += line.length;
      if (size >= CHUNK) flush();
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      flush();
      closeSync(file);
    },
  };
}
